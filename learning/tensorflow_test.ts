import { assertEquals } from "@std/assert";
import { useBackend } from "./_test_backends.ts";
import * as tf from "./tensorflow.ts";

Deno.test("tensorflow.ts has gradients registered", async () => {
  await useBackend("wasm");
  const slope = tf.tidy(() => tf.grad((x) => tf.square(x))(tf.scalar(3)));
  assertEquals(slope.dataSync()[0], 6);
  slope.dispose();
});
