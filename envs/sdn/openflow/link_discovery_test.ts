import { assertEquals } from "@std/assert";
import { connectSwitch, type Habit, type TestSwitch } from "./_test_switch.ts";
import { hex } from "./_test_bytes.ts";
import { decodeHeader, MESSAGE_TYPES } from "./header.ts";
import { linkDiscovery } from "./link_discovery.ts";
import { OpenFlowController } from "./openflow_controller.ts";

/** A frame as it comes in at a port. */
function packetIn(port: number, frame: Uint8Array): Uint8Array {
  const head = hex(`
    04 0a 0000 00000000 ffffffff 0030 01 00 0000000000000000
    0001 000c 80000004 0000000${port} 00000000 0000
  `);
  const message = new Uint8Array(head.length + frame.length);
  message.set(head);
  message.set(frame, head.length);
  message[3] = message.length;
  return message;
}

Deno.test("probe() finds the cables between switches, both ways", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  await using controller = new OpenFlowController(listener, {
    onPacketIn: (from, packet) => discovery.handle(from, packet),
  });
  const discovery = linkDiscovery(controller.switches);
  // Port 2 of switch 1 leads to port 3 of switch 2; others lead nowhere.
  const cable = new Map([["1:2", "2:3"], ["2:3", "1:2"]]);
  const switches = new Map<string, TestSwitch>();
  let isBroken = false;
  const habitOf = (dpid: number): Habit => (message) => {
    if (decodeHeader(message).type !== MESSAGE_TYPES.packetOut) return false;
    const end = cable.get(`${dpid}:${message[31]}`);
    if (end !== undefined && !isBroken) {
      const [other, number] = end.split(":");
      const frame = message.subarray(40);
      switches.get(other)!.send(packetIn(Number(number), frame));
    }
    return true;
  };
  for (const dpid of [1, 2]) {
    const habit = habitOf(dpid);
    switches.set(`${dpid}`, await connectSwitch(port, { dpid, habit }));
  }
  await using _first = switches.get("1")!;
  await using _second = switches.get("2")!;
  await controller.waitFor([1, 2]);
  const ends = async () =>
    (await discovery.probe(100)).map(({ source, target }) =>
      `${source.datapathId}:${source.port} ${target.datapathId}:${target.port}`
    ).sort();
  assertEquals(await ends(), ["1:2 2:3", "2:3 1:2"]);
  assertEquals(await ends(), ["1:2 2:3", "2:3 1:2"]);
  isBroken = true;
  assertEquals(await ends(), []);
  isBroken = false;
  assertEquals(await ends(), ["1:2 2:3", "2:3 1:2"]);
  // A host that makes frames up finds nothing: their number is not awaited.
  switches.get("2")!.send(packetIn(
    1,
    hex(`
    0180c200000e 024c6f616473 88cc 0209 07 0000000000000001
    0405 07 00000001 0602 0078 fe08 024c53 01 00ffffff 0000
  `),
  ));
  assertEquals(await ends(), ["1:2 2:3", "2:3 1:2"]);
});
