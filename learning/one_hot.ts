/**
 * Rows that pick one value.
 *
 * @module
 */
import * as tf from "./tensorflow.ts";

/**
 * One row for each index, 1 at its place and 0 elsewhere.
 *
 * Cast afterwards: asked for floats, the wasm kernel of tfjs 4.22 writes the
 * bits of whole numbers, which read as zeros.
 *
 * @param indices Shape [rows], whole numbers from 0 to `depth` - 1.
 * @param depth Length of a row.
 * @returns 32-bit floats of shape [rows, depth].
 */
export function oneHot(indices: tf.Tensor, depth: number): tf.Tensor2D {
  const whole = indices.dtype === "int32" ? indices : tf.cast(indices, "int32");
  return tf.cast(tf.oneHot(whole, depth), "float32") as tf.Tensor2D;
}
