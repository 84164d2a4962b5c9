/**
 * Returns that mix all lengths.
 *
 * @module
 */
import * as tf from "../../learning/tensorflow.ts";

/** What {@linkcode lambdaReturns} takes beside the values. */
export interface LambdaReturns {
  /** Shape [time, columns]. */
  rewards: tf.Tensor2D;
  /** gamma, or 0 where the task ended. Shape [time, columns]. */
  discounts: tf.Tensor2D;
  /**
   * 1 at each sequence's last step, after which only the value counts, else 0.
   * Shape [time, columns].
   */
  ends: tf.Tensor2D;
  /** From 0, one step, to 1, all rewards of the sequence. */
  lambda: number;
}

/**
 * The lambda returns of sequences (Sutton and Barto, 2018, equation 12.2), in
 * their recursive form:
 *
 *     G(t) = r(t) + d(t) ((1 - lambda) V(t + 1) + lambda G(t + 1))
 *
 * where G stands for V after a sequence's last step, which bootstraps where it
 * was cut and not where the task ended.
 *
 * @param values Of what is seen before each step and after the last. Shape
 * [time + 1, columns].
 * @param given Rewards, discounts, ends and lambda.
 * @returns Shape [time, columns].
 */
export function lambdaReturns(
  values: tf.Tensor2D,
  given: LambdaReturns,
): tf.Tensor2D {
  const { rewards, discounts, ends, lambda } = given;
  const [time, columns] = rewards.shape;
  const following = tf.slice(values, [1, 0], [time, columns]);
  if (lambda === 0) return tf.add(rewards, tf.mul(discounts, following));
  const passedOn = tf.mul(discounts, tf.mul(lambda, tf.sub(1, ends)));
  const here = tf.add(
    rewards,
    tf.mul(tf.sub(discounts, passedOn), following),
  );
  const shares = tf.split(passedOn, time);
  const returns = tf.split(here, time);
  for (let t = time - 2; t >= 0; t--) {
    returns[t] = tf.add(returns[t], tf.mul(shares[t], returns[t + 1]));
  }
  return tf.concat(returns) as tf.Tensor2D;
}
