/**
 * Means of correlated samples, with their errors from the scatter of batches.
 *
 * @module
 */

/** A mean and how sure it is. */
export interface BatchMeans {
  /** The mean of all samples. */
  readonly mean: number;
  /** Standard error, from the batches' means. */
  readonly standardError: number;
}

/**
 * The mean of all samples and its standard error.
 *
 * @param sums The sum of each batch's samples.
 * @param counts How many they are.
 */
export function batchMeans(
  sums: Float64Array,
  counts: Float64Array,
): BatchMeans {
  const total = counts.reduce((a, b) => a + b, 0);
  const mean = sums.reduce((a, b) => a + b, 0) / total;
  let square = 0;
  for (let i = 0; i < sums.length; i++) {
    if (counts[i] > 0) square += (sums[i] / counts[i] - mean) ** 2;
  }
  const variance = square / (sums.length - 1);
  return { mean, standardError: Math.sqrt(variance / sums.length) };
}
