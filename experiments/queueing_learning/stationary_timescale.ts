/**
 * The empirical timescale of a queue: how long it remembers, once it has
 * forgotten how it began.
 *
 * @module
 */
import {
  type AutocorrelationTime,
  autocorrelationTime,
} from "../../analysis/settling/autocorrelation.ts";
import {
  type Interval,
  mean,
  meanInterval,
} from "../../analysis/statistics.ts";
import type {
  FaultOptions,
  QueueingOptions,
} from "../../envs/queueing/options.ts";
import { simulatePaths } from "./simulated_paths.ts";

export type { AutocorrelationTime, Interval, QueueingOptions };

/** What {@linkcode stationaryTimescale} takes. */
export interface StationaryOptions {
  /** Runs, half of which begin empty and half overloaded. Default 40. */
  readonly runs?: number;
  /** Length of each, after the warm-up. Default 100,000. */
  readonly length?: number;
  /** Time before samples count. Default a tenth of the length. */
  readonly warmUp?: number;
  /** Time between samples. Default 10. */
  readonly interval?: number;
  /** Seed of all runs. */
  readonly seed: number;
  /** Whose queue, from 0. Default the first. */
  readonly server?: number;
  /** Called after each run; awaited. */
  readonly onRun?: (done: number) => void | Promise<void>;
  /** Ends it between two runs. */
  readonly signal?: AbortSignal;
}

/** How long a stationary queue remembers. */
export interface StationaryTimescale extends AutocorrelationTime {
  /** Mean queue of the runs that began empty. */
  readonly fromEmpty: Interval;
  /** Mean queue of those that began with an overload. */
  readonly fromOverload: Interval;
  /**
   * Whether both means agree, within three standard errors of their
   * difference and some: if not, the runs are too short to be stationary, and
   * the autocorrelation time is not that of the whole process.
   */
  readonly mixed: boolean;
  /** Whether a run lasts for ten autocorrelation times at least. */
  readonly longEnough: boolean;
}

/** Autocorrelation times that a run has to last for. */
const LONG_ENOUGH = 10;

/**
 * The autocorrelation time of the queue of a system without its faults.
 *
 * @param system Faults, first jobs and seed are not used.
 * @param options Runs, their length, seed.
 */
export async function stationaryTimescale(
  system: QueueingOptions,
  options: StationaryOptions,
): Promise<StationaryTimescale> {
  const { runs = 40, length = 100_000, interval = 10, seed } = options;
  const { warmUp = length / 10 } = options;
  const half = Math.ceil(runs / 2);
  const halves: Float64Array[][] = [];
  for (const faults of [[], [overload(system)]]) {
    const paths = await simulatePaths(
      { ...system, faults, initial: undefined },
      {
        ...options,
        runs: half,
        horizon: warmUp + length,
        interval,
        seed: seed + halves.length,
        onRun: (done) => options.onRun?.(done + halves.length * half),
      },
    );
    const first = Math.ceil(warmUp / interval);
    halves.push(paths.map((path) => path.subarray(first)));
  }
  const [fromEmpty, fromOverload] = halves.map((paths) =>
    meanInterval(paths.map((path) => mean(path)))
  );
  const time = autocorrelationTime(halves.flat(), { interval });
  return {
    ...time,
    longEnough: length >= LONG_ENOUGH * time.integrated.estimate,
    fromEmpty,
    fromOverload,
    mixed: Math.abs(fromEmpty.estimate - fromOverload.estimate) <=
      1.5 * (half95(fromEmpty) + half95(fromOverload)),
  };
}

/** Ten times the arrivals for as long as ten attempts: full of retries. */
function overload({ clients }: QueueingOptions): FaultOptions {
  const longest = Math.max(...clients.map(({ timeout = 9 }) => timeout));
  return {
    target: "arrivalRate",
    start: 0,
    duration: 10 * longest,
    factor: 10,
  };
}

function half95({ low, high }: Interval): number {
  return (high - low) / 2;
}
