/**
 * Offered load: what arrives over what can be served.
 *
 * @module
 */

/** What a load depends on beside the rate. */
export interface LoadOptions {
  /** Mean processor time of a job, in seconds of one core of speed 1. */
  meanWork: number;
  /** Work done a second by all servers together; see {@linkcode capacityOf}. */
  capacity: number;
}

function check(value: number, name: string): number {
  if (value > 0 && value < Infinity) return value;
  throw new RangeError(
    `Cannot compute a load with ${name} ${value}, expected a finite number above 0`,
  );
}

/**
 * Work that servers do a second, all cores busy: the sum of cores times speed.
 *
 * @param servers `cores` and `speed` of each, 1 where not given. Throws
 * `RangeError` for a value that is not above 0, and for no servers.
 */
export function capacityOf(
  servers: readonly { readonly cores?: number; readonly speed?: number }[],
): number {
  let capacity = 0;
  for (const { cores = 1, speed = 1 } of servers) {
    capacity += check(cores, "cores") * check(speed, "speed");
  }
  return check(capacity, "capacity");
}

/**
 * The arrival rate in jobs a second at which servers are busy for a fraction
 * of their capacity. Loads from 1 are allowed: queues then grow for as long as
 * they last.
 *
 * @param load Above 0.
 * @param options Mean work and capacity. Throws `RangeError` for a value that
 * is not a finite number above 0.
 *
 * @example Four cores at 80 %
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { arrivalRate } from "./load.ts";
 *
 * assertEquals(arrivalRate(0.8, { meanWork: 0.25, capacity: 4 }), 12.8);
 * ```
 */
export function arrivalRate(load: number, options: LoadOptions): number {
  const { meanWork, capacity } = options;
  return check(load, "load") * check(capacity, "capacity") /
    check(meanWork, "meanWork");
}

/**
 * The load that an arrival rate offers: the inverse of
 * {@linkcode arrivalRate}.
 *
 * @param rate Jobs a second, above 0.
 * @param options Mean work and capacity. Throws `RangeError` for a value that
 * is not a finite number above 0.
 */
export function offeredLoad(rate: number, options: LoadOptions): number {
  const { meanWork, capacity } = options;
  return check(rate, "rate") * check(meanWork, "meanWork") /
    check(capacity, "capacity");
}
