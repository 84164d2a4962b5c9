/**
 * Descriptive statistics and confidence intervals, computed in 64 bits.
 *
 * @module
 */
import type { Random } from "../core/random.ts";
import { studentTQuantile } from "./student_t.ts";

/** An estimate with its confidence interval. */
export interface Interval {
  /** The statistic of the sample. */
  estimate: number;
  /** Lower end. */
  low: number;
  /** Upper end. */
  high: number;
}

/** What the intervals take. */
export interface IntervalOptions {
  /** How often the interval holds the truth. Default 0.95. */
  confidence?: number;
}

/** What {@linkcode bootstrapInterval} takes. */
export interface BootstrapOptions extends IntervalOptions {
  /** Where the resamples are drawn from. */
  random: Random;
  /** Number of resamples, at least 2. Default 2000. */
  resamples?: number;
}

function checkNotEmpty(values: ArrayLike<number>, what: string): void {
  if (!(values.length > 0)) {
    throw new RangeError(
      `Cannot compute the ${what} of ${values.length} values, expected at least 1`,
    );
  }
}

function checkedConfidence(options: IntervalOptions): number {
  const { confidence = 0.95 } = options;
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `Cannot compute an interval of confidence ${confidence}, expected a number between 0 and 1`,
    );
  }
  return confidence;
}

function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * The arithmetic mean, in two passes, so that a large offset costs no digits.
 *
 * @param values At least one. Throws `RangeError` otherwise.
 */
export function mean(values: ArrayLike<number>): number {
  checkNotEmpty(values, "mean");
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  const first = sum / count;
  if (!Number.isFinite(first)) return first;
  let rest = 0;
  for (let i = 0; i < count; i++) rest += values[i] - first;
  return first + rest / count;
}

/**
 * The standard deviation of a sample (divisor n - 1); NaN for one value.
 *
 * @param values At least one. Throws `RangeError` otherwise.
 */
export function standardDeviation(values: ArrayLike<number>): number {
  checkNotEmpty(values, "standard deviation");
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

function sortedQuantile(values: Float64Array, probability: number): number {
  const position = probability * (values.length - 1);
  const below = Math.floor(position);
  const fraction = position - below;
  return fraction === 0
    ? values[below]
    : values[below] * (1 - fraction) + values[below + 1] * fraction;
}

/**
 * A quantile, interpolated linearly between the sorted values (definition 7
 * of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996; the
 * default of NumPy and R).
 *
 * @param values At least one, in any order. Throws `RangeError` otherwise.
 * @param probability From 0 (smallest) to 1 (largest). Throws `RangeError`
 * otherwise.
 */
export function quantile(
  values: ArrayLike<number>,
  probability: number,
): number {
  checkNotEmpty(values, "quantile");
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(
      `Cannot compute the quantile at ${probability}, expected a number from 0 to 1`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== values[i]) return NaN;
  }
  return sortedQuantile(sorted(values), probability);
}

/**
 * The middle value, or the mean of the two in the middle.
 *
 * @param values At least one, in any order. Throws `RangeError` otherwise.
 */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/**
 * The mean of the middle half: a quarter of the values (rounded down) is
 * dropped at either end (Agarwal et al., "Deep Reinforcement Learning at the
 * Edge of the Statistical Precipice", 2021).
 *
 * @param values At least one, in any order. Throws `RangeError` otherwise.
 */
export function interquartileMean(values: ArrayLike<number>): number {
  checkNotEmpty(values, "interquartile mean");
  const drop = Math.floor(values.length / 4);
  return mean(sorted(values).subarray(drop, values.length - drop));
}

/**
 * The mean with its confidence interval by Student's t. The values are taken
 * to be independent and about normal. One value alone gives an interval from
 * -Infinity to Infinity.
 *
 * @param values At least one. Throws `RangeError` otherwise.
 * @param options `confidence`.
 *
 * @example The mean return over five seeds
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { meanInterval } from "./statistics.ts";
 *
 * const { estimate, low } = meanInterval([1, 2, 3, 4, 5]);
 * assertAlmostEquals(estimate, 3);
 * assertAlmostEquals(low, 3 - 2.776445 * Math.sqrt(2.5 / 5), 1e-6);
 * ```
 */
export function meanInterval(
  values: ArrayLike<number>,
  options: IntervalOptions = {},
): Interval {
  const confidence = checkedConfidence(options);
  const estimate = mean(values);
  const count = values.length;
  if (count === 1) return { estimate, low: -Infinity, high: Infinity };
  const half = studentTQuantile((1 + confidence) / 2, count - 1) *
    standardDeviation(values) / Math.sqrt(count);
  return { estimate, low: estimate - half, high: estimate + half };
}

/**
 * The mean of the differences `first[i] - second[i]` with its confidence
 * interval by Student's t. With paired runs (common random numbers) it is
 * much narrower than the intervals of the two means suggest.
 *
 * @param pairs The two samples, of the same length, at least 1. Throws
 * `TypeError` when the lengths differ and `RangeError` when empty.
 * @param options `confidence`.
 */
export function pairedDifferenceInterval(
  pairs: { first: ArrayLike<number>; second: ArrayLike<number> },
  options: IntervalOptions = {},
): Interval {
  const { first, second } = pairs;
  if (first.length !== second.length) {
    throw new TypeError(
      `Cannot pair ${first.length} values with ${second.length}, expected samples of one length`,
    );
  }
  return meanInterval(
    Float64Array.from(first, (value, i) => value - second[i]),
    options,
  );
}

/**
 * A statistic with its confidence interval by the percentile bootstrap (Efron
 * and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13).
 *
 * @param values At least one, independent. Throws `RangeError` otherwise.
 * @param statistic What is estimated, such as {@linkcode interquartileMean}.
 * It is handed a buffer that the next resample overwrites.
 * @param options `random` is required; `resamples`, `confidence`.
 *
 * @example An interquartile mean
 * ```ts
 * import { assert } from "@std/assert";
 * import { Random } from "../core/random.ts";
 * import { bootstrapInterval, interquartileMean } from "./statistics.ts";
 *
 * const scores = [3, 4, 4, 5, 5, 6, 6, 7, 90];
 * const { low, high } = bootstrapInterval(scores, interquartileMean, {
 *   random: new Random(1),
 * });
 * assert(low < 5.5 && 5.5 < high);
 * ```
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => number,
  options: BootstrapOptions,
): Interval {
  checkNotEmpty(values, "bootstrap interval");
  const confidence = checkedConfidence(options);
  const { random, resamples = 2000 } = options;
  if (!Number.isInteger(resamples) || resamples < 2) {
    throw new RangeError(
      `Cannot bootstrap with ${resamples} resamples, expected a whole number from 2`,
    );
  }
  const estimate = statistic(Float64Array.from(values));
  const last = values.length - 1;
  const sample = new Float64Array(values.length);
  const statistics = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    for (let j = 0; j <= last; j++) sample[j] = values[random.integer(0, last)];
    statistics[i] = statistic(sample);
  }
  return {
    estimate,
    low: quantile(statistics, (1 - confidence) / 2),
    high: quantile(statistics, (1 + confidence) / 2),
  };
}
