/**
 * Optimizers as pure functions over explicit state.
 *
 * tfjs's own bake the learning rate into the graph as a JavaScript number;
 * these take it as an input, so that schedules change it without a new step.
 *
 * @module
 */
import * as tf from "./tensorflow.ts";

/** What Adam remembers; all are vectors as long as the parameters. */
export interface AdamState {
  /** Running mean of the gradients. */
  readonly mean: tf.Variable;
  /** Running mean of their squares. */
  readonly square: tf.Variable;
}

/**
 * A state of zeros.
 *
 * @param size Number of parameters.
 */
export function createAdamState(size: number): AdamState {
  return {
    mean: tf.variable(tf.zeros([size]), false),
    square: tf.variable(tf.zeros([size]), false),
  };
}

/** Constants of {@linkcode adam}. */
export interface AdamOptions {
  /** Decay of the running mean. Default 0.9. */
  beta1?: number;
  /** Decay of the running square. Default 0.999. */
  beta2?: number;
  /** Keeps the quotient finite. Default 1e-8. */
  epsilon?: number;
}

/**
 * Size of Adam's step after its bias corrections, to be passed to
 * {@linkcode adam}: the learning rate over 1 - beta1^t, and the square root
 * of 1 - beta2^t.
 *
 * @param learningRate The schedule's current value.
 * @param step 1 for the first update.
 */
export function adamCorrection(
  learningRate: number,
  step: number,
  options: AdamOptions = {},
): Float32Array {
  const { beta1 = 0.9, beta2 = 0.999 } = options;
  return Float32Array.of(
    learningRate / (1 - beta1 ** step),
    Math.sqrt(1 - beta2 ** step),
  );
}

/**
 * Parameters after one step of Adam (Kingma and Ba, 2015, Algorithm 1); the
 * state is updated in place.
 *
 * @param parameters Shape [parameters].
 * @param gradient Shape [parameters].
 * @param state Of {@linkcode createAdamState}.
 * @param correction Of {@linkcode adamCorrection}, shape [2].
 */
export function adam(
  parameters: tf.Tensor,
  gradient: tf.Tensor,
  state: AdamState,
  correction: tf.Tensor,
  options: AdamOptions = {},
): tf.Tensor {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const [rate, root] = tf.split(correction as tf.Tensor1D, 2);
  const mean = tf.add(
    tf.mul(state.mean, beta1),
    tf.mul(gradient, 1 - beta1),
  );
  const square = tf.add(
    tf.mul(state.square, beta2),
    tf.mul(tf.square(gradient), 1 - beta2),
  );
  state.mean.assign(mean);
  state.square.assign(square);
  const scale = tf.add(tf.div(tf.sqrt(square), root), epsilon);
  return tf.sub(parameters, tf.mul(rate, tf.div(mean, scale)));
}

/**
 * A gradient scaled down to a largest Euclidean norm, as
 * `torch.nn.utils.clip_grad_norm_` does.
 *
 * @param gradient Shape [parameters].
 * @param maximumNorm Above 0; Infinity leaves the gradient as it is.
 */
export function clipByNorm(
  gradient: tf.Tensor,
  maximumNorm: number,
): tf.Tensor {
  if (maximumNorm === Infinity) return gradient;
  const norm = tf.sqrt(tf.sum(tf.square(gradient)));
  return tf.mul(
    gradient,
    tf.minimum(tf.div(maximumNorm, tf.add(norm, 1e-6)), 1),
  );
}
