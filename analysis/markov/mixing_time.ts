/**
 * How long a Markov chain takes to forget where it began.
 *
 * @module
 */
import type { MarkovChain } from "./markov_chain.ts";
import { slowModes } from "./spectrum.ts";
import { stationaryLaw } from "./stationary_law.ts";
import { totalVariation, transientLaw } from "./transient_law.ts";

export type { MarkovChain };

/** Options of {@linkcode mixingTime}. */
export interface MixingTimeOptions {
  /** States it may begin in; the slowest of them counts. */
  starts: readonly number[];
  /** Total variation to be reached, above 0 below 1. Default 0.01. */
  epsilon?: number;
  /** Stationary distribution, where it is known already. */
  law?: Float64Array;
  /** Error of the time, relative. Default 1e-3. */
  precision?: number;
  /** Longest time to look at, in jumps of the chain. Default 2e6. */
  maximumJumps?: number;
}

type Settings = Required<Omit<MixingTimeOptions, "starts">> & {
  /** Rate of the slowest mode. */
  slowest: number;
};

/** Relative error of the decay from which on a single mode is taken as left. */
const SETTLED = 1e-4;

function mixingTimeFrom(
  chain: MarkovChain,
  start: number,
  options: Settings,
): number {
  const { epsilon, law, precision, maximumJumps, slowest } = options;
  const fastest = chain.exitRates.reduce((a, b) => Math.max(a, b), 0);
  let current = new Float64Array(chain.states);
  current[start] = 1;
  let distance = totalVariation(current, law);
  if (distance <= epsilon) return 0;
  let time = 0;
  let step = 10 / fastest;
  let settled = 0;
  // Distance never grows: go ahead in growing steps, then halve the last one.
  for (;;) {
    const next = transientLaw(chain, current, step) as typeof current;
    const distanceThen = totalVariation(next, law);
    if (distanceThen <= epsilon) break;
    const decay = Math.log(distance / distanceThen) / step;
    settled = Math.abs(decay / slowest - 1) < SETTLED ? settled + 1 : 0;
    current = next;
    distance = distanceThen;
    time += step;
    // Only the slowest mode is left: from here on the distance is known.
    if (settled === 2) return time + Math.log(distance / epsilon) / slowest;
    step *= 1.3;
    if (time * fastest > maximumJumps) {
      throw new RangeError(
        `Cannot follow the chain from state ${start} until it has mixed: that takes longer than ${time}, expected a chain that mixes sooner`,
      );
    }
  }
  while (step > precision * time) {
    step /= 2;
    const next = transientLaw(chain, current, step) as typeof current;
    if (totalVariation(next, law) > epsilon) {
      current = next;
      time += step;
    }
  }
  return time + step;
}

/**
 * The mixing time: the first at which the distribution is within `epsilon` of
 * the stationary one in total variation, from the slowest of some starts
 * (Levin and Peres, "Markov Chains and Mixing Times", 2017, ch. 4). By
 * uniformisation, until the distance falls at the slowest mode's rate, and by
 * that rate from there on.
 *
 * @param chain An irreducible chain.
 * @param options Starts, distance. Throws `RangeError` where it takes longer
 * than `maximumJumps` jumps.
 */
export function mixingTime(
  chain: MarkovChain,
  options: MixingTimeOptions,
): number {
  const {
    starts,
    epsilon = 0.01,
    law = stationaryLaw(chain),
    precision = 1e-3,
    maximumJumps = 2e6,
  } = options;
  if (!(epsilon > 0 && epsilon < 1) || starts.length === 0) {
    throw new RangeError(
      `Cannot compute the mixing time to ${epsilon} from ${starts.length} states: expected a distance between 0 and 1, and at least one state`,
    );
  }
  const [{ real }] = slowModes(chain, { count: 1, law });
  const settings = { epsilon, law, precision, maximumJumps, slowest: -real };
  return Math.max(
    ...starts.map((start) => mixingTimeFrom(chain, start, settings)),
  );
}
