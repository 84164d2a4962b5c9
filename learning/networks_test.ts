import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Random } from "../core/random.ts";
import {
  BACKENDS,
  hasWebgpu,
  largestDifference,
  useBackend,
} from "./_test_backends.ts";
import {
  type Activation,
  ACTIVATIONS,
  initialParameters,
  mlp,
  mlpLayout,
} from "./networks.ts";
import { namedArrays, unpack } from "./parameters.ts";
import { createPerceptron } from "./perceptron.ts";
import * as tf from "./tensorflow.ts";

Deno.test("mlpLayout() names a weight and a bias for each layer", () => {
  assertEquals(mlpLayout("q", [4, 8, 2]), [
    { name: "q.0.weight", shape: [4, 8] },
    { name: "q.0.bias", shape: [8] },
    { name: "q.1.weight", shape: [8, 2] },
    { name: "q.1.bias", shape: [2] },
  ]);
});

Deno.test("mlpLayout() throws for widths that no network has", () => {
  for (const sizes of [[], [4], [4, 0, 2], [4, 1.5], [4, -8, 2], [4, NaN]]) {
    assertThrows(
      () => mlpLayout("q", sizes),
      RangeError,
      `widths ${sizes.join("-")}, expected whole numbers from 1`,
    );
  }
});

Deno.test("initialParameters() draws torch's uniform weights and biases", () => {
  // 9,280 draws. That none reaches 0.99 of its bound in a layer of n draws has
  // probability 0.99^n: below 1e-14 for the smaller layer's 3,200. Bounds of
  // Glorot (sqrt(6 / (inputs + outputs))), or biases of zero, would fail.
  const layout = mlpLayout("q", [49, 64, 95]);
  const values = initialParameters(layout, new Random(1));
  const arrays = namedArrays(values, layout);
  for (const [layer, inputs] of [49, 64].entries()) {
    const bound = 1 / Math.sqrt(inputs);
    const weights = arrays[`q.${layer}.weight`].data as Float32Array;
    const biases = arrays[`q.${layer}.bias`].data as Float32Array;
    const all = [...weights, ...biases].map((value) => value / bound);
    assert(all.every((value) => Math.abs(value) <= 1 + 1e-6));
    assert(Math.max(...all) > 0.99 && Math.min(...all) < -0.99);
    assert(biases.some((value) => Math.abs(value) > bound / 2));
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    // Five and a half standard errors of 1 / sqrt(3 n): two-sided 4e-8.
    assertLess(Math.abs(mean), 5.5 / Math.sqrt(3 * all.length));
  }
});

/** Largest entry of A A' - gain^2 I, for the shorter side of a matrix. */
function orthogonalityError(
  matrix: Float32Array,
  shape: readonly number[],
  gain: number,
): number {
  const [rows, columns] = shape;
  const wide = rows < columns;
  const count = wide ? rows : columns;
  const length = wide ? columns : rows;
  const at = (i: number, k: number) =>
    wide ? matrix[i * columns + k] : matrix[k * columns + i];
  let largest = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      let product = 0;
      for (let k = 0; k < length; k++) product += at(i, k) * at(j, k);
      const wanted = i === j ? gain ** 2 : 0;
      largest = Math.max(largest, Math.abs(product - wanted) / gain ** 2);
    }
  }
  return largest;
}

Deno.test("initialParameters() draws orthogonal weights times their gains, and no biases", () => {
  const layout = mlpLayout("policy", [9, 64, 64, 3]);
  const gains = [Math.SQRT2, Math.SQRT2, 0.01];
  const arrays = namedArrays(
    initialParameters(layout, new Random(2), {
      initialisation: "orthogonal",
      outputGain: 0.01,
    }),
    layout,
  );
  gains.forEach((gain, layer) => {
    const { shape, data } = arrays[`policy.${layer}.weight`];
    const error = orthogonalityError(data as Float32Array, shape, gain);
    assertLess(error, 1e-6, `layer ${layer}`);
    const biases = arrays[`policy.${layer}.bias`].data as Float32Array;
    assert(biases.every((value) => value === 0));
  });
});

Deno.test("initialParameters() takes the hidden layers' gain as given", () => {
  const layout = mlpLayout("value", [5, 7, 4]);
  const arrays = namedArrays(
    initialParameters(layout, new Random(3), {
      initialisation: "orthogonal",
      hiddenGain: 3,
    }),
    layout,
  );
  for (const [layer, gain] of [3, 1].entries()) {
    const { shape, data } = arrays[`value.${layer}.weight`];
    assertLess(orthogonalityError(data as Float32Array, shape, gain), 1e-6);
  }
});

Deno.test("initialParameters() follows its stream alone", () => {
  const layout = mlpLayout("q", [3, 5, 2]);
  for (const initialisation of ["torch", "orthogonal"] as const) {
    const draw = (seed: number) =>
      initialParameters(layout, new Random(seed), { initialisation });
    assertEquals(draw(4), draw(4));
    assertLess(0.01, largestDifference(draw(4), draw(5)));
  }
});

const SIZES = [5, 16, 12, 3];
const ROWS = 7;

function example() {
  const random = new Random(6);
  const layout = mlpLayout("net", SIZES);
  const parameters = initialParameters(layout, random);
  const input = Float32Array.from(
    { length: ROWS * SIZES[0] },
    () => random.normal(),
  );
  return { layout, parameters, input };
}

async function outputsOf(activation: Activation): Promise<Float32Array> {
  const { layout, parameters, input } = example();
  const outputs = tf.tidy(() =>
    mlp(
      unpack(tf.tensor1d(parameters), layout),
      tf.tensor2d(input, [ROWS, SIZES[0]]),
      activation,
    )
  );
  assertEquals(outputs.shape, [ROWS, 3]);
  const values = await outputs.data() as Float32Array;
  outputs.dispose();
  return values;
}

async function assertSameAsPerceptron(backend: "wasm" | "cpu" | "webgpu") {
  await useBackend(backend);
  const { parameters, input } = example();
  for (const activation of ACTIVATIONS) {
    const plain = new Float32Array(ROWS * 3);
    createPerceptron(SIZES, activation, { parameters }).forward(input, plain);
    const difference = largestDifference(await outputsOf(activation), plain);
    assertLess(difference, 1e-5, `${backend} ${activation}`);
  }
}

Deno.test("mlp() gives the outputs of the perceptron on plain arrays", async () => {
  for (const backend of BACKENDS) await assertSameAsPerceptron(backend);
});

const webgpu = await hasWebgpu();
Deno.test({
  name: webgpu
    ? "mlp() gives the same outputs on webgpu"
    : "mlp() gives the same outputs on webgpu [skipped: no webgpu adapter]",
  ignore: !webgpu,
  // tfjs keeps its GPU device until the process ends.
  sanitizeResources: false,
  sanitizeOps: false,
  fn: () => assertSameAsPerceptron("webgpu"),
});

const COMPOSED: Record<Activation, (x: tf.Tensor) => tf.Tensor> = {
  relu: tf.relu,
  tanh: tf.tanh,
  elu: tf.elu,
  sigmoid: tf.sigmoid,
  softplus: tf.softplus,
  leakyRelu: (x) => tf.leakyRelu(x, 0.01),
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1)),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  identity: (x) => x,
};

/** The same network of single operations, which tfjs differentiates. */
function composed(
  tensors: readonly tf.Tensor[],
  input: tf.Tensor,
  activation: Activation,
): tf.Tensor2D {
  let hidden = input as tf.Tensor2D;
  for (let i = 0; i < tensors.length; i += 2) {
    const product = tf.matMul(hidden, tensors[i] as tf.Tensor2D);
    const sums: tf.Tensor2D = tf.add(product, tensors[i + 1]);
    const last = i === tensors.length - 2;
    hidden = last ? sums : COMPOSED[activation](sums) as tf.Tensor2D;
  }
  return hidden;
}

Deno.test("mlp() has the gradients of its operations, by weights and by input", async () => {
  const { layout, parameters, input } = example();
  for (const backend of BACKENDS) {
    await useBackend(backend);
    for (const activation of ACTIVATIONS) {
      tf.tidy(() => {
        const given = [
          tf.tensor2d(input, [ROWS, SIZES[0]]),
          ...unpack(tf.tensor1d(parameters), layout),
        ];
        const gradients = (network: typeof mlp) =>
          tf.grads((first, ...tensors) =>
            // What is computed within is freed before the gradient is: an mlp
            // that did not save its input would fail here.
            tf.sum(tf.square(network(tensors, tf.mul(first, 1.5), activation)))
          )(given);
        const expected = gradients(composed);
        gradients(mlp).forEach((gradient, i) => {
          assertEquals(gradient.shape, given[i].shape);
          const difference = largestDifference(
            gradient.dataSync(),
            expected[i].dataSync(),
          );
          assertLess(difference, 1e-5, `${backend} ${activation} ${i}`);
        });
      });
    }
  }
});

Deno.test("mlp() of a single layer is linear, whatever the activation", async () => {
  await useBackend("wasm");
  tf.tidy(() => {
    const weight = tf.tensor2d([[2], [-3]]);
    const bias = tf.tensor1d([-10]);
    const outputs = mlp([weight, bias], tf.tensor2d([[1, 1]]), "relu");
    assertEquals([...outputs.dataSync()], [-11]);
  });
});

Deno.test("mlp() leaves no tensors behind", async () => {
  await useBackend("wasm");
  const { layout, parameters, input } = example();
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const tensors = unpack(tf.tensor1d(parameters), layout);
    const rows = tf.tensor2d(input, [ROWS, SIZES[0]]);
    for (const activation of ACTIVATIONS) {
      mlp(tensors, rows, activation);
      tf.valueAndGrads((...weights) =>
        tf.sum(mlp(weights, rows, activation)) as tf.Scalar
      )(tensors);
    }
  });
  assertEquals(tf.memory().numTensors, before);
});
