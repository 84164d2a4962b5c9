import { assert, assertEquals, assertThrows } from "@std/assert";
import { ControllerEmulator } from "./controller_emulator.ts";

Deno.test("by the wall clock traffic goes on by itself", async () => {
  await using controller = new ControllerEmulator({ port: 0, clock: "wall" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { duration_sec, duration_nsec, tx_bytes } =
    (await (await fetch(`${controller.url}/stats/port/1/1`)).json())["1"][0];
  assert(duration_sec + duration_nsec / 1e9 > 0.04);
  assert(tx_bytes > 0);
});

Deno.test("by the virtual clock time stands still between changes", async () => {
  await using controller = new ControllerEmulator({ port: 0 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await (await fetch(`${controller.url}/stats`)).body?.cancel();
  assertEquals(controller.emulator.uptimeSeconds, 0);
});

Deno.test("a port that is taken is an error that says so", async () => {
  await using controller = new ControllerEmulator({ port: 0 });
  const port = Number(new URL(controller.url).port);
  assertThrows(
    () => new ControllerEmulator({ port }),
    Error,
    `127.0.0.1:${port}: another program does`,
  );
});
