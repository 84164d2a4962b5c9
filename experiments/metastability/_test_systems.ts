/**
 * Systems whose fate is known.
 *
 * @module
 */
import type { QueueingOptions } from "../../envs/queueing/options.ts";

/** When their fault is. */
export const FAULT = { start: 300, end: 350 };

/** A service with three retries that is hit by ten times its load. */
export function systemAt(
  arrivalRate: number,
  changes: Partial<QueueingOptions> = {},
): QueueingOptions {
  return {
    clients: [{ arrivalRate }],
    servers: [{}],
    faults: [{ target: "arrivalRate", start: 300, duration: 50, factor: 10 }],
    ...changes,
  };
}
