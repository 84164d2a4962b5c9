import { assertEquals } from "@std/assert";
import { makeTopology } from "../topology.ts";
import { bridgeArguments } from "./_open_vswitch.ts";

Deno.test("bridgeArguments() makes each switch with its number and ports", () => {
  const topology = makeTopology({
    name: "pair",
    nodes: ["a", "b"],
    links: [{ source: 0, target: 1 }],
  });
  const commands = bridgeArguments(topology, "unix:/c.sock").join(" ")
    .split(/ ?-- /).slice(1);
  const ofSwitch = (s: string) => [
    `add-br ${s}`,
    `set bridge ${s} datapath_type=netdev fail_mode=secure protocols=OpenFlow13 other_config:datapath-id=000000000000000${
      s[1]
    } other_config:disable-in-band=true`,
    `add-port ${s} ${s}-eth1`,
    `set interface ${s}-eth1 ofport_request=1`,
    `set port ${s}-eth1 qos=@speeds`,
    `add-port ${s} ${s}-eth2`,
    `set interface ${s}-eth2 ofport_request=2`,
    `set port ${s}-eth2 qos=@speeds`,
    `set-controller ${s} unix:/c.sock`,
    `set controller ${s} max_backoff=1000`,
  ];
  assertEquals(commands, [
    "--id=@speeds create qos type=linux-noop",
    ...ofSwitch("s1"),
    ...ofSwitch("s2"),
  ]);
});
