/**
 * Losses, element by element.
 *
 * @module
 */
import * as tf from "./tensorflow.ts";

/**
 * Huber's loss with threshold 1 (smooth L1): half the square within +-1, and
 * beyond it the absolute value less one half.
 *
 * @param error Any shape.
 */
export function huber(error: tf.Tensor): tf.Tensor {
  const size = tf.abs(error);
  const inner = tf.minimum(size, 1);
  return tf.mul(inner, tf.sub(size, tf.mul(inner, 0.5)));
}
