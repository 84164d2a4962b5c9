import { assert, assertAlmostEquals, assertLess } from "@std/assert";
import { BACKENDS, largestDifference, useBackend } from "./_test_backends.ts";
import {
  assertAsDifferences,
  assertAsTorch,
  type Loss,
} from "./_test_losses.ts";
import { TORCH, wave } from "./_torch_values.ts";
import {
  gaussianLogProbability,
  squashedGaussian,
  squashedGaussianLogProbability,
} from "./gaussian.ts";
import * as tf from "./tensorflow.ts";

const VALUES = { values: wave(12, 0.4, 4), shape: [4, 3] };
const MEANS = { values: wave(12, 1.4), shape: [4, 3] };
const LOG_STD = { values: wave(3, 0.8), shape: [3] };
const ROWS_OF_LOG_STD = { values: wave(12, 0.8), shape: [4, 3] };

const gaussian: Loss = (values, mean, logStd) =>
  gaussianLogProbability(values, { mean, logStd });
const squashed: Loss = (values, mean, logStd) =>
  squashedGaussianLogProbability(values, { mean, logStd });
const sampled: Loss = (noise, mean, logStd) =>
  squashedGaussian(noise, { mean, logStd }).logProbabilities;

/** Log densities of rows of three, in 64 bits. */
function plain(
  values: Float64Array,
  mean: Float64Array,
  logStd: Float64Array,
  squash: boolean,
): number[] {
  return [0, 3, 6, 9].map((start) => {
    let sum = 0;
    for (let i = start; i < start + 3; i++) {
      const deviation = Math.exp(logStd[i % logStd.length]);
      const density =
        Math.exp(-0.5 * ((values[i] - mean[i]) / deviation) ** 2) /
        (deviation * Math.sqrt(2 * Math.PI));
      sum += Math.log(density);
      if (squash) sum += 2 * Math.log(Math.cosh(values[i]));
    }
    return sum;
  });
}

Deno.test("Gaussian log probabilities have PyTorch's values and gradients", async () => {
  const inputs = [VALUES, MEANS, LOG_STD];
  await assertAsTorch(gaussian, inputs, TORCH.losses.gaussian);
  await assertAsTorch(squashed, inputs, TORCH.losses.squashedGaussian);
});

Deno.test("Gaussian log probabilities have the gradients of finite differences", async () => {
  for (const logStd of [LOG_STD, ROWS_OF_LOG_STD]) {
    const inputs = [VALUES, MEANS, logStd];
    await assertAsDifferences(
      gaussian,
      inputs,
      (x, mean, logStd) => plain(x, mean, logStd, false),
    );
    await assertAsDifferences(
      squashed,
      inputs,
      (x, mean, logStd) => plain(x, mean, logStd, true),
    );
    await assertAsDifferences(
      sampled,
      inputs,
      (noise, mean, logStd) => {
        const values = noise.map((noise, i) =>
          mean[i] + Math.exp(logStd[i % logStd.length]) * noise
        );
        return plain(values, mean, logStd, true);
      },
    );
  }
});

Deno.test("gaussianLogProbability() is -log(2 pi) / 2 at a standard mean", async () => {
  await useBackend("cpu");
  const value = tf.tidy(() =>
    gaussianLogProbability(tf.zeros([1, 1]), {
      mean: tf.zeros([1, 1]),
      logStd: tf.zeros([1]),
    }).dataSync()[0]
  );
  assertAlmostEquals(value, -0.9189385332046727, 1e-6);
});

Deno.test("squashedGaussian() gives tangents, and the probability they have", async () => {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    tf.tidy(() => {
      const [mean, logStd] = [MEANS, ROWS_OF_LOG_STD].map(({ values }) =>
        tf.tensor2d(values, [4, 3])
      );
      const noise = tf.tensor2d(VALUES.values, [4, 3]);
      const sample = squashedGaussian(noise, { mean, logStd });
      const unsquashed = tf.add(mean, tf.mul(tf.exp(logStd), noise));
      assertLess(
        largestDifference(
          sample.actions.dataSync(),
          tf.tanh(unsquashed).dataSync(),
        ),
        1e-6,
      );
      const direct = squashedGaussianLogProbability(unsquashed, {
        mean,
        logStd,
      });
      assertLess(
        largestDifference(
          sample.logProbabilities.dataSync(),
          direct.dataSync(),
        ),
        1e-4,
      );
    });
  }
});

Deno.test("squashedGaussianLogProbability() stays exact where tangents are one", async () => {
  // log p(u) + 2 log cosh(u), which is 2 (|u| - log 2) that far out.
  const far = [-40, -20, 20, 40];
  const expected = far.map((u) =>
    -0.5 * Math.log(2 * Math.PI) + 2 * (Math.abs(u) - Math.LN2)
  );
  for (const backend of BACKENDS) {
    await useBackend(backend);
    tf.tidy(() => {
      const values = tf.tensor2d(far, [4, 1]);
      const logStd = tf.zeros([1]);
      const { value, grads: [byMean, byValue] } = tf.valueAndGrads((
        mean,
        values,
      ) => tf.sum(squashedGaussianLogProbability(values, { mean, logStd })))([
        tf.clone(values),
        values,
      ]);
      const total = expected.reduce((sum, x) => sum + x, 0);
      assertAlmostEquals(value.dataSync()[0], total, 1e-4, backend);
      assert(byMean.dataSync().every((slope) => slope === 0));
      const difference = largestDifference(byValue.dataSync(), [-2, -2, 2, 2]);
      assertLess(difference, 1e-6);
    });
  }
});
