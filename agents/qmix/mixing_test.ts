import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { parameterCount, unpack } from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";
import {
  initialMixerParameters,
  mix,
  mixedValues,
  mixerLayout,
  type MixerShape,
} from "./mixing.ts";
import { useBackend } from "../_test_trainers.ts";

const SHAPE: MixerShape = {
  mixer: "qmix",
  utilities: 3,
  stateSize: 4,
  mixingEmbedDim: 5,
  hypernetEmbedDim: 6,
};

function numbers(length: number, random: Random, scale = 1): Float32Array {
  return Float32Array.from({ length }, () => scale * random.normal());
}

/** Values of a row for each row of utilities and states. */
function mixedRows(
  parameters: Float32Array,
  utilities: Float32Array,
  { states, shape }: { states: Float32Array; shape: MixerShape },
): number[] {
  const rows = utilities.length / shape.utilities;
  const values = tf.tidy(() =>
    mix(
      parameters.length === 0
        ? []
        : unpack(tf.tensor1d(parameters), mixerLayout(shape)),
      tf.tensor2d(utilities, [rows, shape.utilities]),
      { shape, states: tf.tensor2d(states, [rows, shape.stateSize]) },
    ).dataSync()
  );
  return [...values];
}

/** One perceptron with ReLU, weight by weight; moves `at` behind it. */
function perceptron(
  parameters: Float32Array,
  sizes: readonly number[],
  { input, at }: { input: readonly number[]; at: { place: number } },
): number[] {
  let values = [...input];
  for (let layer = 1; layer < sizes.length; layer++) {
    const [from, to] = [sizes[layer - 1], sizes[layer]];
    const weights = at.place;
    const biases = weights + from * to;
    values = Array.from({ length: to }, (_, j) => {
      let sum = parameters[biases + j];
      for (let i = 0; i < from; i++) {
        sum += values[i] * parameters[weights + i * to + j];
      }
      return layer < sizes.length - 1 ? Math.max(0, sum) : sum;
    });
    at.place = biases + to;
  }
  return values;
}

/** The mixing formula, number by number. */
function directly(
  parameters: Float32Array,
  utilities: readonly number[],
  { state, shape }: { state: readonly number[]; shape: MixerShape },
): number {
  const { stateSize, mixingEmbedDim: width } = shape;
  const hidden = shape.hypernetEmbedDim ? [shape.hypernetEmbedDim] : [];
  const at = { place: 0 };
  const give = (...sizes: number[]) =>
    perceptron(parameters, [stateSize, ...sizes], { input: state, at });
  const weight1 = give(...hidden, shape.utilities * width).map(Math.abs);
  const bias1 = give(width);
  const weight2 = give(...hidden, width).map(Math.abs);
  const [bias2] = give(width, 1);
  assertEquals(at.place, parameters.length);
  let total = bias2;
  for (let k = 0; k < width; k++) {
    let sum = bias1[k];
    utilities.forEach((utility, i) => sum += utility * weight1[i * width + k]);
    total += weight2[k] * (sum > 0 ? sum : Math.exp(sum) - 1);
  }
  return total;
}

const SHAPES: [string, MixerShape][] = [
  ["two layers", SHAPE],
  ["one layer", { ...SHAPE, hypernetEmbedDim: 0 }],
  ["one utility", { ...SHAPE, utilities: 1, mixingEmbedDim: 1 }],
];

for (const [name, shape] of SHAPES) {
  Deno.test(`mix() computes the paper's formula (${name})`, async () => {
    for (const device of ["cpu", "wasm"] as const) {
      await useBackend(device);
      const random = new Random(2);
      const rows = 20;
      const parameters = numbers(parameterCount(mixerLayout(shape)), random);
      const utilities = numbers(rows * shape.utilities, random, 2);
      const states = numbers(rows * shape.stateSize, random);
      mixedRows(parameters, utilities, { states, shape }).forEach(
        (value, row) => {
          const part = (all: Float32Array, width: number) => [
            ...all.subarray(row * width, (row + 1) * width),
          ];
          const expected = directly(
            parameters,
            part(utilities, shape.utilities),
            { state: part(states, shape.stateSize), shape },
          );
          const tolerance = 1e-4 * Math.max(1, Math.abs(expected));
          assertAlmostEquals(value, expected, tolerance);
        },
      );
    }
  });
}

Deno.test("mix() never falls when a utility rises, whatever state and weights", async () => {
  await useBackend("cpu");
  const random = new Random(3);
  const rows = 50;
  let rises = 0;
  for (let trial = 0; trial < 40; trial++) {
    const shape = SHAPES[trial % 2][1];
    // Both small and large, so that both sides of each kink are met.
    const scale = 10 ** random.uniform(-1, 1);
    const parameters = numbers(
      parameterCount(mixerLayout(shape)),
      random,
      scale,
    );
    const utilities = numbers(rows * shape.utilities, random, 3);
    const states = numbers(rows * shape.stateSize, random, 3);
    const before = mixedRows(parameters, utilities, { states, shape });
    for (let i = 0; i < shape.utilities; i++) {
      const raised = utilities.map((value, j) =>
        j % shape.utilities === i ? value + 0.5 : value
      );
      const after = mixedRows(parameters, raised, { states, shape });
      after.forEach((value, row) => {
        // Rounding of sums of some ten products in 32 bits.
        const rounding = 1e-5 * (Math.abs(value) + scale ** 3);
        assertGreaterOrEqual(value, before[row] - rounding);
        if (value > before[row]) rises++;
      });
    }
  }
  // A mixer without absolute weights falls in half of the cases.
  assertGreater(rises, 0.9 * 40 * rows * SHAPE.utilities);
});

Deno.test("mix() passes gradients on that are never negative", async () => {
  await useBackend("cpu");
  const random = new Random(4);
  const layout = mixerLayout(SHAPE);
  const tensors = unpack(
    tf.tensor1d(numbers(parameterCount(layout), random)),
    layout,
  );
  const states = tf.tensor2d(numbers(200, random), [50, 4]);
  const gradient = tf.grad((chosen: tf.Tensor) =>
    mix(tensors, chosen as tf.Tensor2D, { shape: SHAPE, states })
  )(tf.tensor2d(numbers(150, random), [50, 3]));
  const values = [...gradient.dataSync()];
  assert(values.every((value) => value >= 0));
  assertGreater(values.filter((value) => value > 0).length, 140);
});

Deno.test("mix() adds for vdn and leaves alone for none", async () => {
  await useBackend("cpu");
  const states = new Float32Array(8);
  const utilities = Float32Array.of(1, 2, 4, -1, 0.5, 0.25);
  const found = (["vdn", "none"] as const).map((mixer) => {
    const shape = { ...SHAPE, mixer };
    assertEquals(mixerLayout(shape), []);
    assertEquals(initialMixerParameters(shape, new Random(1)).length, 0);
    return mixedRows(new Float32Array(0), utilities, { states, shape });
  });
  assertEquals(found, [[7, -0.25], [...utilities]]);
  assertEquals(
    (["qmix", "vdn", "none"] as const).map((mixer) =>
      mixedValues({ ...SHAPE, mixer })
    ),
    [1, 1, 3],
  );
});

Deno.test("initialMixerParameters() fills the layout within 1 / sqrt(inputs)", () => {
  const values = initialMixerParameters(SHAPE, new Random(5));
  assertEquals(values.length, parameterCount(mixerLayout(SHAPE)));
  assert(values.every((value) => Math.abs(value) <= 0.5 && value !== 0));
  assertEquals(mixerLayout(SHAPE).map(({ name }) => name), [
    "mixer.weight1.0.weight",
    "mixer.weight1.0.bias",
    "mixer.weight1.1.weight",
    "mixer.weight1.1.bias",
    "mixer.bias1.0.weight",
    "mixer.bias1.0.bias",
    "mixer.weight2.0.weight",
    "mixer.weight2.0.bias",
    "mixer.weight2.1.weight",
    "mixer.weight2.1.bias",
    "mixer.bias2.0.weight",
    "mixer.bias2.0.bias",
    "mixer.bias2.1.weight",
    "mixer.bias2.1.bias",
  ]);
});
