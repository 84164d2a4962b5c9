/**
 * How the values of a team follow from its agents' utilities.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import { initialParameters, mlp, mlpLayout } from "../../learning/networks.ts";
import type { ParameterLayout } from "../../learning/parameters.ts";
import * as tf from "../../learning/tensorflow.ts";

/**
 * The mixers: `qmix`, monotonic by hypernetworks (Rashid et al., 2018); `vdn`,
 * the sum (Sunehag et al., 2018); `none`, each utility a value of its own
 * (independent learners: Tan, 1993).
 */
export const MIXERS = ["qmix", "vdn", "none"] as const;

/** Name of a mixer. */
export type Mixer = typeof MIXERS[number];

/** Shape of a mixing network. */
export interface MixerShape {
  /** Which one. */
  readonly mixer: Mixer;
  /** Number of utilities. */
  readonly utilities: number;
  /** Values of the global state. */
  readonly stateSize: number;
  /** Width of the mixing network. */
  readonly mixingEmbedDim: number;
  /** Width of the hypernetworks' hidden layer; 0 where they have none. */
  readonly hypernetEmbedDim: number;
}

/** The networks that give the weights and biases, as widths of layers. */
function hypernetworks(shape: MixerShape): [string, number[]][] {
  const { mixer, utilities, stateSize, mixingEmbedDim } = shape;
  if (mixer !== "qmix") return [];
  const hidden = shape.hypernetEmbedDim === 0 ? [] : [shape.hypernetEmbedDim];
  return [
    ["weight1", [stateSize, ...hidden, utilities * mixingEmbedDim]],
    ["bias1", [stateSize, mixingEmbedDim]],
    ["weight2", [stateSize, ...hidden, mixingEmbedDim]],
    ["bias2", [stateSize, mixingEmbedDim, 1]],
  ];
}

/**
 * The arrays of a mixer: perceptrons `mixer.weight1`, `mixer.bias1`,
 * `mixer.weight2` and `mixer.bias2` of the global state; none but for `qmix`.
 *
 * @param shape Throws `RangeError` for widths that are no whole numbers from 1.
 */
export function mixerLayout(shape: MixerShape): ParameterLayout {
  return hypernetworks(shape).flatMap(([name, sizes]) =>
    mlpLayout(`mixer.${name}`, sizes)
  );
}

/**
 * First values of a mixer's parameters, as PyTorch draws them.
 *
 * @param shape Of the mixer.
 * @param random The stream to draw from.
 */
export function initialMixerParameters(
  shape: MixerShape,
  random: Random,
): Float32Array {
  return Float32Array.from(
    hypernetworks(shape).flatMap(([name, sizes]) => [
      ...initialParameters(mlpLayout(name, sizes), random),
    ]),
  );
}

/**
 * Number of values that a mixer gives: one, or with `none` as many as there
 * are utilities.
 *
 * @param shape Of the mixer.
 */
export function mixedValues({ mixer, utilities }: MixerShape): number {
  return mixer === "none" ? utilities : 1;
}

/**
 * The team's value of the utilities of what its agents do. For `qmix`
 *
 *     Q = |w2(s)| . elu(|W1(s)| u + b1(s)) + b2(s)
 *
 * with w2, W1, b1 and b2 networks of the state s: never falling in any
 * utility, so that each agent's best choice is the team's (Rashid et al.,
 * "Monotonic Value Function Factorisation", JMLR 2020, equations 4 to 6).
 * Differentiable in parameters and utilities.
 *
 * @param tensors The arrays of {@linkcode mixerLayout}, from `unpack`.
 * @param chosen Shape [rows, utilities].
 * @param options The mixer's shape, and `states` of shape [rows, state].
 * @returns Shape [rows, 1], or [rows, utilities] with `none`.
 */
export function mix(
  tensors: readonly tf.Tensor[],
  chosen: tf.Tensor2D,
  { shape, states }: { shape: MixerShape; states: tf.Tensor2D },
): tf.Tensor2D {
  if (shape.mixer === "none") return chosen;
  if (shape.mixer === "vdn") return tf.sum(chosen, 1, true);
  const { utilities, mixingEmbedDim } = shape;
  const rows = chosen.shape[0];
  let taken = 0;
  const [weight1, bias1, weight2, bias2] = hypernetworks(shape).map(
    ([, sizes]) => {
      const own = tensors.slice(taken, taken += 2 * (sizes.length - 1));
      return mlp(own, states, "relu");
    },
  );
  // Sums of products of few terms: loops, where batches of matrices are not.
  const products = tf.mul(
    tf.reshape(chosen, [rows, utilities, 1]),
    tf.reshape(tf.abs(weight1), [rows, utilities, mixingEmbedDim]),
  );
  const hidden = tf.elu(tf.add(tf.sum(products, 1), bias1));
  return tf.add(
    tf.sum(tf.mul(hidden, tf.abs(weight2)), 1, true),
    bias2,
  );
}
