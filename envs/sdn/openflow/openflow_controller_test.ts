import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { connectSwitch, type TestSwitch } from "./_test_switch.ts";
import { hex } from "./_test_bytes.ts";
import {
  OpenFlowController,
  type OpenFlowControllerOptions,
} from "./openflow_controller.ts";
import { SwitchError } from "./switch_connection.ts";

function controllerOf(options: OpenFlowControllerOptions = {}) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  return { controller: new OpenFlowController(listener, options), port };
}

Deno.test("switches that connect are known by their numbers, with their ports", async () => {
  const { controller, port } = controllerOf();
  await using _controller = controller;
  await using _second = await connectSwitch(port, { dpid: 2 });
  await using _first = await connectSwitch(port, { dpid: 1 });
  await controller.waitFor([1, 2]);
  assertEquals([...controller.switches.keys()].sort(), [1, 2]);
  const ports = [...controller.switchOf(2).ports.values()];
  assertEquals(
    ports.map(({ name }) => name),
    ["s2", "s2-eth1", "s2-eth2", "s2-eth3"],
  );
});

Deno.test("who speaks no OpenFlow 1.3 is told so, and left", async () => {
  const refused: string[] = [];
  const { controller, port } = controllerOf({
    timeoutMs: 200,
    onRefused: (message) => refused.push(message),
  });
  await using _controller = controller;
  const hello = (bytes: string) => ({
    habit: (_message: Uint8Array, self: TestSwitch) => {
      self.send(hex(bytes));
      return true;
    },
  });
  await using old = await connectSwitch(port, hello("01 00 0008 00000001"));
  await old.ended;
  assertEquals(old.received.at(-1)?.[1], 1, "the last is an error");
  assertStringIncludes(refused[0], "does not speak OpenFlow 1.3");
  await using rude = await connectSwitch(port, hello("04 00 0003 00000001"));
  await rude.ended;
  assertStringIncludes(refused[1], "it says that it has 3 bytes");
  // GET / HTTP/1.1
  await using web = await connectSwitch(
    port,
    hello("474554202f20485454502f312e310d0a"),
  );
  await web.ended;
  assertEquals(refused.length, 3);
  await using silent = await connectSwitch(port, { habit: () => true });
  await silent.ended;
  assertStringIncludes(refused[3], "no hello within 200 ms");
  assertEquals(controller.switches.size, 0);
});

Deno.test("waitFor() names the switches that do not come", async () => {
  const { controller, port } = controllerOf();
  await using _controller = controller;
  await using _one = await connectSwitch(port, { dpid: 1 });
  await assertRejects(
    () => controller.waitFor([1, 2, 3], { timeoutMs: 100 }),
    SwitchError,
    "Cannot wait longer than 100 ms for the switches 2, 3",
  );
});

Deno.test("a switch that goes is told of, and one that comes again is new", async () => {
  const gone: string[] = [];
  const { controller, port } = controllerOf({
    onGone: (datapathId, reason) => gone.push(`${datapathId}: ${reason}`),
  });
  await using _controller = controller;
  {
    await using _first = await connectSwitch(port);
    await controller.waitFor([1]);
  }
  await assertRejects(() => controller.waitFor([2], { timeoutMs: 100 }));
  assertEquals(gone, ["1: it hung up"]);
  await using _again = await connectSwitch(port);
  await controller.waitFor([1]);
  const before = controller.switchOf(1);
  await using _twice = await connectSwitch(port);
  await before.ended;
  await controller.waitFor([1]);
  assertEquals(controller.switchOf(1) === before, false);
  assertEquals(gone.length, 1, "nobody is told of one that is replaced");
});
