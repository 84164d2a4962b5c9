/**
 * Optimizers as pure functions over explicit state.
 *
 * tfjs's own bake the learning rate into the graph as a JavaScript number;
 * these take it as an input, so that schedules change it without a new step.
 * Definitions are those of `torch.optim`, but where Adam's paper is cited.
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

/**
 * What an optimizer remembers from step to step: vectors by name, all as long
 * as the parameters.
 */
export type OptimizerState<Part extends string = string> = Readonly<
  Record<Part, tf.Variable>
>;

function zeros<Part extends string>(
  size: number,
  parts: readonly Part[],
): OptimizerState<Part> {
  return Object.fromEntries(
    parts.map((part) => [part, parameterVariable(new Float32Array(size))]),
  ) as OptimizerState<Part>;
}

function named(part: string, layout: ParameterLayout): ParameterLayout {
  return layout.map(({ name, shape }) => ({ name: `${part}.${name}`, shape }));
}

/**
 * What an optimizer remembers as named arrays, for `optimizer.safetensors`:
 * `PART.NAME` of each part of the state and each parameter array.
 *
 * @param state Of any optimizer.
 * @param layout The parameter arrays.
 */
export async function readOptimizerState(
  state: OptimizerState,
  layout: ParameterLayout,
): Promise<Record<string, NdArray>> {
  const arrays: Record<string, NdArray> = {};
  for (const [part, vector] of Object.entries(state)) {
    Object.assign(arrays, await readArrays(vector, named(part, layout)));
  }
  return arrays;
}

/**
 * Goes on from what {@linkcode readOptimizerState} returned. Throws `TypeError`
 * when an array is missing.
 *
 * @param state Overwritten.
 * @param arrays From an archive; undefined where it has none.
 * @param layout The parameter arrays.
 */
export function assignOptimizerState(
  state: OptimizerState,
  arrays: Readonly<Record<string, NdArray>> | undefined,
  layout: ParameterLayout,
): void {
  for (const [part, vector] of Object.entries(state)) {
    assignArrays(vector, arrays, named(part, layout));
  }
}

/** What {@linkcode sgd} takes beside parameters and gradient. */
export interface SgdStep {
  /** The schedule's current value, shape [1]. */
  learningRate: tf.Tensor;
}

/**
 * Parameters after one step down the gradient.
 *
 * @param parameters Shape [parameters].
 * @param gradient Shape [parameters].
 * @param step What changes from step to step.
 */
export function sgd(
  parameters: tf.Tensor,
  gradient: tf.Tensor,
  step: SgdStep,
): tf.Tensor {
  return tf.sub(parameters, tf.mul(step.learningRate, gradient));
}

/** What {@linkcode momentum} remembers: decaying sum of the gradients. */
export type MomentumState = OptimizerState<"velocity">;

/**
 * A state of zeros.
 *
 * @param size Number of parameters.
 */
export function createMomentumState(size: number): MomentumState {
  return zeros(size, ["velocity"]);
}

/** What {@linkcode momentum} takes beside parameters and gradient. */
export interface MomentumStep extends SgdStep {
  /** Of {@linkcode createMomentumState}; updated in place. */
  state: MomentumState;
  /** Decay of the velocity. Default 0.9. */
  momentum?: number;
  /** Whether to look one step ahead. Default false. */
  nesterov?: boolean;
}

/**
 * Parameters after one step of gradient descent with momentum, as
 * `torch.optim.SGD` without dampening defines it (Sutskever et al., 2013, but
 * the learning rate scales the velocity as it is used, not as it is summed).
 *
 * @param parameters Shape [parameters].
 * @param gradient Shape [parameters].
 * @param step State, and what changes from step to step.
 */
export function momentum(
  parameters: tf.Tensor,
  gradient: tf.Tensor,
  step: MomentumStep,
): tf.Tensor {
  const { state, learningRate, momentum = 0.9, nesterov = false } = step;
  const velocity = tf.add(tf.mul(state.velocity, momentum), gradient);
  state.velocity.assign(velocity);
  const direction = nesterov
    ? tf.add(gradient, tf.mul(velocity, momentum))
    : velocity;
  return tf.sub(parameters, tf.mul(learningRate, direction));
}

/**
 * What {@linkcode rmsProp} remembers: running mean of the squared gradients
 * and, with momentum, decaying sum of the scaled ones.
 */
export type RmsPropState =
  | OptimizerState<"square">
  | OptimizerState<"square" | "velocity">;

/** Constants of {@linkcode rmsProp}. */
export interface RmsPropOptions {
  /** Decay of the running square. Default 0.99. */
  alpha?: number;
  /** Added to the root of the square. Default 1e-8. */
  epsilon?: number;
  /** Decay of the velocity; 0 is without. Default 0. */
  momentum?: number;
}

/**
 * A state of zeros.
 *
 * @param size Number of parameters.
 * @param options Those of the steps; `momentum` decides what is remembered.
 */
export function createRmsPropState(
  size: number,
  options: RmsPropOptions = {},
): RmsPropState {
  return options.momentum
    ? zeros(size, ["square", "velocity"])
    : zeros(size, ["square"]);
}

/** What {@linkcode rmsProp} takes beside parameters and gradient. */
export interface RmsPropStep extends SgdStep, Omit<RmsPropOptions, "momentum"> {
  /** Of {@linkcode createRmsPropState}; updated in place. */
  state: RmsPropState;
  /** Decay of the velocity, where the state has one. Default 0. */
  momentum?: number;
}

/**
 * Parameters after one step of RMSprop (Tieleman and Hinton, 2012, lecture
 * 6.5), as `torch.optim.RMSprop` without centring defines it. TensorFlow's
 * adds epsilon below the root, which is another optimizer.
 *
 * @param parameters Shape [parameters].
 * @param gradient Shape [parameters].
 * @param step State, and what changes from step to step. Throws `TypeError`
 * for momentum with a state that was made without.
 */
export function rmsProp(
  parameters: tf.Tensor,
  gradient: tf.Tensor,
  step: RmsPropStep,
): tf.Tensor {
  const { state, learningRate, alpha = 0.99, epsilon = 1e-8 } = step;
  if (step.momentum && !("velocity" in state)) {
    throw new TypeError(
      `Cannot step with a momentum of ${step.momentum}: the state was made without, expected the same options in both`,
    );
  }
  const square = tf.add(
    tf.mul(state.square, alpha),
    tf.mul(tf.square(gradient), 1 - alpha),
  );
  state.square.assign(square);
  const scaled = tf.div(gradient, tf.add(tf.sqrt(square), epsilon));
  if (!step.momentum || !("velocity" in state)) {
    return tf.sub(parameters, tf.mul(learningRate, scaled));
  }
  const velocity = tf.add(tf.mul(state.velocity, step.momentum), scaled);
  state.velocity.assign(velocity);
  return tf.sub(parameters, tf.mul(learningRate, velocity));
}

/** What Adam remembers: running means of the gradients and of their squares. */
export type AdamState = OptimizerState<"mean" | "square">;

/**
 * A state of zeros.
 *
 * @param size Number of parameters.
 */
export function createAdamState(size: number): AdamState {
  return zeros(size, ["mean", "square"]);
}

/** Constants of {@linkcode adamCorrection}. */
export interface AdamOptions {
  /** Decay of the running mean. Default 0.9. */
  beta1?: number;
  /** Decay of the running square. Default 0.999. */
  beta2?: number;
  /** Keeps the quotient finite. Default 1e-8. */
  epsilon?: number;
  /**
   * Share of each parameter, times the learning rate, that a step takes off,
   * beside the gradient (AdamW: Loshchilov and Hutter, 2019, Algorithm 2, as
   * `torch.optim.AdamW` has it). Default 0.
   */
  weightDecay?: number;
}

/** What {@linkcode adam} takes beside parameters and gradient. */
export interface AdamStep extends Pick<AdamOptions, "beta1" | "beta2"> {
  /** Of {@linkcode createAdamState}; updated in place. */
  state: AdamState;
  /** Of {@linkcode adamCorrection}, shape [2], or [3] with weight decay. */
  correction: tf.Tensor;
}

/**
 * What changes from step to step, to be passed to {@linkcode adam}: with the
 * bias corrections in them, as at the end of the paper's section 2, the step
 * size learningRate sqrt(1 - beta2^t) / (1 - beta1^t) and epsilon sqrt(1 -
 * beta2^t); then, where there is weight decay, learningRate weightDecay.
 *
 * @param learningRate The schedule's current value.
 * @param step 1 for the first update.
 */
export function adamCorrection(
  learningRate: number,
  step: number,
  options: AdamOptions = {},
): Float32Array {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } =
    options;
  const root = Math.sqrt(1 - beta2 ** step);
  const size = learningRate * root / (1 - beta1 ** step);
  return weightDecay === 0
    ? Float32Array.of(size, epsilon * root)
    : Float32Array.of(size, epsilon * root, learningRate * weightDecay);
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
  const [size, epsilon, decay] = tf.split(
    correction as tf.Tensor1D,
    correction.shape[0]!,
  );
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
  const change = tf.mul(size, tf.div(mean, scale));
  const decayed = decay === undefined
    ? change
    : tf.add(change, tf.mul(decay, parameters));
  return tf.sub(parameters, decayed);
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

/**
 * Parameters of a target network moved towards those they follow (Lillicrap et
 * al., 2016, section 3): share of the source, and the rest of the target.
 *
 * @param target Shape [parameters].
 * @param source Shape [parameters].
 * @param share From 0 (the target) to 1 (the source). A tensor, of shape [1],
 * where it changes during training.
 */
export function polyakAverage(
  target: tf.Tensor,
  source: tf.Tensor,
  share: number | tf.Tensor,
): tf.Tensor {
  const rest = typeof share === "number" ? 1 - share : tf.sub(1, share);
  return tf.add(tf.mul(source, share), tf.mul(target, rest));
}
