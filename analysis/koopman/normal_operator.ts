/**
 * A linear step that is normal and contracts, whatever its parameters are.
 *
 * @module
 */
import * as tf from "../../learning/tensorflow.ts";
import { estimateOperator } from "./operator.ts";
import { sampleCount, type Trajectories } from "./trajectories.ts";

/** Blocks of K. */
export interface OperatorShape {
  /** Modes that decay without turning: blocks of 1 x 1. Default 6. */
  realModes: number;
  /** Modes that turn: blocks of 2 x 2. Default 1. */
  pairs: number;
}

/** Parameters of K as tensors. */
export interface OperatorTensors extends OperatorShape {
  /** ln(-ln |lambda|) of each block, real ones first. */
  logRates: tf.Tensor;
  /** Argument of lambda of each pair, where there are any. */
  angles?: tf.Tensor;
}

/**
 * Latent states some steps on, z K^h. Up to an orthogonal change of basis,
 * which the encoder takes up, every real normal matrix consists of blocks
 * |lambda| and |lambda| [[cos, sin], [-sin, cos]] (Horn and Johnson, "Matrix
 * Analysis", theorem 2.5.8); moduli exp(-exp(p)) are below one for every p.
 * So a power costs no more than one step.
 *
 * @param states Shape [rows, latent]: real modes, then the pairs' first
 * values, then their second.
 * @param steps h, need not be whole. Shape [rows, 1].
 * @param operator Its parameters.
 */
export function advance(
  states: tf.Tensor2D,
  steps: tf.Tensor,
  { logRates, angles, realModes, pairs }: OperatorTensors,
): tf.Tensor2D {
  const decay = tf.exp(tf.neg(tf.mul(steps, tf.exp(logRates)))) as tf.Tensor2D;
  if (!angles) return tf.mul(states, decay);
  const [realDecay, pairDecay] = tf.split(decay, [realModes, pairs], 1);
  const [real, first, second] = tf.split(states, [realModes, pairs, pairs], 1);
  const turn = tf.mul(steps, angles);
  const cosine = tf.mul(pairDecay, tf.cos(turn));
  const sine = tf.mul(pairDecay, tf.sin(turn));
  return tf.concat([
    tf.mul(real, realDecay),
    tf.sub(tf.mul(first, cosine), tf.mul(second, sine)),
    tf.add(tf.mul(first, sine), tf.mul(second, cosine)),
  ], 1) as tf.Tensor2D;
}

/**
 * K as a dense matrix.
 *
 * @param values Logarithms of rates, then angles.
 * @param shape Blocks.
 */
export function operatorMatrix(
  values: ArrayLike<number>,
  { realModes, pairs }: OperatorShape,
): Float64Array {
  const latent = realModes + 2 * pairs;
  const matrix = new Float64Array(latent * latent);
  const modulus = (block: number) => Math.exp(-Math.exp(values[block]));
  for (let i = 0; i < realModes; i++) matrix[i * (latent + 1)] = modulus(i);
  for (let pair = 0; pair < pairs; pair++) {
    const first = realModes + pair;
    const second = first + pairs;
    const scale = modulus(realModes + pair);
    const angle = values[realModes + pairs + pair];
    matrix[first * latent + first] = scale * Math.cos(angle);
    matrix[second * latent + second] = scale * Math.cos(angle);
    matrix[second * latent + first] = -scale * Math.sin(angle);
    matrix[first * latent + second] = scale * Math.sin(angle);
  }
  return matrix;
}

/**
 * First parameters: the slowest mode at the timescale that a linear model sees
 * a twentieth of the longest series apart, each further mode three times
 * faster. Modes that the data do not need stay where they begin, so none may
 * begin slower than what is seen.
 *
 * @param shape Blocks.
 * @param trajectories What is learned from.
 */
export function initialOperator(
  { realModes, pairs }: OperatorShape,
  trajectories: Trajectories,
): Float32Array {
  const longest = Math.max(
    ...trajectories.series.map((_, i) => sampleCount(trajectories, i)),
  );
  const lag = Math.max(1, Math.floor(longest / 20));
  const slowest = estimateOperator(trajectories, { lag }).timescales[0] /
    trajectories.interval;
  const steps = slowest > 0 && slowest < longest ? slowest : longest / 4;
  const values = new Float32Array(realModes + 2 * pairs);
  for (let block = 0; block < realModes + pairs; block++) {
    values[block] = Math.log(3 ** block / steps);
  }
  for (let pair = 0; pair < pairs; pair++) {
    values[realModes + pairs + pair] = 0.01 * (pair + 1);
  }
  return values;
}
