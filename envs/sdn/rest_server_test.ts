import { assertEquals, assertThrows } from "@std/assert";
import { emulatedSwitches } from "./emulated_switches.ts";
import { emulatorSettings } from "./emulator_options.ts";
import { FluidEmulator } from "./fluid_emulator.ts";
import { serveRest } from "./rest_server.ts";

Deno.test("serveRest() answers, and says where another program listens", async () => {
  const network = emulatedSwitches(new FluidEmulator(emulatorSettings()));
  const server = serveRest(network, { port: 0 });
  const { port } = server.addr;
  const answer = await fetch(`http://127.0.0.1:${port}/stats/switches`);
  assertEquals((await answer.json()).length, 7);
  assertThrows(
    () => serveRest(network, { port }),
    Error,
    `Cannot listen on 127.0.0.1:${port}: another program does`,
  );
  await server.shutdown();
});
