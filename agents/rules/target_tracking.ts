/**
 * A policy that keeps utilisation at a target.
 *
 * @module
 */
import type { Rule } from "./service_view.ts";

export type { Rule };

/** Options of {@linkcode targetTracking}. */
export interface TargetTrackingOptions {
  /**
   * Fraction of the capacity that should be in use, above 0 and at most 1.
   * Default 0.957, the best on the reference service's SINE_CURVE.
   */
  utilisation?: number;
}

/**
 * Wants the instances that would serve the last step's arrivals and the queue
 * at the target: ceil((influx + queue) / (capacity x utilisation)).
 *
 * Like the cloud providers' policies of that name, it compares them with the
 * instances that run. It does not know what it has asked for already, and so
 * overshoots where instances take long to start.
 *
 * @param options Throws `RangeError` for a target outside its range.
 */
export function targetTracking(options: TargetTrackingOptions = {}): Rule {
  const { utilisation = 0.957 } = options;
  if (!(utilisation > 0 && utilisation <= 1)) {
    throw new RangeError(
      `Cannot track a utilisation of ${utilisation}: expected a number above 0 and at most 1`,
    );
  }
  return {
    name: "target-tracking",
    reset() {},
    decide({ influx, queue, capacityPerInstance, instances }): number {
      const needed = Math.ceil(
        (influx + queue) / (capacityPerInstance * utilisation),
      );
      return needed - instances;
    },
  };
}
