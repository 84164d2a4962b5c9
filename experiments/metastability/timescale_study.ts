/**
 * Whether a learned timescale is the queue's own, and its bound a bound.
 *
 * @module
 */
import { meanTrajectories } from "../../analysis/koopman/timescale_interval.ts";
import {
  featureColumn,
  type Trajectories,
} from "../../analysis/koopman/trajectories.ts";
import type { Interval } from "../../analysis/statistics.ts";
import type { Table } from "../../core/table.ts";
import {
  type LearnedKoopman,
  learnKoopman,
} from "../queueing_learning/koopman_training.ts";
import {
  compareSettling,
  type ObservedPath,
  type SettlingComparison,
} from "../queueing_learning/settling_comparison.ts";
import { meanPath } from "../queueing_learning/simulated_paths.ts";

export type {
  Interval,
  LearnedKoopman,
  SettlingComparison,
  Table,
  Trajectories,
};

/** What a number of runs came to. */
export interface TimescaleStudy {
  /** Number of runs. */
  readonly runs: number;
  /** The default model. */
  readonly learned: LearnedKoopman;
  /** Its bound beside the settling of the mean path. */
  readonly settling: SettlingComparison;
}

/** How a study is done. */
export interface TimescaleStudyOptions {
  /** Seed of weights and draws. */
  readonly seed: number;
  /** Updates of a training. */
  readonly updates: number;
  /** Sets of runs drawn for intervals. */
  readonly resamples: number;
  /** Half widths of bands. */
  readonly epsilons: readonly number[];
  /** Ends it early once aborted. */
  readonly signal?: AbortSignal;
  /** Called after each update and training; awaited. */
  readonly onStep?: (loss?: number) => void | Promise<void>;
}

/**
 * Learns from runs and compares.
 *
 * @param runs Each with a series before and one after the fault.
 * @param options How.
 */
export async function studyTimescale(
  runs: readonly Trajectories[],
  options: TimescaleStudyOptions,
): Promise<TimescaleStudy> {
  const { seed, updates, resamples, epsilons, signal, onStep } = options;
  const learned = await learnKoopman(
    {
      mean: meanTrajectories(runs),
      runs,
      source: "simulated runs",
    },
    { mode: "default", seed, steps: updates, resamples },
    {
      signal,
      onStep: (_, loss) => onStep?.(loss),
      onResample: () => onStep?.(),
    },
  );
  return {
    runs: runs.length,
    learned,
    settling: compareSettling(pathAfter(runs), learned.model, { epsilons }),
  };
}

/** The mean queue after the fault, from time 0 on. */
function pathAfter(runs: readonly Trajectories[]): ObservedPath {
  const paths = runs.map((run) =>
    featureColumn(run, { series: 1, feature: 0 })
  );
  return {
    ...meanPath(paths),
    interval: runs[0].interval,
    faultEnd: 0,
    runs: runs.length,
  };
}

/** A claim, and whether it holds. */
export interface Claim {
  /** What was to be shown. */
  readonly claim: string;
  /** What was found. */
  readonly found: string;
  /** Whether it was. */
  readonly reached: boolean;
}

/**
 * The claims about a study.
 *
 * @param study What was found.
 * @param empirical The queue's autocorrelation time, and its slow decay, which
 * is the slowest mode's where faster ones have gone by then.
 */
export function timescaleClaims(
  { runs, learned, settling }: TimescaleStudy,
  empirical: { integrated: Interval; exponential: Interval },
): Claim[] {
  const near = (learned: Interval, measured: Interval) => {
    const difference = learned.estimate / measured.estimate - 1;
    const said = ({ estimate, low, high }: Interval) =>
      `${estimate.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`;
    return {
      found: `${said(learned)} against ${said(measured)}: ${
        (100 * difference).toFixed(1)
      } %`,
      reached: Math.abs(difference) <= 0.15,
    };
  };
  const resolved = settling.rows.filter(({ resolvable, empirical }) =>
    resolvable && !empirical.censored
  );
  const broken = resolved.filter(({ empirical, bound }) =>
    bound < empirical.time
  );
  const factors = resolved.map(({ factor }) => factor).filter(Number.isFinite);
  return [
    {
      claim:
        `autocorrelation time learned from ${runs} runs within 15 % of that of long runs`,
      ...near(learned.autocorrelationTime, empirical.integrated),
    },
    {
      claim:
        `slow decay learned from ${runs} runs within 15 % of that of long runs`,
      ...near(learned.slowDecay, empirical.exponential),
    },
    {
      claim:
        `slowest mode learned from ${runs} runs within 15 % of the slow decay of long runs`,
      ...near(learned.timescale, empirical.exponential),
    },
    {
      claim:
        `bound above the empirical settling time, ${runs} runs, epsilon from 3 standard errors (${
          (3 * settling.standardError).toFixed(1)
        } jobs)`,
      found: `${
        resolved.length - broken.length
      } of ${resolved.length} epsilons`,
      reached: resolved.length > 0 && broken.length === 0,
    },
    {
      claim: `bound at most 3 times the settling time, ${runs} runs`,
      found: factors.length === 0
        ? "none resolved"
        : `${Math.min(...factors).toFixed(2)} to ${
          Math.max(...factors).toFixed(2)
        }`,
      reached: factors.length > 0 && Math.max(...factors) <= 3,
    },
  ];
}

/**
 * Claims as a table.
 *
 * @param claims What was to be shown.
 */
export function claimTable(claims: readonly Claim[]): Table {
  return {
    title: "What was to be reached",
    columns: [{ header: "claim" }, { header: "found" }, { header: "reached" }],
    rows: claims.map(({ claim, found, reached }) => [
      claim,
      found,
      reached ? "yes" : "no",
    ]),
  };
}
