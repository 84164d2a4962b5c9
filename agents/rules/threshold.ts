/**
 * The threshold policy that the published agents were compared with.
 *
 * @module
 */
import type { Rule } from "./service_view.ts";

export type { Rule };

/** Options of {@linkcode threshold}. */
export interface ThresholdOptions {
  /** Load, 0 to 1, above which an instance is added. Default 0.8. */
  highLoad?: number;
  /** Load, 0 to 1, below which one may be removed. Default 0.4. */
  lowLoad?: number;
  /** Items waiting above which an instance is added. Default 100. */
  longQueue?: number;
}

/**
 * Adds an instance when the load is high or the queue long; removes one when
 * the load is low and nothing waits; else holds.
 *
 * It is slow to scale in: between the two thresholds it keeps what it has.
 *
 * @param options Throws `RangeError` unless `lowLoad` < `highLoad`.
 */
export function threshold(options: ThresholdOptions = {}): Rule {
  const { highLoad = 0.8, lowLoad = 0.4, longQueue = 100 } = options;
  if (!(lowLoad < highLoad)) {
    throw new RangeError(
      `Cannot use thresholds ${lowLoad} and ${highLoad}: expected the low load below the high one`,
    );
  }
  return {
    name: "threshold",
    reset() {},
    decide({ load, queue }): number {
      if (load > highLoad || queue > longQueue) return 1;
      return load < lowLoad && queue === 0 ? -1 : 0;
    },
  };
}
