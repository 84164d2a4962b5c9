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
  // Its derivative is the error itself, limited to +-1.
  const loss = tf.customGrad((...given) => {
    const [error, save] = given as [tf.Tensor, tf.GradSaveFunc];
    save([error]);
    const size = tf.abs(error);
    const inner = tf.minimum(size, 1);
    return {
      value: tf.mul(inner, tf.sub(size, tf.mul(inner, 0.5))),
      gradFunc: (outward: tf.Tensor, saved: tf.Tensor[]) =>
        tf.mul(outward, tf.clipByValue(saved[0], -1, 1)),
    };
  });
  return loss(error);
}
