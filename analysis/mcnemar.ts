/**
 * Whether a share changes from one measurement to another of the same subjects.
 *
 * @module
 */

/** What {@linkcode mcnemarTest} finds. */
export interface McNemarTest {
  /** Subjects of whom it was true before, and no more after. */
  readonly lost: number;
  /** Subjects of whom it became true. */
  readonly won: number;
  /**
   * Probability of as uneven a split or a more uneven one, if a subject that
   * changes were as likely to change either way; exact and two-sided.
   */
  readonly probability: number;
}

/**
 * McNemar's exact test ("Note on the sampling error of the difference between
 * correlated proportions", 1947): only subjects that changed count, and their
 * split is binomial.
 *
 * @param pairs Whether it was true before and after, for each subject. Throws
 * `RangeError` for none.
 *
 * @example Nine of ten changed one way
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { mcnemarTest } from "./mcnemar.ts";
 *
 * const pairs = Array.from({ length: 10 }, (_, i) => [i < 1, i >= 1] as const);
 * assertAlmostEquals(mcnemarTest(pairs).probability, 2 * 11 / 1024);
 * ```
 */
export function mcnemarTest(
  pairs: readonly (readonly [before: boolean, after: boolean])[],
): McNemarTest {
  if (pairs.length === 0) {
    throw new RangeError("Cannot compare shares of no subjects");
  }
  const lost = pairs.filter(([before, after]) => before && !after).length;
  const won = pairs.filter(([before, after]) => !before && after).length;
  const changed = lost + won;
  const fewer = Math.min(lost, won);
  // Sum of the binomial's tail, from the term of none.
  let term = 0.5 ** changed;
  let tail = term;
  for (let k = 1; k <= fewer; k++) {
    term *= (changed - k + 1) / k;
    tail += term;
  }
  return { lost, won, probability: Math.min(1, 2 * tail) };
}
