/**
 * What a Koopman model says that was learned from a simulation's runs.
 *
 * @module
 */
import {
  type SettlingBound,
  settlingBound,
} from "../../analysis/koopman/settling_bound.ts";
import { meanTrajectories } from "../../analysis/koopman/timescale_interval.ts";
import { trajectoriesOf } from "../../analysis/koopman/trajectories.ts";
import {
  type KoopmanTrainingHooks,
  type LearnedKoopman,
  learnKoopman,
} from "../queueing_learning/koopman_training.ts";
import type { FaultWindow } from "../queueing_learning/run_files.ts";

export type {
  FaultWindow,
  KoopmanTrainingHooks,
  LearnedKoopman,
  SettlingBound,
};

/** What is learned from. */
export interface LearnedAnswerOptions {
  /** When the fault began and ended. */
  readonly fault: FaultWindow;
  /** Time between samples. */
  readonly interval: number;
  /** Seed of weights and draws. */
  readonly seed: number;
  /** Updates. Default 2000. */
  readonly updates?: number;
  /** Sets of runs drawn for intervals. Default 200. */
  readonly resamples?: number;
}

/** The model's answers. */
export interface LearnedAnswer {
  /** Model, timescale and interval. */
  readonly learned: LearnedKoopman;
  /** The queue at the model's fixed point. */
  readonly restingQueue: number;
  /** Its bound and the factors. */
  readonly bound: SettlingBound;
}

/**
 * Learns from queue lengths before and after the fault of all runs.
 *
 * @param paths Queue lengths of each run, the first at time 0.
 * @param options Fault, interval, seed.
 * @param hooks How it is watched.
 */
export async function answerByLearning(
  paths: readonly Float64Array[],
  options: LearnedAnswerOptions,
  hooks: KoopmanTrainingHooks = {},
): Promise<LearnedAnswer> {
  const { fault, interval, seed } = options;
  const first = Math.ceil(fault.start / interval);
  const second = Math.ceil(fault.end / interval);
  const runs = paths.map((path) =>
    trajectoriesOf({ q: [path.slice(1, first), path.slice(second)] }, interval)
  );
  const learned = await learnKoopman({
    mean: meanTrajectories(runs),
    runs,
    source: "simulated paths",
  }, {
    mode: "default",
    seed,
    steps: options.updates,
    resamples: options.resamples,
  }, hooks);
  const { model } = learned;
  return {
    learned,
    restingQueue: model.decode(model.fixedPoint)[0],
    bound: settlingBound(model, { series: [-1] }),
  };
}
