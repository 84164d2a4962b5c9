import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { Random } from "../core/random.ts";
import { BACKENDS, largestDifference, useBackend } from "./_test_backends.ts";
import {
  adam,
  adamCorrection,
  type AdamOptions,
  assignAdamState,
  clipByNorm,
  createAdamState,
  readAdamState,
} from "./optimizers.ts";
import { parameterVariable } from "./parameters.ts";
import * as tf from "./tensorflow.ts";

const SIZE = 40;
const STEPS = 50;

/** Algorithm 1 of Kingma and Ba, line by line, in 64 bits. */
function plainAdam(
  start: Float32Array,
  gradients: Float32Array[],
  options: Required<AdamOptions> & { learningRate: (step: number) => number },
): Float64Array {
  const { beta1, beta2, epsilon, learningRate } = options;
  const values = Float64Array.from(start);
  const mean = new Float64Array(SIZE);
  const square = new Float64Array(SIZE);
  gradients.forEach((gradient, before) => {
    const step = before + 1;
    for (let i = 0; i < SIZE; i++) {
      mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
      square[i] = beta2 * square[i] + (1 - beta2) * gradient[i] ** 2;
      const unbiasedMean = mean[i] / (1 - beta1 ** step);
      const unbiasedSquare = square[i] / (1 - beta2 ** step);
      values[i] -= learningRate(step) * unbiasedMean /
        (Math.sqrt(unbiasedSquare) + epsilon);
    }
  });
  return values;
}

Deno.test("adam() follows the algorithm in 64 bits", async () => {
  const cases = [
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, learningRate: () => 1e-3 },
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-5, learningRate: () => 3e-4 },
    // Large enough to matter beside the root, and other decays.
    { beta1: 0.5, beta2: 0.9, epsilon: 0.1, learningRate: () => 1e-3 },
    {
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      learningRate: (step: number) => 1e-3 * (1 - step / STEPS),
    },
  ];
  for (const backend of BACKENDS) {
    await useBackend(backend);
    for (const { learningRate, ...options } of cases) {
      const random = new Random(1);
      const draw = (scale: number) =>
        Float32Array.from({ length: SIZE }, () => scale * random.normal());
      const start = draw(1);
      const gradients = Array.from({ length: STEPS }, () => draw(0.1));
      const parameters = parameterVariable(start);
      const state = createAdamState(SIZE);
      gradients.forEach((gradient, before) =>
        tf.tidy(() => {
          const correction = tf.tensor1d(
            adamCorrection(learningRate(before + 1), before + 1, options),
          );
          const step = { state, correction, ...options };
          parameters.assign(
            adam(parameters, tf.tensor1d(gradient), step) as tf.Tensor1D,
          );
        })
      );
      const expected = plainAdam(start, gradients, {
        ...options,
        learningRate,
      });
      // The largest parameter is near 2: relative to it, a few roundings.
      const difference = largestDifference(await parameters.data(), expected);
      assertLess(difference / 2, 1e-6, `${backend} ${JSON.stringify(options)}`);
      tf.dispose([parameters, state.mean, state.square]);
    }
  }
});

Deno.test("adam() moves by the learning rate in its first step", async () => {
  await useBackend("wasm");
  const state = createAdamState(3);
  const moved = tf.tidy(() =>
    adam(tf.zeros([3]), tf.tensor1d([5, -0.01, 0]), {
      state,
      correction: tf.tensor1d(adamCorrection(0.25, 1)),
    }).dataSync()
  );
  assertLess(largestDifference(moved, [-0.25, 0.25, 0]), 1e-5);
  tf.dispose([state.mean, state.square]);
});

Deno.test("createAdamState() holds two tensors of zeros", async () => {
  await useBackend("wasm");
  const before = tf.memory().numTensors;
  const { mean, square } = createAdamState(3);
  assertEquals(tf.memory().numTensors, before + 2);
  assertEquals([...mean.dataSync(), ...square.dataSync()], [0, 0, 0, 0, 0, 0]);
  tf.dispose([mean, square]);
});

Deno.test("clipByNorm() scales down what is too long, and only that", async () => {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    const clip = (gradient: number[], norm: number) =>
      tf.tidy(() => [...clipByNorm(tf.tensor1d(gradient), norm).dataSync()]);
    const cases: [number[], number, number[]][] = [
      [[3, 4], 1, [0.6, 0.8]],
      [[3, 4], 10, [3, 4]],
      [[3, -4], 2.5, [1.5, -2]],
      [[0, 0], 1, [0, 0]],
      [[300, 400], Infinity, [300, 400]],
    ];
    for (const [gradient, norm, expected] of cases) {
      const difference = largestDifference(clip(gradient, norm), expected);
      assertLess(difference, 2e-6, `${backend} ${gradient} ${norm}`);
    }
  }
});

Deno.test("readAdamState() gives back what assignAdamState() takes", async () => {
  await useBackend("cpu");
  const layout = [{ name: "w", shape: [2] }, { name: "b", shape: [1] }];
  const state = createAdamState(3);
  state.mean.assign(tf.tensor1d([1, 2, 3]));
  state.square.assign(tf.tensor1d([4, 5, 6]));
  const arrays = await readAdamState(state, layout);
  assertEquals(Object.keys(arrays), [
    "mean.w",
    "mean.b",
    "square.w",
    "square.b",
  ]);
  const other = createAdamState(3);
  assignAdamState(other, arrays, layout);
  assertEquals([...await other.mean.data()], [1, 2, 3]);
  assertEquals([...await other.square.data()], [4, 5, 6]);
  assertThrows(
    () => assignAdamState(other, undefined, layout),
    TypeError,
    "mean.w",
  );
  tf.dispose([state.mean, state.square, other.mean, other.square]);
});
