import { assertEquals } from "@std/assert";
import { makeTopology } from "../topology.ts";
import { cableCommands, hostCommands, speedCommands } from "./_cabling.ts";

const topology = makeTopology({
  name: "pair",
  nodes: ["a", "b"],
  links: [{ source: 0, target: 1, capacity: 10 }],
});

Deno.test("cableCommands() lays a cable for each link and each host", () => {
  assertEquals(cableCommands(topology, (name) => `ns-${name}`), [
    "link add s1-eth1 type veth peer name s2-eth1",
    "link add s1-eth2 type veth peer name eth0 netns ns-h1",
    "link add s2-eth2 type veth peer name eth0 netns ns-h2",
    "link set s1-eth1 address 02:01:00:00:10:01 addrgenmode none",
    "link set s1-eth1 up",
    "link set s1-eth2 address 02:01:00:00:10:02 addrgenmode none",
    "link set s1-eth2 up",
    "link set s2-eth1 address 02:01:00:00:20:01 addrgenmode none",
    "link set s2-eth1 up",
    "link set s2-eth2 address 02:01:00:00:20:02 addrgenmode none",
    "link set s2-eth2 up",
  ]);
});

Deno.test("hostCommands() gives a host its address, and those of the others", () => {
  assertEquals(hostCommands(topology, 1), [
    "link set lo up",
    "link set eth0 address 02:00:00:00:00:02 addrgenmode none",
    "addr add 10.0.0.2/8 dev eth0",
    "link set eth0 up",
    "neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent",
  ]);
});

Deno.test("speedCommands() shapes both ends of links, not those of hosts", () => {
  // 4 ms at 10 Mbit/s are 5000 bytes, and 32 frames of 1514 wait.
  const bucket = "root tbf rate 10000000bit burst 5000 limit 53448";
  assertEquals(speedCommands(topology, 32), [
    `qdisc replace dev s1-eth1 ${bucket}`,
    `qdisc replace dev s2-eth1 ${bucket}`,
  ]);
});
