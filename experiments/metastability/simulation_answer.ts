/**
 * What a discrete-event simulation says of a queue that is hit by a fault.
 *
 * @module
 */
import {
  type SurvivalSummary,
  survivalSummary,
} from "../../analysis/settling/kaplan_meier.ts";
import {
  type ObservedTime,
  recoveryTime,
} from "../../analysis/settling/settling.ts";
import { mean } from "../../analysis/statistics.ts";
import { Random } from "../../core/random.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";
import { createQueueingSimulator } from "../../envs/queueing/simulator.ts";
import type { FaultWindow } from "../queueing_learning/run_files.ts";
import { queuePath } from "../queueing_learning/simulated_paths.ts";

export type { FaultWindow, ObservedTime, QueueingOptions, SurvivalSummary };

/** What is simulated. */
export interface FaultStudyOptions {
  /** When the fault begins and ends. */
  readonly fault: FaultWindow;
  /** Length of a run. */
  readonly horizon: number;
  /** Independent runs. */
  readonly runs: number;
  /** Seed of all runs. */
  readonly seed: number;
  /** Time between samples. Default 5. */
  readonly interval?: number;
  /** How far above the level before the fault counts as back, jobs. Default 5. */
  readonly epsilon?: number;
  /** For how long a run has to stay there. Default 50. */
  readonly dwell?: number;
  /**
   * The level before the fault. Default: the mean of all runs over its last
   * half. Give one where systems are compared, so that all have the same goal.
   */
  readonly level?: number;
  /** Called after each run; awaited. */
  readonly onRun?: (done: number) => void | Promise<void>;
  /** Ends it between two runs. */
  readonly signal?: AbortSignal;
}

/** What the runs say. */
export interface FaultStudy {
  /** Recovery times, censored at the horizon. */
  readonly recovery: SurvivalSummary;
  /** Times of each run. */
  readonly times: readonly ObservedTime[];
  /** Mean queue in the last half before the fault. */
  readonly level: number;
  /** Mean queue in the last tenth of the runs. */
  readonly levelAfter: number;
  /** Share of runs whose queue was nearly full, over 0.9, before the fault. */
  readonly stuckBefore: number;
  /** The same in the last tenth. */
  readonly stuckAfter: number;
  /** Answers in time over requests, before the fault. */
  readonly goodputBefore: number;
  /** The same from the fault's end to the horizon. */
  readonly goodputAfter: number;
  /** Attempts lost, for whatever reason, over requests, after the fault. */
  readonly lossesAfter: number;
  /** Queue lengths of all runs, by sample. */
  readonly paths: readonly Float64Array[];
}

interface Goodput {
  before: number;
  after: number;
  losses: number;
}

/**
 * Runs a system through a fault many times. The same seed gives systems that
 * differ in a rule the same arrivals and service times.
 *
 * @param system Its seed is not used.
 * @param options Runs, times, and what counts as recovered.
 */
export async function studyFault(
  system: QueueingOptions,
  options: FaultStudyOptions,
): Promise<FaultStudy> {
  const { fault, horizon, runs, interval = 5, epsilon = 5, dwell = 50 } =
    options;
  const random = new Random(options.seed);
  const paths: Float64Array[] = [];
  const goodputs: Goodput[] = [];
  for (let run = 0; run < runs; run++) {
    options.signal?.throwIfAborted();
    const seed = random.integer(0, Number.MAX_SAFE_INTEGER);
    const { path, goodput } = runOnce({ ...system, seed }, {
      fault,
      horizon,
      interval,
    });
    paths.push(path);
    goodputs.push(goodput);
    await options.onRun?.(run + 1);
  }
  const at = (time: number) => Math.ceil(time / interval - 1e-9);
  const window = (path: Float64Array, from: number, to: number) =>
    mean(path.subarray(at(from), Math.max(at(from) + 1, at(to))));
  const before = paths.map((path) =>
    window(path, fault.start / 2, fault.start)
  );
  const last = horizon - (horizon - fault.end) / 10;
  const after = paths.map((path) => window(path, last, horizon));
  const level = options.level ?? mean(before);
  const times = paths.map((path) =>
    recoveryTime(path.subarray(at(fault.end)), level + epsilon, {
      interval,
      dwell,
    })
  );
  const nearlyFull = 0.9 * (system.servers?.[0]?.queueCapacity ?? 100);
  const shareFull = (levels: number[]) =>
    levels.filter((level) => level > nearlyFull).length / runs;
  return {
    recovery: survivalSummary(times),
    times,
    level: mean(before),
    levelAfter: mean(after),
    stuckBefore: shareFull(before),
    stuckAfter: shareFull(after),
    goodputBefore: mean(goodputs.map(({ before }) => before)),
    goodputAfter: mean(goodputs.map(({ after }) => after)),
    lossesAfter: mean(goodputs.map(({ losses }) => losses)),
    paths,
  };
}

function runOnce(
  system: QueueingOptions,
  { fault, horizon, interval }: {
    fault: FaultWindow;
    horizon: number;
    interval: number;
  },
): { path: Float64Array; goodput: Goodput } {
  const simulator = createQueueingSimulator(system);
  const samples = Math.floor(horizon / interval + 1e-9) + 1;
  const path = new Float64Array(samples);
  const part = (to: number) => {
    const from = simulator.time;
    const begin = Math.ceil(from / interval - 1e-9) * interval;
    simulator.resetStatistics();
    simulator.advanceTo(Math.min(to, begin));
    path.set(
      queuePath(simulator, { horizon: to, interval }).subarray(
        0,
        samples - Math.round(begin / interval),
      ),
      Math.round(begin / interval),
    );
    simulator.advanceTo(to);
    return simulator.statistics();
  };
  const before = part(fault.start);
  part(fault.end);
  const after = part(horizon);
  return {
    path,
    goodput: {
      before: before.onTime / before.arrivals,
      after: after.onTime / after.arrivals,
      losses: after.dropped / after.arrivals,
    },
  };
}
