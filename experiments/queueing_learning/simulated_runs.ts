/**
 * States of many runs at equal times, straight from the simulator: what files
 * of rows hold, without the files.
 *
 * @module
 */
import {
  type Trajectories,
  trajectoriesOf,
} from "../../analysis/koopman/trajectories.ts";
import { Random } from "../../core/random.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";
import { createQueueingSimulator } from "../../envs/queueing/simulator.ts";
import {
  createGridSampler,
  GRID_COLUMNS,
  gridPoints,
} from "../queueing_data/grid.ts";
import type { FaultWindow } from "./run_files.ts";

export type { FaultWindow, QueueingOptions, Trajectories };

/** What is simulated. */
export interface SimulatedRunsOptions {
  /** Independent runs. */
  readonly runs: number;
  /** Length of a run. */
  readonly horizon: number;
  /** Time between samples. */
  readonly interval: number;
  /** When the fault begins and ends. */
  readonly fault: FaultWindow;
  /** Seed of all runs. */
  readonly seed: number;
  /** Called after each run; awaited. */
  readonly onRun?: (done: number) => void | Promise<void>;
  /** Ends it between two runs. */
  readonly signal?: AbortSignal;
}

/**
 * Queue length and latency of each run, before and after the fault, as the last
 * completion before each sample has them.
 *
 * @param system Its seed is not used.
 * @param options Runs, times, seed.
 */
export async function simulateRuns(
  system: QueueingOptions,
  options: SimulatedRunsOptions,
): Promise<Trajectories[]> {
  const { interval, horizon, fault, runs } = options;
  const random = new Random(options.seed);
  const points = gridPoints(horizon, interval);
  const ranges = [
    [1, Math.ceil(fault.start / interval)],
    [Math.ceil(fault.end / interval), Math.floor(horizon / interval)],
  ];
  const all: Trajectories[] = [];
  for (let run = 0; run < runs; run++) {
    options.signal?.throwIfAborted();
    const columns = sample(
      { ...system, seed: random.integer(0, Number.MAX_SAFE_INTEGER) },
      { interval, horizon, points },
    );
    const part = (name: typeof GRID_COLUMNS[number]) => {
      const column = columns[GRID_COLUMNS.indexOf(name)];
      return ranges.map(([from, to]) => column.subarray(from, to));
    };
    all.push(
      trajectoriesOf({ q: part("queueLength"), l: part("latency") }, interval),
    );
    await options.onRun?.(run + 1);
  }
  return all;
}

function sample(
  system: QueueingOptions,
  { interval, horizon, points }: {
    interval: number;
    horizon: number;
    points: number;
  },
): Float64Array[] {
  const columns = GRID_COLUMNS.map(() => new Float64Array(points));
  let done = 0;
  const sampler = createGridSampler({
    step: interval,
    points,
    write(chunk) {
      const size = chunk.length / GRID_COLUMNS.length;
      columns.forEach((column, c) =>
        column.set(chunk.subarray(c * size, (c + 1) * size), done)
      );
      done += size;
    },
  });
  const simulator = createQueueingSimulator(system, {
    rows: (block) => sampler.add(block, 0),
  });
  simulator.advanceTo(horizon);
  simulator.flushRows();
  sampler.finish();
  return columns;
}
