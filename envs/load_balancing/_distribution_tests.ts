/**
 * Tests of samples against distributions.
 *
 * @module
 */

/**
 * The largest distance between the distribution function of a sample and the
 * wanted one, times the root of the sample's size (Kolmogorov and Smirnov).
 * Under a continuous law it exceeds x with probability 2 exp(-2 x^2) at most.
 */
export function kolmogorovScore(
  sample: Float64Array,
  cumulative: (x: number) => number,
): number {
  const sorted = sample.slice().sort();
  const count = sorted.length;
  let distance = 0;
  for (let i = 0; i < count; i++) {
    const wanted = cumulative(sorted[i]);
    distance = Math.max(
      distance,
      wanted - i / count,
      (i + 1) / count - wanted,
    );
  }
  return distance * Math.sqrt(count);
}

/** {@linkcode kolmogorovScore} exceeds it with probability 1e-6. */
export const KOLMOGOROV_LIMIT: number = Math.sqrt(Math.log(2e6) / 2);

/**
 * Pearson's statistic as a standard normal score (Wilson and Hilferty 1931).
 *
 * @param counts Observed, shape [cells].
 * @param expected At least 10 each, shape [cells].
 */
export function chiSquareScore(
  counts: ArrayLike<number>,
  expected: ArrayLike<number>,
): number {
  let statistic = 0;
  for (let i = 0; i < counts.length; i++) {
    statistic += (counts[i] - expected[i]) ** 2 / expected[i];
  }
  const freedom = counts.length - 1;
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread);
}

/** A standard normal score beyond it, to both sides, has probability 1e-6. */
export const NORMAL_LIMIT = 4.9;
