/**
 * Telling two samples apart without assuming a distribution.
 *
 * @module
 */
import { Random } from "../core/random.ts";

/** Options of {@linkcode permutationTest}. */
export interface PermutationTestOptions {
  /** Splits that are drawn where there are more than that. Default 200,000. */
  splits?: number;
  /** Draws them. Default a stream of seed 0. */
  random?: Random;
}

/** Number of ways to choose k of n. */
function choices(n: number, k: number): number {
  let count = 1;
  for (let i = 1; i <= k; i++) count = count * (n - k + i) / i;
  return Math.round(count);
}

/**
 * The two-sided permutation test for a difference of means (Fisher, 1935;
 * Efron and Tibshirani, 1993, chapter 15): the share of all ways to split the
 * values into samples of these sizes whose means are at least as far apart.
 *
 * Exact where there are not too many splits; otherwise splits are drawn, and
 * the given one counts among them, so that the result is never 0.
 *
 * @param a One sample. Throws `RangeError` where it is empty.
 * @param b The other. Throws `RangeError` where it is empty.
 * @returns The probability of such a difference where both samples come from
 * one distribution.
 *
 * @example Two pairs
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { permutationTest } from "./permutation_test.ts";
 * // Of the 6 splits, 2 are as far apart: this one and its mirror image.
 * assertAlmostEquals(permutationTest([1, 2], [8, 9]), 2 / 6);
 * ```
 */
export function permutationTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: PermutationTestOptions = {},
): number {
  if (a.length === 0 || b.length === 0) {
    throw new RangeError(
      `Cannot compare samples of ${a.length} and ${b.length} values, expected one at least of each`,
    );
  }
  const { splits = 200_000, random = new Random(0) } = options;
  const values = Float64Array.from([...Array.from(a), ...Array.from(b)]);
  const total = values.reduce((sum, value) => sum + value, 0);
  const size = a.length;
  const gap = (sum: number) =>
    Math.abs(sum / size - (total - sum) / (values.length - size));
  const given = gap(sumOf(values, size));
  // Sums in another order differ by rounding, which must not decide.
  const least = given - 1e-9 * (1 + given);
  if (choices(values.length, size) <= splits) {
    const { count, extreme } = enumerate(values, size, (s) => gap(s) >= least);
    return extreme / count;
  }
  let extreme = 1;
  for (let i = 1; i < splits; i++) {
    random.shuffle(values);
    if (gap(sumOf(values, size)) >= least) extreme++;
  }
  return extreme / splits;
}

function sumOf(values: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  return sum;
}

/** Goes through all choices of some values. */
function enumerate(
  values: Float64Array,
  size: number,
  isExtreme: (sum: number) => boolean,
): { count: number; extreme: number } {
  let count = 0;
  let extreme = 0;
  const choose = (from: number, left: number, sum: number): void => {
    if (left === 0) {
      count++;
      if (isExtreme(sum)) extreme++;
      return;
    }
    for (let i = from; i <= values.length - left; i++) {
      choose(i + 1, left - 1, sum + values[i]);
    }
  };
  choose(0, size, 0);
  return { count, extreme };
}
