/**
 * Spacing of fields along a line.
 *
 * @module
 */

/** Part of the largest maximum that the first one has to reach. */
const PROMINENCE = 0.6;

/** Autocorrelation of a periodic line at each lag up to half of it. */
function circularAutocorrelation(values: Float64Array): Float64Array {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const centred = values.map((value) => value - mean);
  const at = (lag: number) => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      sum += centred[i] * centred[i + lag < count ? i + lag : i + lag - count];
    }
    return sum;
  };
  const variance = at(0);
  return Float64Array.from(
    { length: Math.floor(count / 2) + 1 },
    (_, lag) => at(lag) / variance,
  );
}

/**
 * The spacing of fields along a periodic line: the lag of the autocorrelation's
 * first maximum beyond where it first falls below zero, passing over maxima
 * that have less than 0.6 of the largest one's height.
 *
 * @param values Rates in equal bins.
 * @returns In bins; NaN where the rate is constant or nothing repeats.
 */
export function lineSpacing(values: Float64Array): number {
  const correlation = circularAutocorrelation(values);
  const start = correlation.findIndex((value) => value < 0);
  const maxima: number[] = [];
  for (let lag = Math.max(1, start); lag + 1 < correlation.length; lag++) {
    if (
      start > 0 && correlation[lag] > correlation[lag - 1] &&
      correlation[lag] >= correlation[lag + 1]
    ) maxima.push(lag);
  }
  const largest = Math.max(...maxima.map((lag) => correlation[lag]));
  return maxima.find((lag) =>
    correlation[lag] > 0 && correlation[lag] >= PROMINENCE * largest
  ) ?? NaN;
}
