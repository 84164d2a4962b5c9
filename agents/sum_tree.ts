/**
 * A tree of sums, for drawing in proportion to weights that change.
 *
 * @module
 */

/** Weights, and the sums that find a place from a number below their total. */
export interface SumTree {
  /** Sum of all weights. */
  readonly total: number;
  /** The weight of a place. */
  get(place: number): number;
  /** Sets the weight of a place, at least 0. */
  set(place: number, weight: number): void;
  /**
   * The place in whose stretch a number falls, when the weights are laid end
   * to end.
   *
   * @param sum From 0 to below the total.
   */
  find(sum: number): number;
  /** The first weights, copied. */
  leaves(count: number): Float64Array;
}

/**
 * A tree of zero weights. Setting and finding take log2(places) steps.
 *
 * @param places At least 1.
 */
export function createSumTree(places: number): SumTree {
  let width = 1;
  while (width < places) width *= 2;
  // Node i has the children 2i and 2i + 1; the leaves begin at `width`.
  const sums = new Float64Array(2 * width);
  return {
    get total() {
      return sums[1];
    },
    get: (place) => sums[width + place],
    set(place, weight) {
      let node = width + place;
      sums[node] = weight;
      // Summed anew rather than corrected, so that no rounding builds up.
      for (node >>= 1; node >= 1; node >>= 1) {
        sums[node] = sums[2 * node] + sums[2 * node + 1];
      }
    },
    find(sum) {
      let node = 1;
      while (node < width) {
        node *= 2;
        // A stretch of no length is never entered, whatever rounding did.
        if (sum >= sums[node] && sums[node + 1] > 0) {
          sum -= sums[node];
          node++;
        }
      }
      return node - width;
    },
    leaves: (count) => sums.slice(width, width + count),
  };
}
