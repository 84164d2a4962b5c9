/**
 * What an instance costs over its lifetime.
 *
 * @module
 */

/**
 * How a provider bills: each second, but never less than a minimum, or each
 * hour that has been started.
 */
export type BillingScheme =
  | {
    /** Tells the schemes apart. */
    readonly kind: "per-second";
    /** Fewest seconds billed. Default 60. */
    readonly minimumSeconds?: number;
  }
  | {
    /** Tells the schemes apart. */
    readonly kind: "per-started-hour";
  };

/** Options of {@linkcode instanceCost}. */
export interface InstanceCostOptions {
  /** Price of an hour, in any currency; at least 0. */
  pricePerHour: number;
  /** Default: per second with a minimum of 60 s. */
  scheme?: BillingScheme;
}

const SECONDS_PER_HOUR = 3600;
// A lifetime is a sum of step lengths; its rounding must not start a second.
const ROUNDING_SECONDS = 1e-6;

function checkNotNegative(value: number, what: string): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new RangeError(
      `Cannot bill ${what} ${value}: expected a finite number from 0`,
    );
  }
}

/**
 * The seconds that an instance is billed for, when billed by the second:
 * started seconds count as whole ones, and a minimum is due in any case. A
 * lifetime that exceeds a whole second by less than a microsecond counts as
 * that second.
 *
 * @param lifetimeSeconds From the start to the end or, for an instance that
 * still runs, to now; at least 0. Throws `RangeError` otherwise.
 * @param minimumSeconds Default 60. Throws `RangeError` when negative.
 */
export function billedSeconds(
  lifetimeSeconds: number,
  minimumSeconds = 60,
): number {
  checkNotNegative(lifetimeSeconds, "a lifetime in seconds of");
  checkNotNegative(minimumSeconds, "a minimum in seconds of");
  return Math.max(
    minimumSeconds,
    Math.ceil(lifetimeSeconds - ROUNDING_SECONDS),
  );
}

/**
 * The hours that an instance is billed for, when billed by the started hour.
 * The first hour is due at the start. A lifetime that exceeds a whole hour by
 * less than a microsecond counts as that hour.
 *
 * @param lifetimeSeconds From the start to the end or, for an instance that
 * still runs, to now; at least 0. Throws `RangeError` otherwise.
 */
export function billedHours(lifetimeSeconds: number): number {
  checkNotNegative(lifetimeSeconds, "a lifetime in seconds of");
  return Math.max(
    1,
    Math.ceil((lifetimeSeconds - ROUNDING_SECONDS) / SECONDS_PER_HOUR),
  );
}

/**
 * The bill of one instance, from its start to its end.
 *
 * The bill so far of an instance that still runs is the same function of its
 * age: a step from age a to age b adds `cost(b) - cost(a)`, and the first
 * step adds `cost(b)`, which carries the minimum.
 *
 * @param lifetimeSeconds At least 0. Throws `RangeError` otherwise.
 * @param options Throws `RangeError` for a negative price or minimum.
 *
 * @example Ninety seconds
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { instanceCost } from "./billing.ts";
 *
 * const pricePerHour = 0.192;
 * const scheme = { kind: "per-started-hour" } as const;
 * assertAlmostEquals(instanceCost(90, { pricePerHour }), 0.0048);
 * assertAlmostEquals(instanceCost(90, { pricePerHour, scheme }), 0.192);
 * ```
 */
export function instanceCost(
  lifetimeSeconds: number,
  options: InstanceCostOptions,
): number {
  const { pricePerHour, scheme = { kind: "per-second" } } = options;
  checkNotNegative(pricePerHour, "a price per hour of");
  return scheme.kind === "per-second"
    ? billedSeconds(lifetimeSeconds, scheme.minimumSeconds) *
      (pricePerHour / SECONDS_PER_HOUR)
    : billedHours(lifetimeSeconds) * pricePerHour;
}
