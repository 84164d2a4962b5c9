/**
 * What learns here, compiled: losses, layers, optimizers, and all that happens
 * to parameters during a training.
 *
 * @module
 */
import { assert, assertAlmostEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { plainGru } from "../_test_gru.ts";
import { selectDevice } from "../devices.ts";
import {
  gaussianLogProbability,
  squashedGaussian,
  squashedGaussianLogProbability,
} from "../gaussian.ts";
import { gruLayout } from "../gru_layout.ts";
import {
  binaryCrossEntropy,
  crossEntropy,
  huber,
  meanSquaredError,
  softCrossEntropy,
} from "../losses.ts";
import { initialParameters, mlp, mlpLayout } from "../networks.ts";
import {
  adam,
  adamCorrection,
  clipByNorm,
  createAdamState,
  createMomentumState,
  createRmsPropState,
  momentum,
  polyakAverage,
  rmsProp,
  sgd,
} from "../optimizers.ts";
import { parameterCount, parameterVariable, unpack } from "../parameters.ts";
import { gru } from "../recurrent.ts";
import { scheduled } from "../schedules.ts";
import { activate, TENSOR_ACTIVATIONS } from "../tensor_activations.ts";
import * as tf from "../tensorflow.ts";
import {
  assertAlike,
  below,
  bothWays,
  gradientsOf,
  type Operand,
  small,
  useNative,
} from "./_testing.ts";
import { compile } from "./compile.ts";

type Of = (...tensors: tf.Tensor[]) => tf.Tensor;

const rows = (dtype?: "int32"): Operand =>
  dtype ? { shape: [9], dtype, draw: below(5) } : { shape: [9, 5] };
const probabilities: Operand = {
  shape: [9, 5],
  draw: (random) => random.uniform(),
};

const PARTS: [string, Of, Operand[]][] = [
  ["huber", (x) => huber(tf.mul(x, 2)), [rows()]],
  ["meanSquaredError", meanSquaredError, [rows(), rows()]],
  ["softCrossEntropy", softCrossEntropy, [rows(), probabilities]],
  ["binaryCrossEntropy", binaryCrossEntropy, [rows(), probabilities]],
  [
    "gaussianLogProbability",
    (x, mean, logStd) => gaussianLogProbability(x, { mean, logStd }),
    [rows(), rows(), rows()],
  ],
  [
    "gaussianLogProbability of one deviation",
    (x, mean, logStd) => gaussianLogProbability(x, { mean, logStd }),
    [rows(), rows(), { shape: [5] }],
  ],
  [
    "squashedGaussianLogProbability",
    (x, mean, logStd) => squashedGaussianLogProbability(x, { mean, logStd }),
    [rows(), rows(), { shape: [9, 5], draw: small }],
  ],
  [
    "squashedGaussian's actions",
    (noise, mean, logStd) => squashedGaussian(noise, { mean, logStd }).actions,
    [rows(), rows(), { shape: [9, 5], draw: small }],
  ],
  [
    "squashedGaussian's log probabilities",
    (noise, mean, logStd) =>
      squashedGaussian(noise, { mean, logStd }).logProbabilities,
    [rows(), rows(), { shape: [9, 5], draw: small }],
  ],
  ...Object.keys(TENSOR_ACTIVATIONS).map((name): [string, Of, Operand[]] => [
    name,
    (x) => activate(x, name as keyof typeof TENSOR_ACTIVATIONS),
    [rows()],
  ]),
];

const CLOSE = { tolerance: 1e-5, summed: true };

Deno.test("compiled losses, Gaussians and activations are eager ones, gradients too", async () => {
  await useNative();
  for (const [what, of, operands] of PARTS) {
    assertAlike(bothWays(of, operands), { what, ...CLOSE });
    assertAlike(bothWays(gradientsOf(of), operands), {
      what: `gradient of ${what}`,
      ...CLOSE,
    });
  }
  const operands = [rows(), rows("int32")];
  assertAlike(bothWays(crossEntropy, operands), CLOSE);
  const gradient = (x: tf.Tensor, labels: tf.Tensor) =>
    gradientsOf((given) => crossEntropy(given, labels))(x);
  assertAlike(bothWays(gradient, operands), CLOSE);
});

/** A function of 64-bit numbers. */
type Plain = (values: Float64Array) => number;

/** Slopes by central differences in 64 bits. */
function differences(of: Plain, values: Float64Array): number[] {
  const step = 1e-5;
  return Array.from(values, (value, i) => {
    const at = (x: number) => of(values.with(i, x));
    return (at(value + step) - at(value - step)) / (2 * step);
  });
}

/**
 * Compares a compiled gradient with finite differences of a plain function.
 *
 * @param of Tensors to a scalar, called with one of `shape`.
 * @param plain The same in 64 bits.
 */
function checkSlopes(
  of: (x: tf.Tensor) => tf.Tensor,
  plain: Plain,
  options: { shape: readonly number[]; values: Float64Array; what: string },
): void {
  const { shape, what } = options;
  const values = Float64Array.from(Float32Array.from(options.values));
  using step = compile(({ x }) => ({
    value: of(x),
    slopes: tf.grad((given: tf.Tensor) => of(given))(x),
  }), { inputs: { x: shape } });
  const { value, slopes } = step({ x: values });
  assertAlmostEquals(value.dataSync()[0], plain(values), 1e-5, what);
  const found = slopes.dataSync();
  const expected = differences(plain, values);
  expected.forEach((slope, i) =>
    assertAlmostEquals(found[i], slope, 2e-6, `${what}, slope ${i}`)
  );
}

function drawn(size: number, seed: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: size }, () => random.normal());
}

Deno.test("compiled gradients of losses are finite differences in 64 bits", async () => {
  await useNative();
  const shape = [6, 4];
  const values = drawn(24, 1).map((x) => 1.5 * x);
  const row = (x: Float64Array, i: number) => x.subarray(4 * i, 4 * i + 4);
  const overRows = (
    x: Float64Array,
    of: (row: Float64Array, i: number) => number,
  ) => [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + of(row(x, i), i), 0) / 6;
  checkSlopes(
    (x) => tf.mean(huber(x)),
    (x) =>
      x.reduce(
        (sum, e) => sum + (Math.abs(e) <= 1 ? e * e / 2 : Math.abs(e) - 0.5),
        0,
      ) / 24,
    { shape, values, what: "huber" },
  );
  const labels = [0, 3, 1, 1, 2, 0];
  checkSlopes(
    (x) => tf.mean(crossEntropy(x, tf.tensor1d(labels, "int32"))),
    (x) =>
      overRows(
        x,
        (logits, i) =>
          Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0)) -
          logits[labels[i]],
      ),
    { shape, values, what: "crossEntropy" },
  );
  const actions = Float32Array.from(drawn(24, 2));
  const logStd = [0.1, -0.3, 0.2, 0];
  checkSlopes(
    (mean) =>
      tf.mean(gaussianLogProbability(tf.tensor2d(actions, [6, 4]), {
        mean,
        logStd: tf.tensor1d(logStd),
      })),
    (x) =>
      overRows(x, (means, i) =>
        means.reduce((sum, mean, j) => {
          const z = (actions[4 * i + j] - mean) / Math.exp(logStd[j]);
          return sum - z * z / 2 - logStd[j] - Math.log(2 * Math.PI) / 2;
        }, 0)),
    { shape, values, what: "gaussianLogProbability" },
  );
});

Deno.test("the compiled gradient of a recurrent layer is finite differences in 64 bits", async () => {
  await useNative();
  const size = { batch: 2, time: 5, inputs: 3, units: 4 };
  const { batch, time, inputs, units } = size;
  const layout = gruLayout("gru", inputs, units);
  const sequence = Float32Array.from(drawn(batch * time * inputs, 3));
  const state = Float32Array.from(drawn(batch * units, 4));
  const mask = Float32Array.of(1, 1, 0, 1, 1, 0, 1, 1, 1, 0);
  const values = drawn(parameterCount(layout), 5).map((x) => 0.5 * x);
  checkSlopes(
    (vector) =>
      tf.mean(tf.square(
        gru(
          unpack(vector, layout),
          tf.tensor3d(sequence, [batch, time, inputs]),
          {
            state: tf.tensor2d(state, [batch, units]),
            mask: tf.tensor2d(mask, [batch, time]),
          },
        ).outputs,
      )),
    (parameters) => {
      const outputs = plainGru({
        ...size,
        parameters,
        sequence: Float64Array.from(sequence),
        state: Float64Array.from(state),
        mask: Float64Array.from(mask),
      });
      return outputs.reduce((sum, h) => sum + h * h, 0) / outputs.length;
    },
    { shape: [values.length], values, what: "gru" },
  );
});

Deno.test("a compiled recurrent layer is the eager one, with and without mask", async () => {
  await useNative();
  const layout = gruLayout("gru", 6, 8);
  const operands: Operand[] = [
    { shape: [parameterCount(layout)], draw: small },
    { shape: [3, 16, 6] },
    { shape: [3, 8], draw: small },
  ];
  const mask: Operand = {
    shape: [3, 16],
    draw: (random) => Number(random.uniform() < 0.8),
  };
  const layer =
    (masked: boolean) => (...[vector, sequence, state, mask]: tf.Tensor[]) => {
      const options = masked ? { state, mask } : { state };
      return gru(unpack(vector, layout), sequence, options);
    };
  for (const masked of [false, true]) {
    const what = masked ? "with mask" : "without mask";
    const given = masked ? [...operands, mask] : operands;
    const both: (...tensors: tf.Tensor[]) => tf.Tensor[] = (...tensors) => {
      const { outputs, state } = layer(masked)(...tensors);
      return [outputs, state];
    };
    assertAlike(bothWays(both, given), { what, ...CLOSE });
    const gradients = (...tensors: tf.Tensor[]) =>
      gradientsOf((vector, sequence, state) => {
        const { outputs, state: last } = layer(masked)(
          ...[vector, sequence, state, ...tensors.slice(3)],
        );
        return tf.add(tf.mean(tf.square(outputs)), tf.sum(last));
      })(...tensors.slice(0, 3));
    assertAlike(bothWays(gradients, given), { what, ...CLOSE });
  }
});

type Update = (
  parameters: tf.Tensor,
  gradient: tf.Tensor,
  learningRate: tf.Tensor,
) => tf.Tensor;

const LAYOUT = mlpLayout("net", [5, 16, 3]);

/** An optimizer with the state that it needs, for `count` parameters. */
type Optimizer = (count: number) => {
  update: Update;
  state: Readonly<Record<string, tf.Variable>>;
  /** What `rate` is, for a step of a learning rate. */
  rate?: (learningRate: number, step: number) => Float32Array;
};

const OPTIMIZERS: Record<string, Optimizer> = {
  sgd: () => ({
    state: {},
    update: (parameters, gradient, learningRate) =>
      sgd(parameters, gradient, { learningRate }),
  }),
  momentum: (count) => {
    const state = createMomentumState(count);
    return {
      state,
      update: (parameters, gradient, learningRate) =>
        momentum(parameters, gradient, { state, learningRate }),
    };
  },
  nesterov: (count) => {
    const state = createMomentumState(count);
    return {
      state,
      update: (parameters, gradient, learningRate) =>
        momentum(parameters, gradient, { state, learningRate, nesterov: true }),
    };
  },
  rmsProp: (count) => {
    const state = createRmsPropState(count, { momentum: 0.5 });
    return {
      state,
      update: (parameters, gradient, learningRate) =>
        rmsProp(parameters, gradient, { state, learningRate, momentum: 0.5 }),
    };
  },
  adam: (count) => {
    const state = createAdamState(count);
    return {
      state,
      rate: (learningRate, step) => adamCorrection(learningRate, step),
      update: (parameters, gradient, correction) =>
        adam(parameters, gradient, { state, correction }),
    };
  },
  adamW: (count) => {
    const state = createAdamState(count);
    const weightDecay = 0.1;
    return {
      state,
      rate: (learningRate, step) =>
        adamCorrection(learningRate, step, { weightDecay }),
      update: (parameters, gradient, correction) =>
        adam(parameters, gradient, { state, correction }),
    };
  },
};

const UPDATES = 200;

/**
 * Trains a small network whose learning rate falls, with all that trainings do
 * to parameters: clipped gradients, copies to targets, hard and soft, acting
 * in between, and a checkpoint that is loaded in the middle.
 *
 * @returns All that came out: losses, actions, parameters.
 */
async function trained(
  device: "native" | "cpu" | "wasm",
  optimizer: Optimizer,
): Promise<number[]> {
  const selected = await selectDevice(device, { parameters: 1, batchSize: 1 });
  assert(selected.device === device, selected.reason);
  const random = new Random(7);
  const initial = initialParameters(LAYOUT, random, {});
  const parameters = parameterVariable(initial);
  const hard = parameterVariable(initial);
  const soft = parameterVariable(initial);
  const { update, state, rate = (x) => Float32Array.of(x) } = optimizer(
    initial.length,
  );
  const network = (vector: tf.Tensor, x: tf.Tensor) =>
    mlp(unpack(vector, LAYOUT), x, "tanh");
  using learn = compile(({ x, y, rate }) => {
    const target = tf.add(
      y,
      tf.mul(0.1, tf.add(network(hard, x), network(soft, x))),
    );
    const { value, grad } = tf.valueAndGrad((vector: tf.Tensor) =>
      tf.mean(huber(tf.sub(network(vector, x), target)))
    )(parameters);
    const gradient = clipByNorm(grad, 0.5);
    parameters.assign(update(parameters, gradient, rate) as tf.Tensor1D);
    soft.assign(polyakAverage(soft, parameters, 0.05) as tf.Tensor1D);
    return { loss: value };
  }, {
    inputs: { x: [8, 5], y: [8, 3], rate: [rate(0, 1).length] },
    variables: [parameters, hard, soft, ...Object.values(state)],
  });
  using act = compile(({ x }) => network(parameters, x), {
    inputs: { x: [1, 5] },
    variables: [parameters],
  });
  const trace: number[] = [];
  let checkpoint = initial;
  for (let step = 1; step <= UPDATES; step++) {
    const x = Array.from({ length: 40 }, () => random.normal());
    const y = x.slice(0, 24).map((value) => Math.sin(2 * value));
    const learningRate = scheduled(0.01, "linear", {
      progress: step / UPDATES,
    });
    const { loss } = learn({ x, y, rate: rate(learningRate, step) });
    if (step % 10 === 0) {
      trace.push(loss.dataSync()[0], ...act({ x: x.slice(0, 5) }).dataSync());
    }
    if (step % 40 === 0) hard.assign(parameters);
    if (step === 90) checkpoint = await parameters.data() as Float32Array;
    if (step === 120) {
      tf.tidy(() => parameters.assign(tf.tensor1d(checkpoint)));
    }
  }
  for (const variable of [parameters, hard, soft, ...Object.values(state)]) {
    trace.push(...variable.dataSync());
    variable.dispose();
  }
  return trace;
}

Deno.test("compiled trainings stay as near to cpu's as wasm's do, by every optimizer", async () => {
  for (const [name, optimizer] of Object.entries(OPTIMIZERS)) {
    const cpu = await trained("cpu", optimizer);
    const wasm = await trained("wasm", optimizer);
    const native = await trained("native", optimizer);
    const gap = (other: readonly number[]) =>
      Math.max(...cpu.map((value, i) => Math.abs(value - other[i])));
    assert(gap(wasm) < 0.01 && native.every(Number.isFinite));
    assert(
      gap(native) <= 3 * gap(wasm),
      `${name}: ${gap(native)} ${gap(wasm)}`,
    );
  }
});
