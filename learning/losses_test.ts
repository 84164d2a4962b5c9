import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { BACKENDS, largestDifference, useBackend } from "./_test_backends.ts";
import { huber } from "./losses.ts";
import * as tf from "./tensorflow.ts";

const ERRORS = [-30, -2.5, -1.01, -0.99, -0.5, -0.01, 0.02, 0.7, 1.3, 4, 200];

/** Huber's loss as torch defines `smooth_l1_loss`. */
function plainHuber(error: number): number {
  return Math.abs(error) < 1 ? 0.5 * error ** 2 : Math.abs(error) - 0.5;
}

Deno.test("huber() is square within one and linear beyond", async () => {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    const losses = tf.tidy(() => huber(tf.tensor1d(ERRORS)).dataSync());
    ERRORS.forEach((error, i) =>
      assertAlmostEquals(losses[i], plainHuber(error), 1e-5)
    );
    assertEquals(
      tf.tidy(() => huber(tf.tensor2d([[0, 1], [-1, 2]])).arraySync()),
      [[0, 0.5], [0.5, 1.5]],
    );
  }
});

Deno.test("huber() has the gradient of its finite differences", async () => {
  const step = 1e-4;
  const expected = ERRORS.map((error) =>
    (plainHuber(error + step) - plainHuber(error - step)) / (2 * step)
  );
  for (const backend of BACKENDS) {
    await useBackend(backend);
    const gradient = tf.tidy(() =>
      tf.grad((error) => tf.sum(tf.mul(huber(error), 3)))(
        tf.tensor1d(ERRORS),
      ).dataSync()
    );
    const scaled = expected.map((value) => 3 * value);
    assertLess(largestDifference(gradient, scaled), 1e-4, backend);
  }
});

Deno.test("huber() lets gradients through to what the error is made of", async () => {
  await useBackend("wasm");
  const gradient = tf.tidy(() =>
    tf.grad((x) => tf.sum(huber(tf.sub(tf.mul(x, 2), 1))))(
      tf.tensor1d([0.25, 0.75, 5]),
    ).dataSync()
  );
  assertLess(largestDifference(gradient, [-1, 1, 2]), 1e-6);
});
