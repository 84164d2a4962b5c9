import { assertEquals } from "@std/assert";
import { pause } from "./pause.ts";

Deno.test("pause() ends with its time", async () => {
  let over = false;
  const waiting = pause(1, new AbortController().signal)
    .then(() => over = true);
  assertEquals(over, false);
  await waiting;
  assertEquals(over, true);
});

Deno.test("pause() ends when its signal is aborted, before or meanwhile", async () => {
  const controller = new AbortController();
  const waiting = pause(1e8, controller.signal);
  controller.abort();
  await waiting;
  await pause(1e8, controller.signal);
});
