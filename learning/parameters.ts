/**
 * Parameters of a network as one vector.
 *
 * All of a network's arrays lie behind one another in a single variable, so
 * that an optimizer, a target copy, a gradient norm or a checkpoint each is
 * one operation, whatever the number of layers.
 *
 * @module
 */
import type { NdArray } from "../core/nd_array.ts";
import * as tf from "./tensorflow.ts";

/** Names and shapes of the arrays in a parameter vector, in order. */
export type ParameterLayout = readonly {
  /** What it is called in `weights.safetensors`. */
  readonly name: string;
  /** Length along each axis. */
  readonly shape: readonly number[];
}[];

function length(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

/**
 * Number of parameters.
 *
 * @param layout The arrays.
 */
export function parameterCount(layout: ParameterLayout): number {
  return layout.reduce((sum, { shape }) => sum + length(shape), 0);
}

/**
 * A variable that begins with some values.
 *
 * @param values Copied, which tfjs's cpu backend by itself would not do.
 */
export function parameterVariable(
  values: Float32Array,
): tf.Variable<tf.Rank.R1> {
  return tf.tidy(() => tf.variable(tf.tensor1d(values.slice()), false));
}

/**
 * The arrays of a parameter vector, as tensors of their own.
 *
 * @param vector Shape [parameters].
 * @param layout The arrays.
 */
export function unpack(
  vector: tf.Tensor,
  layout: ParameterLayout,
): tf.Tensor[] {
  const sizes = layout.map(({ shape }) => length(shape));
  const parts = tf.split(vector as tf.Tensor1D, sizes);
  return parts.map((part, i) => {
    const { shape } = layout[i];
    return shape.length === 1 ? part : tf.reshape(part, [...shape]);
  });
}

/**
 * One vector of all arrays; the inverse of {@linkcode unpack}.
 *
 * @param tensors In the layout's order.
 */
export function pack(tensors: tf.Tensor[]): tf.Tensor1D {
  return tf.concat1d(
    tensors.map((tensor) =>
      tensor.rank === 1 ? tensor as tf.Tensor1D : tf.reshape(tensor, [-1])
    ),
  );
}

/**
 * Cuts a vector's values into named arrays, for an archive.
 *
 * @param values Shape [parameters].
 * @param layout The arrays.
 */
export function namedArrays(
  values: Float32Array,
  layout: ParameterLayout,
): Record<string, NdArray> {
  const arrays: Record<string, NdArray> = {};
  let offset = 0;
  for (const { name, shape } of layout) {
    const end = offset + length(shape);
    arrays[name] = { shape, data: values.slice(offset, end) };
    offset = end;
  }
  return arrays;
}

/**
 * One vector of named arrays; the inverse of {@linkcode namedArrays}. Throws
 * `TypeError` when a name or shape is missing.
 *
 * @param arrays From an archive.
 * @param layout What is wanted.
 */
export function vectorOf(
  arrays: Readonly<Record<string, NdArray>>,
  layout: ParameterLayout,
): Float32Array {
  const values = new Float32Array(parameterCount(layout));
  let offset = 0;
  for (const { name, shape } of layout) {
    const array = arrays[name];
    if (
      !(array?.data instanceof Float32Array) ||
      array.shape.join() !== shape.join()
    ) {
      throw new TypeError(
        `Cannot load the array "${name}": found ${
          array ? `shape [${array.shape}]` : "none"
        }, expected 32-bit floats of shape [${shape}]`,
      );
    }
    values.set(array.data, offset);
    offset += length(shape);
  }
  return values;
}

/**
 * A variable's values as named arrays, for an archive.
 *
 * @param variable Shape [parameters].
 * @param layout The arrays.
 */
export async function readArrays(
  variable: tf.Variable,
  layout: ParameterLayout,
): Promise<Record<string, NdArray>> {
  return namedArrays(await variable.data() as Float32Array, layout);
}

/**
 * Puts named arrays into a variable. Throws `TypeError` when a name or shape is
 * missing.
 *
 * @param variable Shape [parameters].
 * @param arrays From an archive; undefined where it has none.
 * @param layout What is wanted.
 */
export function assignArrays(
  variable: tf.Variable,
  arrays: Readonly<Record<string, NdArray>> | undefined,
  layout: ParameterLayout,
): void {
  const values = vectorOf(arrays ?? {}, layout);
  tf.tidy(() => variable.assign(tf.tensor1d(values)));
}
