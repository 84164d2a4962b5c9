/**
 * What samples say about their stream.
 *
 * @module
 */
/** How features are computed. */
export interface FeatureOptions {
  /**
   * The time from which ages are counted, seconds, not before the last item's.
   * Default: the last item's.
   */
  now?: number;
  /** Weight of a sample per second of its age, above 0. Default 0.9. */
  discount?: number;
  /** From 0 to 100. Default 90. */
  percentile?: number;
  /**
   * Whether slots that no sample has filled yet count as values of 0, as in
   * the original system, or not at all. Default `"ignored"`.
   */
  emptySlots?: "ignored" | "zeros";
}

/** The features of a sample: all NaN where there is none. */
export interface Features {
  /** Mean of the values. */
  mean: number;
  /** Percentile of the values, interpolated linearly as NumPy does. */
  percentile: number;
  /** Standard deviation of the values, as of a population. */
  standardDeviation: number;
  /** Sum of the discounted values over the reservoir's size, as in the paper. */
  discountedMean: number;
  /** Percentile of the discounted values, as in the original system. */
  discountedPercentile: number;
  /** Mean of the values weighted by their discounts. */
  weightedMean: number;
  /**
   * Percentile of the values weighted by their discounts: the smallest value
   * up to which the weights come to the percentile's share.
   */
  weightedPercentile: number;
}

/** Names of the features, in the order in which arrays hold them. */
export const FEATURE_NAMES: readonly (keyof Features)[] = [
  "mean",
  "percentile",
  "standardDeviation",
  "discountedMean",
  "discountedPercentile",
  "weightedMean",
  "weightedPercentile",
];

/**
 * Features by name.
 *
 * @param row As many numbers as {@linkcode FEATURE_NAMES}, in its order.
 */
export function namedFeatures(row: ArrayLike<number>): Features {
  return Object.fromEntries(
    FEATURE_NAMES.map((name, i) => [name, row[i]]),
  ) as unknown as Features;
}
