/**
 * Weights of links within their range, and how they are changed.
 *
 * @module
 */
import { checkWeights } from "./routing.ts";
import type { WeightRange } from "./routing_controller.ts";
import type { Topology } from "./topology.ts";

export type { Topology, WeightRange };

/**
 * Adds to weights, up to the range's ends.
 *
 * @param weights Changed.
 * @param deltas What is added. Throws `TypeError` for another number of them,
 * and `RangeError` for one that is larger than the whole range, or none;
 * nothing is changed then.
 * @param range Lowest and highest weight.
 *
 * @example Beyond the highest
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addToWeights } from "./link_weights.ts";
 *
 * const weights = Float64Array.of(1, 9);
 * addToWeights(weights, [0.5, 2], { low: 0.1, high: 10 });
 * assertEquals([...weights], [1.5, 10]);
 * ```
 */
export function addToWeights(
  weights: Float64Array,
  deltas: ArrayLike<number>,
  { low, high }: WeightRange,
): void {
  if (deltas.length !== weights.length) {
    throw new TypeError(
      `Cannot change ${weights.length} weights by ${deltas.length} deltas, expected ${weights.length}: one a link`,
    );
  }
  for (let l = 0; l < weights.length; l++) {
    if (!(Math.abs(deltas[l]) <= high - low)) {
      throw new RangeError(
        `Cannot change the weight of link ${l} by ${
          deltas[l]
        }, expected a number from ${low - high} to ${high - low}`,
      );
    }
  }
  for (let l = 0; l < weights.length; l++) {
    const weight = weights[l] + deltas[l];
    weights[l] = weight < low ? low : weight > high ? high : weight;
  }
}

/**
 * Throws unless there is a weight within the range for each link: `TypeError`
 * for another number of weights, `RangeError` for a weight.
 *
 * @param topology The network.
 * @param weights Weights of the links.
 * @param range Lowest and highest weight.
 */
export function checkWeightsWithin(
  topology: Topology,
  weights: ArrayLike<number>,
  { low, high }: WeightRange,
): void {
  checkWeights(topology, weights);
  for (let l = 0; l < weights.length; l++) {
    if (weights[l] < low || weights[l] > high) {
      throw new RangeError(
        `Cannot give link ${l} the weight ${
          weights[l]
        }, expected a number from ${low} to ${high}`,
      );
    }
  }
}
