/**
 * Losses, element by element or row by row; their mean is the caller's.
 *
 * @module
 */
import { oneHot } from "./one_hot.ts";
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

/**
 * Squared errors, averaged over each row.
 *
 * @param outputs Shape [rows, values].
 * @param targets Shape [rows, values].
 * @returns Shape [rows].
 */
export function meanSquaredError(
  outputs: tf.Tensor,
  targets: tf.Tensor,
): tf.Tensor {
  return tf.mean(tf.square(tf.sub(outputs, targets)), -1);
}

/**
 * Negative log probability of each row's class, by the softmax of its logits.
 *
 * @param logits Finite: a class is excluded by a large negative one. Shape
 * [rows, classes].
 * @param labels Whole numbers from 0 to classes - 1; for others the loss is 0.
 * Shape [rows].
 * @returns Shape [rows].
 */
export function crossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  return softCrossEntropy(logits, oneHot(labels, logits.shape.at(-1)!));
}

/**
 * Mean negative log probability of each row's classes, by the softmax of its
 * logits, where the classes themselves have probabilities.
 *
 * @param logits Finite: a class is excluded by a large negative one. Shape
 * [rows, classes].
 * @param probabilities Shape [rows, classes].
 * @returns Shape [rows].
 */
export function softCrossEntropy(
  logits: tf.Tensor,
  probabilities: tf.Tensor,
): tf.Tensor {
  return tf.neg(
    tf.sum(tf.mul(tf.logSoftmax(logits, -1), probabilities), -1),
  );
}

/**
 * Negative log probability of outcomes of yes or no, by the sigmoid of a logit:
 * max(x, 0) - x t + log(1 + exp(-|x|)), which neither overflows nor cancels.
 *
 * @param logits Any shape.
 * @param targets Probability of yes, from 0 to 1. The same shape.
 */
export function binaryCrossEntropy(
  logits: tf.Tensor,
  targets: tf.Tensor,
): tf.Tensor {
  const loss = tf.customGrad((...given) => {
    const [logits, targets, save] = given as [
      tf.Tensor,
      tf.Tensor,
      tf.GradSaveFunc,
    ];
    save([logits, targets]);
    const linear = tf.sub(tf.relu(logits), tf.mul(logits, targets));
    return {
      value: tf.add(linear, tf.softplus(tf.neg(tf.abs(logits)))),
      gradFunc: (outward: tf.Tensor, [logits, targets]: tf.Tensor[]) => [
        tf.mul(outward, tf.sub(tf.sigmoid(logits), targets)),
        tf.mul(outward, tf.neg(logits)),
      ],
    };
  });
  return loss(logits, targets);
}
