/**
 * How long a Markov chain takes to reach a set of states.
 *
 * @module
 */
import { collect, eliminate } from "./_elimination.ts";
import type { MarkovChain } from "./markov_chain.ts";

export type { MarkovChain };

/** Times until a set is reached, from each state. */
export interface HittingTimes {
  /** Mean, shape [N]; 0 in the set. */
  readonly mean: Float64Array;
  /** Standard deviation, shape [N]. */
  readonly standardDeviation: Float64Array;
}

/**
 * Mean and standard deviation of the time until a set of states is reached:
 * Q u = -1 and Q v = -2 u outside the set, variance v - u^2. Without
 * subtraction, so that also times of 10^9 have their digits.
 *
 * @param chain The chain.
 * @param isTarget Whether a state belongs to the set.
 * @throws {RangeError} No state belongs to it, or it cannot be reached from
 * some state.
 *
 * @example Until a coin with rate 2 falls
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { hittingTimes } from "./hitting_times.ts";
 * import { buildMarkovChain } from "./markov_chain.ts";
 *
 * const chain = buildMarkovChain(2, (state, add) => add(1 - state, state + 1));
 * const { mean, standardDeviation } = hittingTimes(chain, (s) => s === 0);
 * assertAlmostEquals(mean[1], 0.5);
 * assertAlmostEquals(standardDeviation[1], 0.5);
 * ```
 */
export function hittingTimes(
  chain: MarkovChain,
  isTarget: (state: number) => boolean,
): HittingTimes {
  const { states, rowStart, targets, rates } = chain;
  const ending = new Float64Array(states);
  const ones = new Float64Array(states);
  const outside = Uint8Array.from(
    { length: states },
    (_, state) => isTarget(state) ? 0 : 1,
  );
  if (outside.every((each) => each === 1)) {
    throw new RangeError(
      "Cannot compute times to a set without states: expected at least one",
    );
  }
  for (let state = 0; state < states; state++) {
    if (outside[state] === 0) continue;
    ones[state] = 1;
    for (let i = rowStart[state]; i < rowStart[state + 1]; i++) {
      if (outside[targets[i]] === 0) ending[state] += rates[i];
    }
  }
  const elimination = eliminate(chain, ending, (state) => outside[state] === 1);
  const lost = elimination.left.findIndex((rate, state) =>
    rate === 0 && outside[state] === 1
  );
  if (lost >= 0) {
    throw new RangeError(
      `Cannot compute times to a set that state ${lost} never reaches: expected one that all states reach`,
    );
  }
  const mean = collect(elimination, ones);
  const second = collect(elimination, mean.map((u) => 2 * u));
  return {
    mean,
    standardDeviation: second.map((v, i) =>
      Math.sqrt(Math.max(0, v - mean[i] ** 2))
    ),
  };
}
