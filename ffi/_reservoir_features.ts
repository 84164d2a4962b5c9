/**
 * Features without the native library: sums run over the same eight lanes as
 * in `src/reservoir/features.rs`, so both give the same bits.
 *
 * @module
 */
import {
  FEATURE_DEVIATION,
  FEATURE_DISCOUNTED_MEAN,
  FEATURE_DISCOUNTED_PERCENTILE,
  FEATURE_MEAN,
  FEATURE_PERCENTILE,
  FEATURE_WEIGHTED_MEAN,
  FEATURE_WEIGHTED_PERCENTILE,
  FEATURES,
  HEADER,
  WEIGHT_UNIT,
  WORD_CAPACITY,
  WORD_FILLED,
} from "./_symbols.ts";
import type { Memory } from "./_reservoir_memory.ts";

/** What features are to be. */
export interface FeatureSettings {
  /** Seconds. */
  now: number;
  /** Logarithm to base 2 of the discount a second, 0 at most. */
  rate: number;
  /** The percentile over 100. */
  share: number;
  /** Whether empty slots are values of 0. */
  zeros: boolean;
}

const LANES = 8;

/** Adding it rounds to a whole number. */
const ROUND = 1.5 * 2 ** 52;

const TAYLOR = new Float64Array(13);
TAYLOR[0] = 1;
for (let k = 1, factorial = 1; k < TAYLOR.length; k++) {
  factorial *= k;
  TAYLOR[k] = 1 / factorial;
}

/** Two to a power of -1022 to 0, by a Taylor series: within 2 ulp. */
export function powerOfTwo(x: number): number {
  const clamped = x < -1022 ? -1022 : x;
  const whole = (clamped + ROUND) - ROUND;
  const f = (clamped - whole) * Math.LN2;
  const square = f * f;
  const fourth = square * square;
  const head = (1 + f) + square * (TAYLOR[2] + f * TAYLOR[3]);
  const middle = (TAYLOR[4] + f * TAYLOR[5]) +
    square * (TAYLOR[6] + f * TAYLOR[7]);
  const tail = (TAYLOR[8] + f * TAYLOR[9]) +
    square * (TAYLOR[10] + f * TAYLOR[11]);
  const fraction = head +
    fourth * (middle + fourth * (tail + fourth * TAYLOR[12]));
  return fraction * 2 ** whole;
}

/** A sum in the order in which vectors of eight lanes make it. */
function laneSum(count: number, term: (i: number) => number): number {
  const lanes = new Float64Array(LANES);
  for (let i = 0; i < count; i++) lanes[i % LANES] += term(i);
  const [a, b, c, d, e, f, g, h] = lanes;
  return ((a + e) + (c + g)) + ((b + f) + (d + h));
}

/** The percentile between order statistics; sorts the values. */
function percentile(values: Float64Array, share: number): number {
  values.sort();
  const rank = (values.length - 1) * share;
  const lower = Math.floor(rank);
  const low = values[lower];
  const high = values[Math.min(lower + 1, values.length - 1)];
  return low + (rank - lower) * (high - low);
}

/** The smallest value up to which the whole weights come to the target. */
function weightedPercentile(
  values: Float64Array,
  weights: Float64Array,
  target: number,
): number {
  const order = Array.from(values.keys())
    .sort((a, b) => values[a] - values[b]);
  let sum = 0;
  for (const i of order) {
    sum += weights[i];
    if (sum >= target) return values[i] + 0;
  }
  return values[order[order.length - 1]] + 0;
}

/**
 * Writes the features of a reservoir.
 *
 * @param memory The reservoir.
 * @param settings What they are to be.
 * @param out Takes `FEATURES` numbers.
 */
export function featuresOf(
  memory: Memory,
  settings: FeatureSettings,
  out: Float64Array,
): void {
  const { now, rate, share, zeros } = settings;
  const size = memory.counters[WORD_CAPACITY];
  const filled = memory.counters[WORD_FILLED];
  const count = zeros ? size : filled;
  if (filled === 0) {
    out.fill(zeros ? 0 : NaN);
    return;
  }
  const times = memory.numbers.subarray(HEADER, HEADER + filled);
  const start = HEADER + size;
  const values = memory.numbers.subarray(start, start + filled);
  const newest = times.reduce((a, b) => b > a ? b : a, -Infinity);
  const recent = times.map((time) => powerOfTwo(rate * (newest - time)));
  const scale = powerOfTwo(rate * (now - newest));

  const mean = laneSum(filled, (i) => values[i]) / count;
  const squares = laneSum(
    filled,
    (i) => (values[i] - mean) * (values[i] - mean),
  );
  const absent = (count - filled) * (mean * mean);
  out[FEATURE_MEAN] = mean;
  out[FEATURE_DEVIATION] = Math.sqrt((squares + absent) / count);

  const scratch = new Float64Array(count);
  for (let i = 0; i < filled; i++) scratch[i] = recent[i] * values[i] + 0;
  const products = laneSum(filled, (i) => scratch[i]);
  out[FEATURE_DISCOUNTED_MEAN] = scale * products / size;
  out[FEATURE_WEIGHTED_MEAN] = products / laneSum(filled, (i) => recent[i]);
  out[FEATURE_DISCOUNTED_PERCENTILE] = scale * percentile(scratch, share);
  for (let i = 0; i < filled; i++) scratch[i] = values[i] + 0;
  scratch.fill(0, filled);
  out[FEATURE_PERCENTILE] = percentile(scratch, share);

  for (let i = 0; i < filled; i++) {
    recent[i] = Math.floor(recent[i] * WEIGHT_UNIT);
  }
  const target = share * laneSum(filled, (i) => recent[i]);
  out[FEATURE_WEIGHTED_PERCENTILE] = weightedPercentile(
    values,
    recent,
    target,
  );
}

/** How many features a reservoir has. */
export const FEATURE_COUNT: number = FEATURES;
