/**
 * Queue lengths of many runs at equal times, straight from the simulator.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";
import {
  createQueueingSimulator,
  type QueueingSimulator,
} from "../../envs/queueing/simulator.ts";

export type { QueueingOptions };

/** What is simulated. */
export interface SimulatedPathsOptions {
  /** Independent runs. */
  readonly runs: number;
  /** Length of a run. */
  readonly horizon: number;
  /** Time between samples. */
  readonly interval: number;
  /** Seed of all runs. */
  readonly seed: number;
  /** Whose queue, from 0. Default the first. */
  readonly server?: number;
  /** Called after each run; awaited. */
  readonly onRun?: (done: number) => void | Promise<void>;
  /** Ends it between two runs. */
  readonly signal?: AbortSignal;
}

/** Jobs that wait, at times 0, interval, 2 interval and so on, of each run. */
export type QueuePaths = readonly Float64Array[];

/**
 * Simulates a system many times.
 *
 * @param system Its seed is not used.
 * @param options Runs, length, seed. Throws the signal's reason once aborted.
 */
export async function simulatePaths(
  system: QueueingOptions,
  options: SimulatedPathsOptions,
): Promise<QueuePaths> {
  const { runs, horizon, interval, seed, server = 0, signal } = options;
  const random = new Random(seed);
  const paths: Float64Array[] = [];
  for (let run = 0; run < runs; run++) {
    signal?.throwIfAborted();
    const simulator = createQueueingSimulator({
      ...system,
      seed: random.integer(0, Number.MAX_SAFE_INTEGER),
    });
    paths.push(queuePath(simulator, { horizon, interval, server }));
    await options.onRun?.(run + 1);
  }
  return paths;
}

/**
 * The queue of a simulation that goes on to a horizon.
 *
 * @param simulator At time 0 or later.
 * @param options Samples from its time on.
 */
export function queuePath(
  simulator: QueueingSimulator,
  options: { horizon: number; interval: number; server?: number },
): Float64Array {
  const { horizon, interval, server = 0 } = options;
  const begin = simulator.time;
  const samples = Math.floor((horizon - begin) / interval + 1e-9) + 1;
  const path = new Float64Array(samples);
  for (let i = 0; i < samples; i++) {
    simulator.advanceTo(Math.min(horizon, begin + i * interval));
    path[i] = simulator.waiting(server);
  }
  return path;
}

/** The mean over runs, with its error. */
export interface MeanPath {
  /** Mean at each sample. */
  readonly mean: Float64Array;
  /** Standard error of the mean at each sample; NaN for one run. */
  readonly standardError: Float64Array;
}

/**
 * The mean path over runs.
 *
 * @param paths Of one length; at least one.
 */
export function meanPath(paths: QueuePaths): MeanPath {
  const runs = paths.length;
  const mean = new Float64Array(paths[0].length);
  const squares = new Float64Array(mean.length);
  paths.forEach((path, run) => {
    for (let i = 0; i < mean.length; i++) {
      const deviation = path[i] - mean[i];
      mean[i] += deviation / (run + 1);
      squares[i] += deviation * (path[i] - mean[i]);
    }
  });
  return {
    mean,
    standardError: squares.map((sum) => Math.sqrt(sum / (runs - 1) / runs)),
  };
}
