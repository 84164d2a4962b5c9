/**
 * Optimizers as pure functions over explicit state.
 *
 * tfjs's own bake the learning rate into the graph as a JavaScript number;
 * these take it as an input, so that schedules change it without a new step.
 *
 * @module
 */
import { parameterVariable } from "./parameters.ts";
import type { NdArray } from "../core/nd_array.ts";
import {
  assignArrays,
  type ParameterLayout,
  readArrays,
} from "./parameters.ts";
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
    mean: parameterVariable(new Float32Array(size)),
    square: parameterVariable(new Float32Array(size)),
  };
}

function named(part: string, layout: ParameterLayout): ParameterLayout {
  return layout.map(({ name, shape }) => ({ name: `${part}.${name}`, shape }));
}

/**
 * What Adam remembers as named arrays, for `optimizer.safetensors`: `mean.NAME`
 * and `square.NAME` of each parameter array.
 *
 * @param state Of {@linkcode createAdamState}.
 * @param layout The parameter arrays.
 */
export async function readAdamState(
  state: AdamState,
  layout: ParameterLayout,
): Promise<Record<string, NdArray>> {
  return {
    ...await readArrays(state.mean, named("mean", layout)),
    ...await readArrays(state.square, named("square", layout)),
  };
}

/**
 * Goes on from what {@linkcode readAdamState} returned. Throws `TypeError` when
 * an array is missing.
 *
 * @param state Overwritten.
 * @param arrays From an archive; undefined where it has none.
 * @param layout The parameter arrays.
 */
export function assignAdamState(
  state: AdamState,
  arrays: Readonly<Record<string, NdArray>> | undefined,
  layout: ParameterLayout,
): void {
  assignArrays(state.mean, arrays, named("mean", layout));
  assignArrays(state.square, arrays, named("square", layout));
}

/** Constants of {@linkcode adamCorrection}. */
export interface AdamOptions {
  /** Decay of the running mean. Default 0.9. */
  beta1?: number;
  /** Decay of the running square. Default 0.999. */
  beta2?: number;
  /** Keeps the quotient finite. Default 1e-8. */
  epsilon?: number;
}

/** What {@linkcode adam} takes beside parameters and gradient. */
export interface AdamStep extends Omit<AdamOptions, "epsilon"> {
  /** Of {@linkcode createAdamState}; updated in place. */
  state: AdamState;
  /** Of {@linkcode adamCorrection}, shape [2]. */
  correction: tf.Tensor;
}

/**
 * What changes from step to step, to be passed to {@linkcode adam}: with the
 * bias corrections in them, as at the end of the paper's section 2, the step
 * size learningRate sqrt(1 - beta2^t) / (1 - beta1^t) and epsilon sqrt(1 -
 * beta2^t).
 *
 * @param learningRate The schedule's current value.
 * @param step 1 for the first update.
 */
export function adamCorrection(
  learningRate: number,
  step: number,
  options: AdamOptions = {},
): Float32Array {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const root = Math.sqrt(1 - beta2 ** step);
  return Float32Array.of(
    learningRate * root / (1 - beta1 ** step),
    epsilon * root,
  );
}

/**
 * Parameters after one step of Adam (Kingma and Ba, 2015, Algorithm 1).
 *
 * @param parameters Shape [parameters].
 * @param gradient Shape [parameters].
 * @param step State, and what changes from step to step.
 */
export function adam(
  parameters: tf.Tensor,
  gradient: tf.Tensor,
  step: AdamStep,
): tf.Tensor {
  const { state, correction, beta1 = 0.9, beta2 = 0.999 } = step;
  const [size, epsilon] = tf.split(correction as tf.Tensor1D, 2);
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
  const scale = tf.add(tf.sqrt(square), epsilon);
  return tf.sub(parameters, tf.mul(size, tf.div(mean, scale)));
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
