/**
 * Poisson arrivals at rates that change with time, drawn exactly.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import { profileOfSteps, type RateProfile } from "./_rate_steps.ts";

export type { Random, RateProfile };

/** The same rate at all times. */
export interface ConstantRateOptions {
  /** Which profile. */
  profile: "constant";
  /** Jobs a second, above 0. */
  rate: number;
}

/** From when on a rate holds. */
export interface RateStep {
  /** First moment, in seconds. */
  start: number;
  /** Jobs a second, from 0. */
  rate: number;
}

/** Rates that hold for a while each. */
export interface SteppedRateOptions {
  /** Which profile. */
  profile: "stepped";
  /** At least one; the first starts at 0, and starts rise. */
  steps: readonly RateStep[];
  /**
   * Seconds after which all steps come again; above the last start. Default:
   * the last rate holds for ever.
   */
  periodSeconds?: number;
}

/** A rate that rises and falls as a cosine. */
export interface DiurnalRateOptions {
  /** Which profile. */
  profile: "diurnal";
  /** Jobs a second on average over a period, above 0. */
  meanRate: number;
  /** How far it swings, relative to the mean, from 0 to 1. Default 0.5. */
  amplitude?: number;
  /** Length of a period in seconds, above 0. Default 86,400. */
  periodSeconds?: number;
  /** When the rate is largest, in seconds. Default: half a period. */
  peakSeconds?: number;
}

/** Which profile, and its parameters. Plain values: they fit into JSON. */
export type RateOptions =
  | ConstantRateOptions
  | SteppedRateOptions
  | DiurnalRateOptions;

function refuse(what: string, expected: string): never {
  throw new RangeError(
    `Cannot draw arrivals with ${what}, expected ${expected}`,
  );
}

function checkPositive(value: number, name: string): void {
  if (!(value > 0 && value < Infinity)) {
    refuse(`${name} ${value}`, "a finite number above 0");
  }
}

function constantRate({ rate }: ConstantRateOptions): RateProfile {
  checkPositive(rate, "rate");
  return {
    rate: () => rate,
    expected: (from, to) => (to - from) * rate,
    next: (after, random) => after + random.exponential(rate),
  };
}

/**
 * Thinning (Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes
 * by thinning", 1979): candidates come at the largest rate and are kept with
 * the rate's share of it.
 */
function diurnalRate(options: DiurnalRateOptions): RateProfile {
  const { meanRate, amplitude = 0.5, periodSeconds = 86_400 } = options;
  const { peakSeconds = periodSeconds / 2 } = options;
  checkPositive(meanRate, "meanRate");
  checkPositive(periodSeconds, "periodSeconds");
  if (!(amplitude >= 0 && amplitude <= 1)) {
    refuse(`amplitude ${amplitude}`, "a number from 0 to 1");
  }
  if (!Number.isFinite(peakSeconds)) {
    refuse(`peakSeconds ${peakSeconds}`, "a finite number");
  }
  const speed = 2 * Math.PI / periodSeconds;
  const largest = meanRate * (1 + amplitude);
  const lowest = meanRate * (1 - amplitude) * (1 - 1e-12);
  const rate = (time: number) =>
    meanRate * (1 + amplitude * Math.cos(speed * (time - peakSeconds)));
  const cumulative = (time: number) =>
    meanRate *
    (time + amplitude / speed * Math.sin(speed * (time - peakSeconds)));
  return {
    rate,
    expected: (from, to) => cumulative(to) - cumulative(from),
    next(after, random): number {
      let time = after;
      for (;;) {
        time += random.exponential(largest);
        const level = random.uniform() * largest;
        // Below the smallest rate there is no need for a cosine.
        if (level < lowest || level < rate(time)) return time;
      }
    },
  };
}

function steppedRate(options: SteppedRateOptions): RateProfile {
  const { steps, periodSeconds } = options;
  if (!(steps?.length > 0)) refuse("no steps", "at least 1");
  const starts = Float64Array.from(steps, ({ start }) => start);
  const rates = Float64Array.from(steps, ({ rate }) => rate);
  if (starts[0] !== 0) refuse(`a first start of ${starts[0]}`, "0");
  starts.forEach((start, i) => {
    if (i > 0 && !(start > starts[i - 1] && start < Infinity)) {
      refuse(
        `a step at ${start} after one at ${starts[i - 1]}`,
        "finite starts that rise",
      );
    }
    if (!(rates[i] >= 0 && rates[i] < Infinity)) {
      refuse(`rate ${rates[i]} from ${start}`, "a finite number from 0");
    }
  });
  if (periodSeconds === undefined) {
    return profileOfSteps({ starts, rates, end: Infinity, repeat: false });
  }
  if (
    !(periodSeconds > starts[starts.length - 1] && periodSeconds < Infinity)
  ) {
    refuse(
      `periodSeconds ${periodSeconds}`,
      `a finite number above the last start, ${starts[starts.length - 1]}`,
    );
  }
  if (rates.every((rate) => rate === 0)) {
    refuse("rates that are all 0", "one above 0");
  }
  return profileOfSteps({ starts, rates, end: periodSeconds, repeat: true });
}

/**
 * A rate over time, from which Poisson arrivals are drawn without error:
 * `constant` by exponential gaps, `stepped` by inversion of the integrated
 * rate, `diurnal`, mean (1 + amplitude cos(2 pi (t - peak) / period)), by
 * thinning.
 *
 * @param options Throws `RangeError` for an unknown profile and for a
 * parameter outside its range.
 *
 * @example A burst
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rateProfile } from "./arrival_rates.ts";
 *
 * const profile = rateProfile({
 *   profile: "stepped",
 *   steps: [{ start: 0, rate: 500 }, { start: 10, rate: 800 }],
 *   periodSeconds: 15,
 * });
 * assertEquals(profile.expected(0, 30), 2 * (5000 + 4000));
 * ```
 */
export function rateProfile(options: RateOptions): RateProfile {
  switch (options.profile) {
    case "constant":
      return constantRate(options);
    case "stepped":
      return steppedRate(options);
    case "diurnal":
      return diurnalRate(options);
  }
  const { profile } = options as { profile: unknown };
  refuse(
    `the profile ${JSON.stringify(profile)}`,
    "constant, stepped or diurnal",
  );
}
