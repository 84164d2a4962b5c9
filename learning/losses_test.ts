import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { BACKENDS, largestDifference, useBackend } from "./_test_backends.ts";
import { assertAsDifferences, assertAsTorch } from "./_test_losses.ts";
import { TORCH, wave } from "./_torch_values.ts";
import {
  binaryCrossEntropy,
  crossEntropy,
  huber,
  meanSquaredError,
  softCrossEntropy,
} from "./losses.ts";
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

const SHAPE = [4, 3];
const LOGITS = { values: wave(12, 0.4, 4), shape: SHAPE };
const ROWS = { values: wave(12, 1.4), shape: SHAPE };
const LABELS = [2, 0, 1, 1];

/** Rows of values from 1e-3 to 1 that sum to one. */
function softmax(values: Float32Array): Float32Array {
  const shares = Array.from(values, Math.exp);
  return Float32Array.from(shares, (share, i) => {
    const start = i - i % 3;
    return share / (shares[start] + shares[start + 1] + shares[start + 2]);
  });
}

const PROBABILITIES = { values: softmax(wave(12, 2.4, 2)), shape: SHAPE };
const CHANCES = {
  values: wave(12, 3.4, 3).map((x) => 1 / (1 + Math.exp(-x))),
  shape: SHAPE,
};

/** Cross entropies in 64 bits. */
function plainCrossEntropy(
  logits: Float64Array,
  probabilities: ArrayLike<number>,
): number[] {
  return [0, 1, 2, 3].map((row) => {
    const mine = [...logits.subarray(3 * row, 3 * row + 3)];
    const total = Math.log(mine.reduce((sum, x) => sum + Math.exp(x), 0));
    return mine.reduce(
      (sum, x, i) => sum - probabilities[3 * row + i] * (x - total),
      0,
    );
  });
}

const LABEL_ROWS = LABELS.flatMap((label) =>
  [0, 1, 2].map((i) => i === label ? 1 : 0)
);
const withLabels = (logits: tf.Tensor) =>
  crossEntropy(logits, tf.tensor1d(LABELS, "int32"));

Deno.test("losses have PyTorch's values and gradients", async () => {
  const { losses } = TORCH;
  await assertAsTorch(
    meanSquaredError,
    [LOGITS, ROWS],
    losses.meanSquaredError,
  );
  await assertAsTorch(withLabels, [LOGITS], losses.crossEntropy);
  await assertAsTorch(
    softCrossEntropy,
    [LOGITS, PROBABILITIES],
    losses.softCrossEntropy,
  );
  await assertAsTorch(
    binaryCrossEntropy,
    [LOGITS, CHANCES],
    losses.binaryCrossEntropy,
  );
});

Deno.test("losses have the gradients of finite differences", async () => {
  await assertAsDifferences(
    meanSquaredError,
    [LOGITS, ROWS],
    (x, y) =>
      [0, 3, 6, 9].map((start) =>
        [0, 1, 2].reduce(
          (sum, i) => sum + (x[start + i] - y[start + i]) ** 2 / 3,
          0,
        )
      ),
  );
  await assertAsDifferences(
    withLabels,
    [LOGITS],
    (x) => plainCrossEntropy(x, LABEL_ROWS),
  );
  await assertAsDifferences(
    softCrossEntropy,
    [LOGITS, PROBABILITIES],
    plainCrossEntropy,
  );
  await assertAsDifferences(
    binaryCrossEntropy,
    [LOGITS, CHANCES],
    (x, t) =>
      Array.from(
        x,
        (x, i) =>
          t[i] * Math.log1p(Math.exp(-x)) +
          (1 - t[i]) * Math.log1p(Math.exp(x)),
      ),
  );
});

Deno.test("crossEntropy() is the logarithm of the classes for equal logits", async () => {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    tf.tidy(() => {
      for (const type of ["int32", "float32"] as const) {
        const labels = tf.tensor1d([0, 3], type);
        const losses = crossEntropy(tf.fill([2, 5], -70), labels);
        assertLess(
          largestDifference(losses.dataSync(), [Math.log(5), Math.log(5)]),
          1e-5,
        );
      }
      // Excluded classes count for nothing.
      const masked = tf.tensor2d([[1, -1e9, 1]]);
      const { value, grad } = tf.valueAndGrad((x) =>
        tf.sum(crossEntropy(x, tf.tensor1d([2])))
      )(masked);
      assertAlmostEquals(value.dataSync()[0], Math.LN2, 1e-6);
      assertLess(largestDifference(grad.dataSync(), [0.5, 0, -0.5]), 1e-6);
    });
  }
});

Deno.test("binaryCrossEntropy() keeps small losses and large logits", async () => {
  const logits = [-200, -15, 15, 200, 200, -200];
  const targets = [0, 0, 1, 1, 0, 1];
  // As 15 - 15 in 32 bits, the second and third would be 0 or 1e-6.
  const expected = [0, 3.059e-7, 3.059e-7, 0, 200, 200];
  for (const backend of BACKENDS) {
    await useBackend(backend);
    const losses = tf.tidy(() =>
      binaryCrossEntropy(tf.tensor1d(logits), tf.tensor1d(targets)).dataSync()
    );
    expected.forEach((loss, i) =>
      assertAlmostEquals(losses[i], loss, 1e-3 * loss, backend)
    );
  }
});
