/**
 * A linear step that is normal and contracts, whatever its parameters are.
 *
 * @module
 */
import * as tf from "../../learning/tensorflow.ts";
import type { SlowMode } from "./slow_mode.ts";

export type { SlowMode };

/** Blocks of K. */
export interface OperatorShape {
  /** Modes that decay without turning: blocks of 1 x 1. Default 6. */
  realModes: number;
  /** Modes that turn: blocks of 2 x 2. Default 1. */
  pairs: number;
  /**
   * Least ratio of one block's rate to the next slower one's, from 1. Default
   * 2.
   */
  separation: number;
}

/** First ratio of one rate to the next slower one's, in separations. */
const FIRST_RATIO = 1.5;
/** Longest timescale that is believed, in lengths of the longest series. */
const SEEN = 10;
/** Shortest, in steps. */
const FASTEST = 0.1;

/** Parameters of K as tensors. */
export interface OperatorTensors extends OperatorShape {
  /** Logarithms of the increments of the rates; see {@linkcode advance}. */
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
  { logRates, angles, realModes, pairs, separation }: OperatorTensors,
): tf.Tensor2D {
  const blocks = realModes + pairs;
  const rates = tf.matMul(
    tf.reshape(tf.exp(logRates), [1, blocks]) as tf.Tensor2D,
    tf.tensor2d(growth(blocks, separation), [blocks, blocks]),
  );
  const decay = tf.exp(tf.neg(tf.mul(steps, rates))) as tf.Tensor2D;
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
 * Takes the increments of rates, r_k - s r_(k-1), to the rates: r_k is the sum
 * of s^(k-j) times increment j over j up to k.
 */
function growth(blocks: number, separation: number): Float32Array {
  return Float32Array.from({ length: blocks * blocks }, (_, i) => {
    const [from, to] = [Math.floor(i / blocks), i % blocks];
    return from <= to ? separation ** (to - from) : 0;
  });
}

/**
 * K as a dense matrix.
 *
 * @param values Logarithms of rates, then angles.
 * @param shape Blocks.
 */
export function operatorMatrix(
  values: ArrayLike<number>,
  { realModes, pairs, separation }: OperatorShape,
): Float64Array {
  const latent = realModes + 2 * pairs;
  const matrix = new Float64Array(latent * latent);
  const rates = new Float64Array(realModes + pairs);
  for (let block = 0, rate = 0; block < rates.length; block++) {
    rate = separation * rate + Math.exp(values[block]);
    rates[block] = rate;
  }
  const modulus = (block: number) => Math.exp(-rates[block]);
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
 * First parameters: the slowest mode at a given rate, each further one some
 * times faster than the last.
 *
 * @param shape Blocks.
 * @param slowest Rate of the slowest mode, a step.
 */
export function initialOperator(
  { realModes, pairs, separation }: OperatorShape,
  slowest: number,
): Float32Array {
  const values = new Float32Array(realModes + 2 * pairs);
  const ratio = FIRST_RATIO * separation;
  for (let block = 0; block < realModes + pairs; block++) {
    const increment = block === 0
      ? 1
      : ratio ** block - separation * ratio ** (block - 1);
    values[block] = Math.log(increment * slowest);
  }
  for (let pair = 0; pair < pairs; pair++) {
    values[realModes + pairs + pair] = 0.01 * (pair + 1);
  }
  return values;
}

/**
 * The rate of a slow mode, a step, within what series of some lengths can show.
 *
 * @param mode What was measured.
 * @param counts Samples of each series.
 */
export function slowestRate(
  { timescale }: SlowMode,
  counts: readonly number[],
): number {
  const longest = SEEN * Math.max(...counts);
  return 1 / Math.max(FASTEST, Math.min(longest, timescale));
}
