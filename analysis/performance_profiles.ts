/**
 * Score distributions of several runs and tasks, with their uncertainty.
 *
 * @module
 */
import type { Random } from "../core/random.ts";
import { quantile } from "./statistics.ts";

/** What {@linkcode performanceProfile} takes. */
export interface ProfileOptions {
  /** Where the resamples are drawn from. */
  random: Random;
  /** Scores at which the profile is computed, in any order. */
  thresholds: ArrayLike<number>;
  /** Number of resamples, at least 2. Default 2000. */
  resamples?: number;
  /** How often the band holds the truth at a threshold. Default 0.95. */
  confidence?: number;
}

/** A performance profile. */
export interface PerformanceProfile {
  /** The thresholds. */
  readonly thresholds: Float64Array;
  /** Share of runs with a score above each threshold. */
  readonly share: Float64Array;
  /** Lower edge of the band. */
  readonly low: Float64Array;
  /** Upper edge of the band. */
  readonly high: Float64Array;
}

/** Adds the shares of one task's runs above each threshold. */
function addShares(
  scores: ArrayLike<number>,
  thresholds: Float64Array,
  task: { weight: number; sums: Float64Array },
): void {
  const each = task.weight / scores.length;
  for (let t = 0; t < thresholds.length; t++) {
    let above = 0;
    for (let i = 0; i < scores.length; i++) {
      if (scores[i] > thresholds[t]) above++;
    }
    task.sums[t] += above * each;
  }
}

function checkOptions(
  tasks: readonly ArrayLike<number>[],
  { resamples = 2000, confidence = 0.95 }: ProfileOptions,
): void {
  if (tasks.length === 0 || tasks.some(({ length }) => length === 0)) {
    throw new RangeError(
      "Cannot compute a performance profile without scores, expected at least one of each task",
    );
  }
  if (!Number.isInteger(resamples) || resamples < 2) {
    throw new RangeError(
      `Cannot bootstrap with ${resamples} resamples, expected a whole number from 2`,
    );
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `Cannot compute a band of confidence ${confidence}, expected a number between 0 and 1`,
    );
  }
}

/**
 * The share of runs whose score is above each threshold, averaged over tasks,
 * with a pointwise band by the percentile bootstrap, stratified by task: the
 * run-score distribution of Agarwal et al., "Deep Reinforcement Learning at the
 * Edge of the Statistical Precipice" (2021), section 4.2.
 *
 * @param tasks The scores of each task's runs, at least one of each. Throws
 * `RangeError` otherwise.
 * @param options Thresholds, random stream, resamples, confidence.
 *
 * @example Two of four runs are above 2
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Random } from "../core/random.ts";
 * import { performanceProfile } from "./performance_profiles.ts";
 *
 * const { share } = performanceProfile([[1, 2, 3, 4]], {
 *   thresholds: [0, 2, 9],
 *   random: new Random(1),
 * });
 * assertEquals([...share], [1, 0.5, 0]);
 * ```
 */
export function performanceProfile(
  tasks: readonly ArrayLike<number>[],
  options: ProfileOptions,
): PerformanceProfile {
  checkOptions(tasks, options);
  const { random, resamples = 2000, confidence = 0.95 } = options;
  const thresholds = Float64Array.from(options.thresholds);
  const count = thresholds.length;
  const weight = 1 / tasks.length;
  const share = new Float64Array(count);
  for (const scores of tasks) {
    addShares(scores, thresholds, { weight, sums: share });
  }
  const resampled = Array.from(
    { length: count },
    () => new Float64Array(resamples),
  );
  const sums = new Float64Array(count);
  const samples = tasks.map(({ length }) => new Float64Array(length));
  for (let i = 0; i < resamples; i++) {
    sums.fill(0);
    tasks.forEach((scores, task) => {
      const sample = samples[task];
      for (let j = 0; j < sample.length; j++) {
        sample[j] = scores[random.integer(0, sample.length - 1)];
      }
      addShares(sample, thresholds, { weight, sums });
    });
    for (let t = 0; t < count; t++) resampled[t][i] = sums[t];
  }
  const edge = (probability: number) =>
    Float64Array.from(resampled, (values) => quantile(values, probability));
  return {
    thresholds,
    share,
    low: edge((1 - confidence) / 2),
    high: edge((1 + confidence) / 2),
  };
}
