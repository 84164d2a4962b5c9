/**
 * A policy that counts what it has asked for.
 *
 * @module
 */
import type { Rule } from "./service_view.ts";

export type { Rule };

/** Options of {@linkcode pendingAware}. */
export interface PendingAwareOptions {
  /** Instances kept beyond those needed; a whole number. Default 1. */
  spare?: number;
}

/**
 * Wants the instances that would serve the last step's arrivals and the queue
 * at full load, and a spare one: ceil((influx + queue) / capacity) + spare,
 * compared with those that run and those in flight together.
 *
 * The best simple rule on the reference service: -4.32 on SINE_CURVE, where
 * the optimum is -3.09.
 *
 * @param options Throws `RangeError` for a spare that is no whole number.
 */
export function pendingAware(options: PendingAwareOptions = {}): Rule {
  const { spare = 1 } = options;
  if (!Number.isSafeInteger(spare)) {
    throw new RangeError(
      `Cannot keep ${spare} spare instances: expected a whole number`,
    );
  }
  return {
    name: "pending-aware",
    reset() {},
    decide({ influx, queue, capacityPerInstance, instances, inFlight }) {
      const needed = Math.ceil((influx + queue) / capacityPerInstance) + spare;
      return needed - (instances + inFlight);
    },
  };
}
