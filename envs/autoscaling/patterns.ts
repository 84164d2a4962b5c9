/**
 * Load patterns: how many items arrive in each step.
 *
 * The four deterministic patterns give the reference system's numbers to the
 * digit. POISSON and RANDOM, unseeded there, draw from the environment's own
 * stream here.
 *
 * @module
 */
import { nearestName } from "../../core/nearest_name.ts";
import type { Random } from "../../core/random.ts";
import type { Service } from "./service.ts";

/** The names of the built-in patterns. */
export const PATTERN_NAMES = [
  "SINE_CURVE",
  "SINUSOIDAL",
  "STEADY",
  "SPIKE",
  "POISSON",
  "RANDOM",
] as const;

/** The name of a built-in pattern. */
export type PatternName = typeof PATTERN_NAMES[number];

/** A load over time. */
export interface LoadPattern {
  /** What it is called in tables and models. */
  readonly name: string;
  /** Whether the load is a function of the step alone. */
  readonly deterministic: boolean;
  /**
   * Steps after which nothing new comes: a random start lies below it. 1
   * where every start is alike.
   */
  readonly periodSteps: number;
  /** Whether steps have a time of day, as in a recorded trace. */
  readonly daily: boolean;
  /**
   * Items that arrive in a step, a whole number.
   *
   * @param step Whole number from 0.
   * @param random Drawn from by patterns that are not deterministic.
   */
  influx(step: number, random: Random): number;
}

const SPIKE_PERIOD = 500;
const SPIKE_RISE = 10;

/**
 * A built-in pattern at a service's scale. Throws `RangeError` for an unknown
 * name.
 *
 * @param name One of {@linkcode PATTERN_NAMES}.
 * @param service Gives the smallest and largest load.
 */
export function loadPattern(name: string, service: Service): LoadPattern {
  const low = service.minimumInflux;
  const high = service.maximumInflux;
  const range = high - low;
  const steady = Math.trunc(low + 0.5 * range);
  const make = (
    deterministic: boolean,
    periodSteps: number,
    influx: LoadPattern["influx"],
  ): LoadPattern => ({
    name,
    deterministic,
    periodSteps,
    daily: false,
    influx,
  });
  switch (name) {
    case "SINE_CURVE": // one cycle in 200 pi steps
      return make(
        true,
        628,
        (step) => Math.ceil((Math.sin(step * 0.01) + 1) * high / 2),
      );
    case "SINUSOIDAL":
      return make(
        true,
        628,
        (step) => Math.ceil((Math.sin(step * 0.01) + 1) * range / 2) + low,
      );
    case "STEADY":
      return make(true, 1, () => steady);
    case "SPIKE":
      return make(true, SPIKE_PERIOD, (step) => spike(step, low, range));
    case "POISSON":
      return make(
        false,
        1,
        (_, random) => Math.min(high, Math.max(low, random.poisson(steady))),
      );
    case "RANDOM":
      return make(false, 1, (_, random) => random.integer(low, high));
  }
  const nearest = nearestName(name, PATTERN_NAMES);
  throw new RangeError(
    `Cannot read load pattern "${name}": expected one of ${
      PATTERN_NAMES.join(", ")
    }${nearest ? ` (did you mean ${nearest}?)` : ""}`,
  );
}

/** Every 500 steps up to 0.8 of the range within 10 steps, and down again. */
function spike(step: number, low: number, range: number): number {
  const base = low + 0.3 * range;
  const peak = low + 0.8 * range;
  const within = step % SPIKE_PERIOD;
  const distance = within < SPIKE_RISE ? within : 2 * SPIKE_RISE - within;
  return Math.trunc(
    distance > 0 ? base + (peak - base) * (distance / SPIKE_RISE) : base,
  );
}

/**
 * A recorded load: the value of each step, begun anew after the last.
 *
 * @param name What it is called in tables and models.
 * @param requests Items of each step, whole numbers from 0, shape [steps].
 */
export function recordedPattern(
  name: string,
  requests: ArrayLike<number>,
): LoadPattern {
  const values = Float64Array.from(requests);
  const bad = values.findIndex((value) =>
    !(Number.isInteger(value) && value >= 0)
  );
  if (values.length === 0 || bad >= 0) {
    throw new RangeError(
      values.length === 0
        ? `Cannot play the trace "${name}": it has no steps`
        : `Cannot play the trace "${name}": step ${bad} has ${
          values[bad]
        } items, expected a whole number from 0`,
    );
  }
  return {
    name,
    deterministic: true,
    periodSteps: values.length,
    daily: true,
    influx: (step) => values[step % values.length],
  };
}
