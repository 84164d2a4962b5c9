/**
 * How the distribution of a Markov chain changes with time.
 *
 * @module
 */
import { type MarkovChain, timesGenerator } from "./markov_chain.ts";

export type { MarkovChain };

/** Options of {@linkcode transientLaw}. */
export interface TransientOptions {
  /** Probability that may be left out. Default 1e-12. */
  tolerance?: number;
}

/** Longest piece, in expected jumps: Poisson weights stay far above 1e-300. */
const LONGEST_PIECE = 400;

/**
 * Advances a distribution by up to {@linkcode LONGEST_PIECE} jumps:
 * p(t) = sum over k of Poisson(k; L t) p P^k with P = I + Q / L.
 */
function advancePiece(
  chain: MarkovChain,
  { law, time, rate, tolerance, scratch }: {
    law: Float64Array;
    time: number;
    rate: number;
    tolerance: number;
    scratch: [Float64Array, Float64Array];
  },
): void {
  const [power, change] = scratch;
  const jumps = rate * time;
  power.set(law);
  let weight = Math.exp(-jumps);
  let rest = 1 - weight;
  for (let i = 0; i < law.length; i++) law[i] *= weight;
  for (let k = 1; rest > tolerance || k < jumps; k++) {
    timesGenerator(chain, power, change);
    let moved = 0;
    for (let i = 0; i < power.length; i++) {
      const step = change[i] / rate;
      power[i] += step;
      moved += Math.abs(step);
    }
    weight *= jumps / k;
    // Where nothing moves any more, all further powers are this one.
    if (moved < tolerance / 10) weight = rest;
    for (let i = 0; i < law.length; i++) law[i] += weight * power[i];
    rest -= weight;
    if (moved < tolerance / 10) return;
  }
}

/**
 * The distribution after some time, by uniformisation (Jensen 1953; Grassmann
 * 1977). Costs about largest exit rate times time products with the generator.
 *
 * @param chain The chain.
 * @param initial Distribution at time 0, shape [N]; not changed.
 * @param time How much later, from 0; throws `RangeError` otherwise.
 * @param options What may be left out.
 * @returns Shape [N].
 */
export function transientLaw(
  chain: MarkovChain,
  initial: Float64Array,
  time: number,
  options: TransientOptions = {},
): Float64Array {
  const { tolerance = 1e-12 } = options;
  if (!(time >= 0 && time < Infinity)) {
    throw new RangeError(
      `Cannot compute the distribution after ${time}: expected a finite time from 0`,
    );
  }
  const law = initial.slice();
  const rate = 1.02 * chain.exitRates.reduce((a, b) => Math.max(a, b), 0);
  if (time === 0 || rate === 0) return law;
  const pieces = Math.ceil(rate * time / LONGEST_PIECE);
  const piece = {
    law,
    time: time / pieces,
    rate,
    tolerance: tolerance / pieces,
    scratch: [
      new Float64Array(chain.states),
      new Float64Array(chain.states),
    ] as [Float64Array, Float64Array],
  };
  for (let i = 0; i < pieces; i++) advancePiece(chain, piece);
  return law;
}

/**
 * Total variation between two distributions: half the sum of absolute
 * differences, from 0 to 1.
 *
 * @param a Shape [N].
 * @param b Shape [N].
 */
export function totalVariation(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / 2;
}
