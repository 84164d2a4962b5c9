/**
 * How long a stationary process remembers: its autocorrelation time.
 *
 * @module
 */
import { type Interval, mean, standardDeviation } from "../statistics.ts";
import { studentTQuantile } from "../student_t.ts";

export type { Interval } from "../statistics.ts";

/** What {@linkcode autocorrelationTime} takes. */
export interface AutocorrelationOptions {
  /** Time between samples. */
  interval: number;
  /**
   * The sum ends at the first lag that is this many times the autocorrelation
   * time so far (Sokal, "Monte Carlo Methods in Statistical Mechanics", 1996,
   * section 3). Default 5.
   */
  window?: number;
  /** How often the interval holds the truth. Default 0.95. */
  confidence?: number;
}

/** How long a process remembers, in units of the sampling interval's. */
export interface AutocorrelationTime {
  /**
   * The integral of the autocorrelation function over positive lags: for one
   * exponential decay, its time constant.
   */
  readonly integrated: Interval;
  /**
   * The time constant of the decay's slow part: the slope of ln rho between
   * rho = 0.5 and rho = 0.1, by least squares.
   */
  readonly exponential: Interval;
  /** rho at lags 0, 1, 2, ... samples, up to the end of the sum. */
  readonly autocorrelation: Float64Array;
  /** Mean of the process. */
  readonly mean: number;
  /** Standard deviation of the process. */
  readonly standardDeviation: number;
}

const UPPER = 0.5;
const LOWER = 0.1;

/**
 * The autocorrelation time of a process, with intervals of its logarithm (so
 * that they lie above 0) by leaving out one series at a time, the jackknife.
 * Where a few series happen to be alike, that is too narrow: intervals are
 * never narrower than those of a Gaussian process with as many samples (Wolff,
 * "Monte Carlo errors with less errors", 2004, equation 42). All series are
 * deviations from one common mean: their own means would hide what is slower
 * than a series is long. A series should last for 20 autocorrelation times or
 * more.
 *
 * @param series Independent stationary series, at least 2, of 3 samples or
 * more. Throws `RangeError` otherwise, and where nothing varies.
 * @param options Time between samples, window, confidence.
 */
export function autocorrelationTime(
  series: readonly ArrayLike<number>[],
  options: AutocorrelationOptions,
): AutocorrelationTime {
  const { interval, window = 5, confidence = 0.95 } = options;
  if (series.length < 2 || series.some(({ length }) => length < 3)) {
    throw new RangeError(
      `Cannot estimate an autocorrelation time from ${series.length} series, expected 2 or more of at least 3 samples`,
    );
  }
  const centre = commonMean(series);
  const deviations = series.map((one) =>
    Float64Array.from(one, (value) => value - centre)
  );
  const products = lagProducts(deviations, window);
  const estimates = (left?: number) => {
    const rho = combine(products, left);
    return {
      rho,
      integrated: integratedTime(rho, window),
      exponential: slowDecay(rho),
    };
  };
  const all = estimates();
  const without = series.map((_, left) => estimates(left));
  const samples = series.reduce((sum, { length }) => sum + length, 0);
  const gaussian = studentTQuantile((1 + confidence) / 2, samples) *
    gaussianError(all.integrated, { samples, window });
  const withInterval = (key: "integrated" | "exponential") =>
    jackknife(
      all[key] * interval,
      without.map((one) => one[key] * interval),
      { confidence, least: gaussian },
    );
  return {
    integrated: withInterval("integrated"),
    exponential: withInterval("exponential"),
    autocorrelation: all.rho,
    mean: centre,
    standardDeviation: Math.sqrt(
      mean(deviations.map((one) => mean(one.map((value) => value * value)))),
    ),
  };
}

function commonMean(series: readonly ArrayLike<number>[]): number {
  let sum = 0;
  let count = 0;
  for (const one of series) {
    for (let t = 0; t < one.length; t++) sum += one[t];
    count += one.length;
  }
  return sum / count;
}

/** Sums of products of each series at each lag, and how many there are. */
interface LagProducts {
  /** One array a lag, one sum a series. */
  sums: Float64Array[];
  counts: Float64Array[];
}

function lagProducts(
  deviations: readonly Float64Array[],
  window: number,
): LagProducts {
  const longest = Math.max(...deviations.map(({ length }) => length));
  const sums: Float64Array[] = [];
  const counts: Float64Array[] = [];
  let time = 0.5;
  // Some lags beyond the window of all series together, for those left out.
  for (let lag = 0; lag < longest - 1 && lag <= 1.5 * window * time; lag++) {
    sums.push(Float64Array.from(deviations, (x) => productAt(x, lag)));
    counts.push(
      Float64Array.from(deviations, (x) => Math.max(0, x.length - lag)),
    );
    if (lag > 0) time += ratio({ sums, counts }, lag, undefined);
  }
  if (!(ratioBase({ sums, counts }, undefined) > 0)) {
    throw new RangeError(
      "Cannot estimate the autocorrelation time of a process that never varies",
    );
  }
  return { sums, counts };
}

function productAt(x: Float64Array, lag: number): number {
  let sum = 0;
  for (let t = 0; t + lag < x.length; t++) sum += x[t] * x[t + lag];
  return sum;
}

function average(
  { sums, counts }: LagProducts,
  lag: number,
  left: number | undefined,
): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < sums[lag].length; i++) {
    if (i === left) continue;
    sum += sums[lag][i];
    count += counts[lag][i];
  }
  return sum / count;
}

function ratioBase(products: LagProducts, left: number | undefined): number {
  return average(products, 0, left);
}

function ratio(
  products: LagProducts,
  lag: number,
  left: number | undefined,
): number {
  return average(products, lag, left) / ratioBase(products, left);
}

function combine(
  products: LagProducts,
  left: number | undefined,
): Float64Array {
  return Float64Array.from(
    products.sums,
    (_, lag) => ratio(products, lag, left),
  );
}

/**
 * The integral of an autocorrelation function by the trapezoidal rule, up to
 * the first lag that is some times the integral so far.
 *
 * @param rho At lags 0, 1, 2 and so on.
 * @param window How many times. Default 5.
 * @returns In samples.
 */
export function integratedTime(rho: ArrayLike<number>, window = 5): number {
  let time = 0.5;
  for (let lag = 1; lag < rho.length && lag <= window * time; lag++) {
    time += rho[lag];
  }
  return time;
}

/**
 * The time constant of an autocorrelation function's slow part: the slope of
 * ln rho between 0.5 and 0.1, by least squares.
 *
 * @param rho At lags 0, 1, 2 and so on.
 * @returns In samples; NaN where the function does not fall so far.
 */
export function slowDecay(rho: Float64Array): number {
  const first = rho.findIndex((value) => value < UPPER);
  const last = rho.findIndex((value) => value < LOWER);
  if (first < 0 || last - first < 2) return NaN;
  const lags = Array.from({ length: last - first }, (_, i) => first + i);
  const centre = mean(lags);
  const logs = lags.map((lag) => Math.log(rho[lag]));
  const height = mean(logs);
  let products = 0;
  let squares = 0;
  lags.forEach((lag, i) => {
    products += (lag - centre) * (logs[i] - height);
    squares += (lag - centre) ** 2;
  });
  return -squares / products;
}

/**
 * The relative standard error of a Gaussian process' integrated time.
 *
 * @param time In samples.
 * @param options Samples in all, and where the sum ends in such times.
 */
function gaussianError(
  time: number,
  { samples, window }: { samples: number; window: number },
): number {
  return Math.sqrt(4 / samples * Math.max(0, window * time + 0.5 - time));
}

/**
 * @param estimate From all series.
 * @param without From all but one each.
 * @param options Half the interval of the logarithm is `least` or more.
 */
function jackknife(
  estimate: number,
  without: readonly number[],
  { confidence, least }: { confidence: number; least: number },
): Interval {
  const n = without.length;
  const quantile = studentTQuantile((1 + confidence) / 2, n - 1);
  const half = (values: readonly number[]) =>
    quantile * standardDeviation(values) * (n - 1) / Math.sqrt(n);
  // Alternating series may have times of 0 and below.
  if (!(Math.min(estimate, ...without) > 0)) {
    const error = half(without);
    return { estimate, low: estimate - error, high: estimate + error };
  }
  const factor = Math.exp(Math.max(half(without.map(Math.log)), least));
  return { estimate, low: estimate / factor, high: estimate * factor };
}
