/**
 * Gaussian actions, also those squashed into an interval, on tensors.
 *
 * @module
 */
import * as tf from "./tensorflow.ts";

/** A Gaussian distribution of independent values in each row. */
export interface Gaussian {
  /** Means. Shape [rows, values]. */
  mean: tf.Tensor;
  /** Logarithms of the standard deviations. Shape [rows, values] or [values]. */
  logStd: tf.Tensor;
}

const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * Log probability densities of rows.
 *
 * @param values Shape [rows, values].
 * @param gaussian Where they come from.
 * @returns Shape [rows].
 */
export function gaussianLogProbability(
  values: tf.Tensor,
  { mean, logStd }: Gaussian,
): tf.Tensor {
  const noise = tf.mul(tf.sub(values, mean), tf.exp(tf.neg(logStd)));
  return noiseLogProbability(noise, logStd);
}

/**
 * Log probability densities of rows of hyperbolic tangents of Gaussian values,
 * as the soft actor-critic needs them (Haarnoja et al., 2018, appendix C).
 *
 * @param unsquashed The values that the tangents were taken of, for they cannot
 * be had from tangents near one. Shape [rows, values].
 * @param gaussian Where these come from.
 * @returns Shape [rows].
 */
export function squashedGaussianLogProbability(
  unsquashed: tf.Tensor,
  gaussian: Gaussian,
): tf.Tensor {
  return tf.sub(
    gaussianLogProbability(unsquashed, gaussian),
    logSlopeOfTanh(unsquashed),
  );
}

/** Actions within +-1, and how probable they were. */
export interface SquashedSample {
  /** Shape [rows, values]. */
  actions: tf.Tensor;
  /** Log probability densities. Shape [rows]. */
  logProbabilities: tf.Tensor;
}

/**
 * Squashed Gaussian actions made of noise, tanh(mean + std noise), and their
 * log probability densities. Differentiable in mean and deviation.
 *
 * @param noise Drawn from the standard normal distribution. Shape [rows,
 * values].
 * @param gaussian Where the actions shall come from.
 */
export function squashedGaussian(
  noise: tf.Tensor,
  { mean, logStd }: Gaussian,
): SquashedSample {
  const unsquashed = tf.add(mean, tf.mul(tf.exp(logStd), noise));
  return {
    actions: tf.tanh(unsquashed),
    // Of the noise itself: by way of mean and deviation, gradients would be
    // differences of equal numbers.
    logProbabilities: tf.sub(
      noiseLogProbability(noise, logStd),
      logSlopeOfTanh(unsquashed),
    ),
  };
}

/** Log density of what is so many standard deviations from its mean. */
function noiseLogProbability(noise: tf.Tensor, logStd: tf.Tensor): tf.Tensor {
  const sums = tf.sum(tf.add(tf.mul(tf.square(noise), 0.5), logStd), -1);
  return tf.sub(-HALF_LOG_2_PI * noise.shape.at(-1)!, sums);
}

/**
 * Sum over each row of log(1 - tanh(u)^2), as 2 (log 2 - u - softplus(-2 u)):
 * 1 - tanh(u)^2 itself is zero in 32 bits from u = 10.
 */
function logSlopeOfTanh(unsquashed: tf.Tensor): tf.Tensor {
  const positive = tf.add(unsquashed, tf.softplus(tf.mul(unsquashed, -2)));
  return tf.mul(
    tf.sub(unsquashed.shape.at(-1)! * Math.LN2, tf.sum(positive, -1)),
    2,
  );
}
