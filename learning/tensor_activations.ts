/**
 * What layers do to their sums, on tensors, with written-out derivatives.
 *
 * @module
 */
import { type Activation, LEAKY_SLOPE } from "./activations.ts";
import * as tf from "./tensorflow.ts";

/** An activation and its derivative. */
export interface TensorActivation {
  /**
   * The values, and what the derivative needs beside them: always as many
   * tensors.
   *
   * @param sums Any shape.
   */
  forward<T extends tf.Tensor>(sums: T): [values: T, ...extras: T[]];
  /**
   * The gradient by the sums.
   *
   * @param outward Gradient by the values.
   * @param values Of `forward`.
   * @param extras Of `forward`.
   */
  backward<T extends tf.Tensor>(outward: T, values: T, extras: readonly T[]): T;
}

/** Density of the normal distribution at zero. */
const NORMAL_PEAK = 1 / Math.sqrt(2 * Math.PI);

/** The activations, by name. */
export const TENSOR_ACTIVATIONS: Readonly<
  Record<Activation, TensorActivation>
> = {
  relu: {
    forward: (sums) => [tf.relu(sums)],
    backward: (outward, values) => tf.mul(outward, tf.step(values)),
  },
  tanh: {
    forward: (sums) => [tf.tanh(sums)],
    backward: (outward, values) =>
      tf.mul(outward, tf.sub(1, tf.square(values))),
  },
  elu: {
    forward: (sums) => [tf.elu(sums)],
    // exp(sum) below zero, which is the value plus one.
    backward: (outward, values) =>
      tf.mul(outward, tf.add(tf.minimum(values, 0), 1)),
  },
  sigmoid: {
    forward: (sums) => [tf.sigmoid(sums)],
    backward: (outward, values) =>
      tf.mul(outward, tf.sub(values, tf.square(values))),
  },
  softplus: {
    forward: (sums) => [tf.softplus(sums), sums],
    backward: (outward, _, [sums]) => tf.mul(outward, tf.sigmoid(sums)),
  },
  leakyRelu: {
    forward: (sums) => [tf.leakyRelu(sums, LEAKY_SLOPE)],
    backward: (outward, values) =>
      tf.mul(outward, tf.step(values, LEAKY_SLOPE)),
  },
  gelu: {
    forward: (sums) => {
      const error = tf.erf(tf.mul(sums, Math.SQRT1_2));
      const share: typeof sums = tf.add(tf.mul(error, 0.5), 0.5);
      return [tf.mul(sums, share), sums, share];
    },
    // Phi(x) + x phi(x).
    backward: (outward, _, [sums, share]) => {
      const density = tf.exp(tf.mul(tf.square(sums), -0.5));
      const bend = tf.mul(tf.mul(sums, NORMAL_PEAK), density);
      return tf.mul(outward, tf.add(share, bend));
    },
  },
  silu: {
    forward: (sums) => {
      const share = tf.sigmoid(sums);
      return [tf.mul(sums, share), share];
    },
    // s + x s (1 - s) = value + s (1 - value).
    backward: (outward, values, [share]) =>
      tf.mul(outward, tf.add(values, tf.mul(share, tf.sub(1, values)))),
  },
  identity: {
    forward: (sums) => [sums],
    backward: (outward) => outward,
  },
};

/**
 * Takes a tensor through an activation. Differentiable.
 *
 * @param sums Any shape.
 * @param activation Which.
 */
export function activate<T extends tf.Tensor>(
  sums: T,
  activation: Activation,
): T {
  // tfjs loses the gradient of a customGrad that returns what it was given.
  if (activation === "identity") return sums;
  const { forward, backward } = TENSOR_ACTIVATIONS[activation];
  const function_ = tf.customGrad<T>((...given) => {
    const [sums, save] = given as unknown as [T, tf.GradSaveFunc];
    const [value, ...extras] = forward(sums);
    save([value, ...extras]);
    const gradFunc = (outward: T, [value, ...extras]: tf.Tensor[]) =>
      backward(outward, value as T, extras as T[]);
    return { value, gradFunc };
  });
  return function_(sums);
}
