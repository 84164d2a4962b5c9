/**
 * A perceptron's forward pass on plain arrays, for acting on few rows.
 *
 * One row through 64-64 units takes some 5 microseconds here and 60 in tfjs,
 * whose cost is the calls; and it gives the same bits on every device.
 *
 * @module
 */
import { type DenseLayer, denseRow } from "./_dense.ts";
import {
  activateInPlace,
  type Activation,
  ACTIVATIONS,
} from "./activations.ts";

/** A network that turns rows of inputs into rows of outputs. */
export interface Perceptron {
  /** Values a row takes. */
  readonly inputs: number;
  /** Values a row gives. */
  readonly outputs: number;
  /** The weights and biases, layer by layer; overwrite to update. */
  readonly parameters: Float32Array;
  /**
   * Computes some rows.
   *
   * @param input Shape [rows, inputs].
   * @param output Written to. Shape [rows, outputs].
   */
  forward(input: Float32Array, output: Float32Array): void;
}

/**
 * A perceptron whose parameters lie as `mlpLayout` has them.
 *
 * @param sizes Width of each layer, inputs first.
 * @param activation Of the hidden layers; the last is linear. Throws
 * `RangeError` for an unknown one.
 * @param options `parameters` to use in place of fresh zeros. Throws
 * `TypeError` for another number of them.
 */
export function createPerceptron(
  sizes: readonly number[],
  activation: Activation,
  options: { parameters?: Float32Array } = {},
): Perceptron {
  if (!ACTIVATIONS.includes(activation)) {
    throw new RangeError(
      `Cannot make a perceptron with the activation "${activation}", expected one of ${
        ACTIVATIONS.join(", ")
      }`,
    );
  }
  const size = sizes.slice(1).reduce(
    (sum, outputs, i) => sum + (sizes[i] + 1) * outputs,
    0,
  );
  const parameters = options.parameters ?? new Float32Array(size);
  if (parameters.length !== size) {
    throw new TypeError(
      `Cannot make a perceptron of widths ${
        sizes.join("-")
      } from ${parameters.length} parameters: expected ${size}`,
    );
  }
  const layers: DenseLayer[] = [];
  let offset = 0;
  sizes.slice(1).forEach((outputs, i) => {
    layers.push({ parameters, offset, inputs: sizes[i], outputs });
    offset += (sizes[i] + 1) * outputs;
  });
  const widest = Math.max(...sizes);
  const scratch = [new Float64Array(widest), new Float64Array(widest)];

  function forwardRow(input: Float32Array, offset: number): Float64Array {
    let from = scratch[0];
    let to = scratch[1];
    for (let i = 0; i < sizes[0]; i++) from[i] = input[offset + i];
    for (let i = 0; i < layers.length; i++) {
      denseRow(layers[i], { from, to });
      if (i < layers.length - 1) {
        activateInPlace(to, activation, { count: sizes[i + 1] });
      }
      [from, to] = [to, from];
    }
    return from;
  }

  return {
    inputs: sizes[0],
    outputs: sizes[layers.length],
    parameters,
    forward(input, output) {
      const inputs = sizes[0];
      const outputs = sizes[layers.length];
      const rows = output.length / outputs;
      for (let row = 0; row < rows; row++) {
        const result = forwardRow(input, row * inputs);
        for (let i = 0; i < outputs; i++) output[row * outputs + i] = result[i];
      }
    },
  };
}
