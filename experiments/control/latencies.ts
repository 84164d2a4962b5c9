/**
 * How long decisions took, in bounded memory.
 *
 * @module
 */

/** What is known of them; NaN where there was none. */
export interface LatencySummary {
  /** How many. */
  readonly count: number;
  /** Mean, in microseconds. */
  readonly mean: number;
  /** Median, in microseconds, within 5 %. */
  readonly p50: number;
  /** 99th percentile, in microseconds, within 5 %. */
  readonly p99: number;
  /** The longest, in microseconds. */
  readonly longest: number;
  /** The latest, in microseconds. */
  readonly latest: number;
}

/** Collects times. */
export interface Latencies {
  /** Takes a time in milliseconds. */
  add(milliseconds: number): void;
  /** What is known so far. */
  summary(): LatencySummary;
}

/** Bounds of bins grow by this factor, from 0.1 microseconds. */
const GROWTH = 1.1;
const FIRST = 0.1;
const BINS = 256;

/** Nothing yet. */
export function createLatencies(): Latencies {
  const bins = new Float64Array(BINS);
  let count = 0;
  let sum = 0;
  let longest = NaN;
  let latest = NaN;

  /** The middle of the bin in which a share of all times is reached. */
  function quantile(share: number): number {
    let left = share * count;
    for (let bin = 0; bin < BINS; bin++) {
      left -= bins[bin];
      if (left <= 0 && bins[bin] > 0) {
        return Math.min(longest, FIRST * GROWTH ** (bin - 0.5));
      }
    }
    return NaN;
  }

  return {
    add(milliseconds) {
      const time = 1000 * milliseconds;
      const bin = Math.ceil(Math.log(time / FIRST) / Math.log(GROWTH));
      bins[Math.min(BINS - 1, Math.max(0, bin))]++;
      count++;
      latest = time;
      sum += time;
      longest = time > longest || count === 1 ? time : longest;
    },
    summary: () => ({
      count,
      mean: sum / count,
      p50: quantile(0.5),
      p99: quantile(0.99),
      longest,
      latest,
    }),
  };
}
