/**
 * Means and variances of a stream of rows.
 *
 * @module
 */
import type { State } from "../../core/state.ts";

/** Mean and variance of each column of all rows so far. */
export interface RunningStatistics {
  /** Shape [columns]. */
  readonly mean: Float64Array;
  /** Shape [columns]. */
  readonly variance: Float64Array;
  /** Takes in rows. Shape [rows, columns]. */
  update(rows: ArrayLike<number>): void;
  /** All of it. */
  saveState(): State;
  /** Goes on from a saved state. */
  loadState(state: State): void;
}

/**
 * Statistics of no rows: mean 0, variance 1, with the weight of 1e-4 rows, as
 * Stable-Baselines3's `RunningMeanStd` begins. Batches are merged by the
 * formula of Chan, Golub and LeVeque (1983).
 *
 * @param columns Values a row.
 */
export function createRunningStatistics(columns: number): RunningStatistics {
  const mean = new Float64Array(columns);
  const variance = new Float64Array(columns).fill(1);
  let count = 1e-4;
  return {
    mean,
    variance,
    update(rows) {
      const size = rows.length / columns;
      if (size === 0) return;
      const total = count + size;
      for (let column = 0; column < columns; column++) {
        let batchMean = 0;
        for (let i = column; i < rows.length; i += columns) {
          batchMean += rows[i];
        }
        batchMean /= size;
        let squares = 0;
        for (let i = column; i < rows.length; i += columns) {
          squares += (rows[i] - batchMean) ** 2;
        }
        const delta = batchMean - mean[column];
        mean[column] += delta * size / total;
        variance[column] = (variance[column] * count + squares +
          delta ** 2 * count * size / total) / total;
      }
      count = total;
    },
    saveState: () => ({
      mean: mean.slice(),
      variance: variance.slice(),
      count,
    }),
    loadState(state) {
      mean.set(state.mean as Float64Array);
      variance.set(state.variance as Float64Array);
      count = state.count as number;
    },
  };
}

/** Keeps the quotient finite. */
const EPSILON = 1e-8;

/**
 * What rows are divided by: standard deviations, above zero.
 *
 * @param variance Shape [columns].
 */
export function deviationsOf(variance: Float64Array): Float64Array {
  return variance.map((value) => Math.sqrt(value + EPSILON));
}

/**
 * Writes rows less their mean, over their standard deviation.
 *
 * @param rows Shape [rows, columns].
 * @param into Written to; the same shape.
 * @param options `statistics` of the columns; results are clipped to +-`clip`.
 */
export function normaliseRows(
  rows: Float32Array,
  into: Float32Array,
  options: {
    statistics: Pick<RunningStatistics, "mean" | "variance">;
    clip: number;
  },
): void {
  const { mean, variance } = options.statistics;
  const { clip } = options;
  for (let i = 0; i < rows.length; i++) {
    const column = i % mean.length;
    const value = (rows[i] - mean[column]) /
      Math.sqrt(variance[column] + EPSILON);
    into[i] = Math.min(clip, Math.max(-clip, value));
  }
}
