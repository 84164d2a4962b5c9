import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertThrows,
} from "@std/assert";
import { Random } from "../core/random.ts";
import { BACKENDS, largestDifference, useBackend } from "./_test_backends.ts";
import { numbers, TORCH, wave } from "./_torch_values.ts";
import {
  adam,
  adamCorrection,
  type AdamOptions,
  assignOptimizerState,
  clipByNorm,
  createAdamState,
  createMomentumState,
  createRmsPropState,
  momentum,
  type OptimizerState,
  polyakAverage,
  readOptimizerState,
  rmsProp,
  sgd,
} from "./optimizers.ts";
import { parameterVariable } from "./parameters.ts";
import * as tf from "./tensorflow.ts";

const SIZE = 40;
const STEPS = 50;

/** Algorithm 1 of Kingma and Ba, line by line, in 64 bits. */
function plainAdam(
  start: Float32Array,
  gradients: Float32Array[],
  options: Required<Omit<AdamOptions, "weightDecay">> & {
    learningRate: (step: number) => number;
  },
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

/** One step of an optimizer, with the learning rate as a number. */
type Step = (
  parameters: tf.Tensor,
  gradient: tf.Tensor,
  options: { state: OptimizerState; rate: tf.Tensor; correction: Correct },
) => tf.Tensor;

/** What Adam is given at the current step. */
type Correct = (options: AdamOptions) => tf.Tensor;

interface TorchCase {
  readonly state: () => OptimizerState;
  readonly step: Step;
}

const TORCH_SIZE = 7;
const PROP = { alpha: 0.9, epsilon: 1e-2 };
const PROP_MOMENTUM = { alpha: 0.95, epsilon: 1e-5, momentum: 0.7 };
const ADAM = { beta1: 0.8, beta2: 0.95, epsilon: 1e-3 };

const TORCH_CASES: Record<keyof typeof TORCH.optimizers, TorchCase> = {
  sgd: {
    state: () => ({}),
    step: (p, g, { rate }) => sgd(p, g, { learningRate: rate }),
  },
  momentum: {
    state: () => createMomentumState(TORCH_SIZE),
    step: (p, g, { state, rate }) =>
      momentum(p, g, {
        state: state as OptimizerState<"velocity">,
        learningRate: rate,
        momentum: 0.8,
      }),
  },
  nesterov: {
    state: () => createMomentumState(TORCH_SIZE),
    step: (p, g, { state, rate }) =>
      momentum(p, g, {
        state: state as OptimizerState<"velocity">,
        learningRate: rate,
        momentum: 0.8,
        nesterov: true,
      }),
  },
  rmsProp: {
    state: () => createRmsPropState(TORCH_SIZE, PROP),
    step: (p, g, { state, rate }) =>
      rmsProp(p, g, { state, learningRate: rate, ...PROP }),
  },
  rmsPropMomentum: {
    state: () => createRmsPropState(TORCH_SIZE, PROP_MOMENTUM),
    step: (p, g, { state, rate }) =>
      rmsProp(p, g, { state, learningRate: rate, ...PROP_MOMENTUM }),
  },
  adam: {
    state: () => createAdamState(TORCH_SIZE),
    step: (p, g, { state, correction }) =>
      adam(p, g, { state, correction: correction(ADAM), ...ADAM }),
  },
  adamW: {
    state: () => createAdamState(TORCH_SIZE),
    step: (p, g, { state, correction }) =>
      adam(p, g, { state, correction: correction({ weightDecay: 0.3 }) }),
  },
};

Deno.test("optimizers follow PyTorch's over a falling learning rate", async () => {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    for (const [name, { state: create, step }] of Object.entries(TORCH_CASES)) {
      const parameters = parameterVariable(wave(TORCH_SIZE, 0.3));
      const state = create();
      const { numTensors } = tf.memory();
      for (let t = 1; t <= 12; t++) {
        const learningRate = 0.02 / t;
        tf.tidy(() => {
          const stepped = step(
            parameters,
            tf.tensor1d(wave(TORCH_SIZE, 0.9 * t, 2)),
            {
              state,
              rate: tf.tensor1d([learningRate]),
              correction: (options) =>
                tf.tensor1d(adamCorrection(learningRate, t, options)),
            },
          );
          parameters.assign(stepped as tf.Tensor1D);
        });
      }
      assertEquals(tf.memory().numTensors, numTensors, `${backend} ${name}`);
      const expected = TORCH.optimizers[name as keyof typeof TORCH.optimizers];
      const difference = largestDifference(
        await parameters.data(),
        numbers(expected),
      );
      assertLess(difference, 5e-7, `${backend} ${name}`);
      tf.dispose([parameters, ...Object.values(state)]);
    }
  }
});

Deno.test("rmsProp() throws for momentum that its state cannot hold", async () => {
  await useBackend("cpu");
  const state = createRmsPropState(2);
  assertThrows(
    () =>
      tf.tidy(() =>
        rmsProp(tf.zeros([2]), tf.ones([2]), {
          state,
          learningRate: tf.tensor1d([1]),
          momentum: 0.5,
        })
      ),
    TypeError,
    "momentum of 0.5",
  );
  assertEquals([...state.square.dataSync()], [0, 0]);
  tf.dispose(Object.values(state));
});

Deno.test("adamCorrection() is no longer without weight decay", () => {
  assertEquals(adamCorrection(0.5, 3).length, 2);
  assertEquals(adamCorrection(0.5, 3, { weightDecay: 0 }).length, 2);
  assertEquals(adamCorrection(0.5, 3, { weightDecay: 0.25 })[2], 0.125);
});

Deno.test("polyakAverage() gives the target, the source, and what lies between", async () => {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    const [target, source] = [[0.1, -2, 1e8], [0.3, 2, -0.7]];
    const cases: [number, number[]][] = [
      [0, target],
      [1, source],
      [0.25, [0.15, -1, 0.75e8]],
    ];
    for (const [share, expected] of cases) {
      tf.tidy(() => {
        for (const given of [share, tf.tensor1d([share])]) {
          const average = polyakAverage(
            tf.tensor1d(target),
            tf.tensor1d(source),
            given,
          );
          // The same bits at both ends, a last digit off between them.
          const tolerance = share === 0.25 ? 2e-7 : 0;
          Float32Array.from(expected).forEach((value, i) =>
            assertAlmostEquals(
              average.dataSync()[i],
              value,
              tolerance * Math.abs(value),
            )
          );
        }
      });
    }
  }
});

Deno.test("readOptimizerState() gives back what assignOptimizerState() takes", async () => {
  await useBackend("cpu");
  const layout = [{ name: "w", shape: [2] }, { name: "b", shape: [1] }];
  const cases: [() => OptimizerState, string[]][] = [
    [() => createAdamState(3), ["mean.w", "mean.b", "square.w", "square.b"]],
    [() => createMomentumState(3), ["velocity.w", "velocity.b"]],
    [() => createRmsPropState(3), ["square.w", "square.b"]],
    [() => createRmsPropState(3, { momentum: 0.1 }), [
      "square.w",
      "square.b",
      "velocity.w",
      "velocity.b",
    ]],
  ];
  for (const [create, names] of cases) {
    const { numTensors } = tf.memory();
    const [state, other] = [create(), create()];
    Object.values(state).forEach((vector, i) =>
      tf.tidy(() => vector.assign(tf.tensor1d([1, 2, 3 + i])))
    );
    const arrays = await readOptimizerState(state, layout);
    assertEquals(Object.keys(arrays), names);
    assignOptimizerState(other, arrays, layout);
    Object.values(other).forEach((vector, i) =>
      assertEquals([...vector.dataSync()], [1, 2, 3 + i])
    );
    assertThrows(
      () => assignOptimizerState(other, undefined, layout),
      TypeError,
      names[0],
    );
    assertThrows(
      () =>
        assignOptimizerState(other, {
          ...arrays,
          [names.at(-1)!]: { shape: [2], data: new Float32Array(2) },
        }, layout),
      TypeError,
      names.at(-1)!,
    );
    tf.dispose([...Object.values(state), ...Object.values(other)]);
    assertEquals(tf.memory().numTensors, numTensors);
  }
});
