/**
 * The stationary distribution of a Markov chain.
 *
 * @module
 */
import { eliminate } from "./_elimination.ts";
import type { MarkovChain } from "./markov_chain.ts";

export type { MarkovChain };

/**
 * The stationary distribution: p Q = 0, sum 1. By elimination without
 * subtraction (Grassmann, Taksar and Heyman, 1985), so that also tiny
 * probabilities have all their digits. N b^2 operations, b the bandwidth.
 *
 * @param chain A chain in which state 0 can be reached from everywhere; states
 * that cannot be reached from it get 0. Throws `RangeError` otherwise, or where
 * the band takes more than 1 GiB.
 * @returns Shape [N].
 *
 * @example A queue for one
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { buildMarkovChain } from "./markov_chain.ts";
 * import { stationaryLaw } from "./stationary_law.ts";
 *
 * const chain = buildMarkovChain(2, (state, add) => add(1 - state, state + 1));
 * assertAlmostEquals(stationaryLaw(chain)[0], 2 / 3);
 * ```
 */
export function stationaryLaw(chain: MarkovChain): Float64Array {
  const { states } = chain;
  const { bandwidth: b, band, left } = eliminate(
    chain,
    new Float64Array(states),
  );
  const width = 2 * b + 1;
  const law = new Float64Array(states);
  law[0] = 1;
  let total = 1;
  for (let n = 1; n < states; n++) {
    let inflow = 0;
    for (let i = Math.max(0, n - b); i < n; i++) {
      inflow += law[i] * band[i * width + n - i + b];
    }
    if (left[n] === 0) {
      throw new RangeError(
        `Cannot compute the stationary distribution: from state ${n} no way leads to state 0, expected a chain with one`,
      );
    }
    law[n] = inflow / left[n];
    total += law[n];
  }
  return law.map((value) => value / total);
}
