/**
 * Multi-layer perceptrons: layout, first weights, and forward pass.
 *
 * @module
 */
import type { Random } from "../core/random.ts";
import type { Activation } from "./activations.ts";
import { parameterCount, type ParameterLayout } from "./parameters.ts";
import { TENSOR_ACTIVATIONS } from "./tensor_activations.ts";
import * as tf from "./tensorflow.ts";

export { type Activation, ACTIVATIONS } from "./activations.ts";

/**
 * How weights begin. `torch`: uniform within 1 / sqrt(inputs), biases too, as
 * `torch.nn.Linear` does. `orthogonal`: orthogonal rows or columns times a
 * gain, biases zero (Saxe et al., 2014).
 */
export type Initialisation = "torch" | "orthogonal";

/**
 * The arrays of a perceptron: `PREFIX.i.weight` of shape [inputs, outputs]
 * and `PREFIX.i.bias` of shape [outputs], layer by layer.
 *
 * @param prefix What the network is called.
 * @param sizes Width of each layer, inputs first. Throws `RangeError` unless
 * they are whole numbers from 1, two at least.
 */
export function mlpLayout(
  prefix: string,
  sizes: readonly number[],
): ParameterLayout {
  if (sizes.length < 2 || sizes.some((n) => !Number.isInteger(n) || n < 1)) {
    throw new RangeError(
      `Cannot lay out a network of widths ${
        sizes.join("-")
      }, expected whole numbers from 1, two at least`,
    );
  }
  return sizes.slice(1).flatMap((outputs, i) => [
    { name: `${prefix}.${i}.weight`, shape: [sizes[i], outputs] },
    { name: `${prefix}.${i}.bias`, shape: [outputs] },
  ]);
}

/** Options of {@linkcode initialParameters}. */
export interface InitialisationOptions {
  /** Default `torch`. */
  initialisation?: Initialisation;
  /** Gain of the last layer of each network, with `orthogonal`. Default 1. */
  outputGain?: number;
  /** Gain of the other layers, with `orthogonal`. Default sqrt(2). */
  hiddenGain?: number;
}

/**
 * First values of one perceptron's parameters.
 *
 * @param layout Of one network, from {@linkcode mlpLayout}.
 * @param random The stream to draw from.
 */
export function initialParameters(
  layout: ParameterLayout,
  random: Random,
  options: InitialisationOptions = {},
): Float32Array {
  const { initialisation = "torch", outputGain = 1, hiddenGain = Math.SQRT2 } =
    options;
  const values = new Float32Array(parameterCount(layout));
  let offset = 0;
  for (let i = 0; i < layout.length; i += 2) {
    const [inputs, outputs] = layout[i].shape;
    const size = inputs * outputs;
    if (initialisation === "orthogonal") {
      const gain = i === layout.length - 2 ? outputGain : hiddenGain;
      values.set(orthogonal(inputs, outputs, gain, random), offset);
    } else {
      const bound = 1 / Math.sqrt(inputs);
      for (let j = 0; j < size + outputs; j++) {
        values[offset + j] = random.uniform(-bound, bound);
      }
    }
    offset += size + outputs;
  }
  return values;
}

/** A matrix with orthonormal rows or columns, whichever are fewer, scaled. */
function orthogonal(
  rows: number,
  columns: number,
  gain: number,
  random: Random,
): Float32Array {
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const vectors = Array.from({ length: count }, () => new Float64Array(length));
  for (let i = 0; i < count; i++) {
    const vector = vectors[i].map(() => random.normal());
    // Twice, because one pass of Gram and Schmidt leaves rounding behind.
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) subtractProjection(vector, vectors[j]);
    }
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0));
    vectors[i] = vector.map((value) => value / norm);
  }
  const matrix = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      matrix[row * columns + column] = gain *
        (rows < columns ? vectors[row][column] : vectors[column][row]);
    }
  }
  return matrix;
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  let product = 0;
  for (let k = 0; k < unit.length; k++) product += vector[k] * unit[k];
  for (let k = 0; k < unit.length; k++) vector[k] -= product * unit[k];
}

/**
 * The outputs of a perceptron; its last layer is linear.
 *
 * Differentiable in the weights and in the input. The gradient is written out
 * because a step's time is its number of kernels: tfjs would take three times
 * as many for the same numbers.
 *
 * @param tensors Weight and bias of each layer, from `unpack`.
 * @param input Shape [batch, inputs].
 * @param activation Of the hidden layers.
 * @returns Shape [batch, outputs].
 */
export function mlp(
  tensors: readonly tf.Tensor[],
  input: tf.Tensor,
  activation: Activation,
): tf.Tensor2D {
  const layers = tensors.length / 2;
  const { forward } = TENSOR_ACTIVATIONS[activation];
  const network = tf.customGrad<tf.Tensor2D>((...given) => {
    const save = given.pop() as tf.GradSaveFunc;
    const [first, ...weights] = given as tf.Tensor2D[];
    const inputs = [first];
    const extras: tf.Tensor2D[] = [];
    for (let i = 0; i < layers; i++) {
      const products = tf.matMul(inputs[i], weights[2 * i]);
      const sums: tf.Tensor2D = tf.add(products, weights[2 * i + 1]);
      const last = i === layers - 1;
      const [values, ...more] = last ? [sums] : forward(sums);
      inputs.push(values);
      extras.push(...more);
    }
    const value = inputs.pop()!;
    save([...inputs, ...weights.filter((_, i) => i % 2 === 0), ...extras]);
    const gradFunc = (outward: tf.Tensor2D, saved: tf.Tensor[]) =>
      backward(outward, saved as tf.Tensor2D[], { layers, activation });
    return { value, gradFunc };
  });
  return network(input, ...tensors);
}

/**
 * Gradients of a perceptron's input, and of each layer's weight and bias.
 *
 * @param outward Gradient of the outputs.
 * @param saved Input of each layer, then weight of each layer, then what the
 * activation saved at each hidden layer.
 */
function backward(
  outward: tf.Tensor2D,
  saved: readonly tf.Tensor2D[],
  { layers, activation }: { layers: number; activation: Activation },
): tf.Tensor[] {
  const extras = (saved.length - 2 * layers) / Math.max(1, layers - 1);
  const gradients: tf.Tensor[] = [];
  let sums = outward;
  for (let i = layers - 1; i >= 0; i--) {
    const input = saved[i];
    // Transposed by themselves: the wasm kernel of tfjs 4.22 multiplies
    // transposed matrices over ten times slower than straight ones.
    gradients.unshift(tf.matMul(tf.transpose(input), sums), tf.sum(sums, 0));
    sums = tf.matMul(sums, tf.transpose(saved[layers + i]));
    if (i > 0) {
      const start = 2 * layers + (i - 1) * extras;
      sums = TENSOR_ACTIVATIONS[activation].backward(
        sums,
        input,
        saved.slice(start, start + extras),
      );
    }
  }
  return [sums, ...gradients];
}
