/**
 * How single runs recover from a fault, and how many do not.
 *
 * @module
 */
import { featureColumn } from "../../analysis/koopman/trajectories.ts";
import {
  type SurvivalSummary,
  survivalSummary,
} from "../../analysis/settling/kaplan_meier.ts";
import { recoveryTime } from "../../analysis/settling/settling.ts";
import { mean } from "../../analysis/statistics.ts";
import type { Table } from "../../core/table.ts";
import { readLearningData, type Trajectories } from "./learning_data.ts";

export type { SurvivalSummary, Table, Trajectories };

/** Recovery of runs. */
export interface RecoverySummary {
  /** Times, with those that are only known to be longer. */
  readonly summary: Omit<SurvivalSummary, "curve">;
  /** The same in words. */
  readonly table: Table;
}

/** Options of {@linkcode recoverySummary}. */
export interface RecoverySummaryOptions {
  /** How far above the level before the fault counts as recovered, jobs. */
  readonly epsilon: number;
  /** Time for which a run has to stay there. Default 50. */
  readonly dwell?: number;
  /** Time between samples. Default 5. */
  readonly interval?: number;
  /** Called after each file. */
  readonly onRun?: () => void | Promise<void>;
}

/**
 * Recovery times of the runs whose rows lie in a folder.
 *
 * @param folder Generated data; undefined is returned where it has no rows.
 * @param options Band and dwell.
 */
export async function recoverySummary(
  folder: string,
  options: RecoverySummaryOptions,
): Promise<RecoverySummary | undefined> {
  const { interval = 5, onRun } = options;
  let runs: readonly Trajectories[] | undefined;
  try {
    ({ runs } = await readLearningData({
      path: folder,
      kind: "rows",
      features: ["q"],
      interval,
      onRun,
    }));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return runs && summariseRecovery(runs, options);
}

/**
 * Recovery times of runs: from the end of the fault until the queue stays, for
 * the dwell, at or below the mean level of all runs in the last half before the
 * fault plus epsilon.
 *
 * @param runs Each with a series before and one after the fault.
 * @param options Band and dwell.
 */
export function summariseRecovery(
  runs: readonly Trajectories[],
  { epsilon, dwell = 50 }: RecoverySummaryOptions,
): RecoverySummary {
  const { interval } = runs[0];
  const level = mean(runs.map((run) => {
    const before = featureColumn(run, { series: 0, feature: 0 });
    return mean(before.subarray(before.length >> 1));
  }));
  const times = runs.map((run) => {
    const after = featureColumn(run, { series: 1, feature: 0 });
    return recoveryTime(after, level + epsilon, { interval, dwell });
  });
  const { curve: _, ...summary } = survivalSummary(times);
  return {
    summary,
    table: {
      title: `Recovery of single runs to at most ${
        (level + epsilon).toFixed(1)
      } jobs, for ${dwell} time units at least`,
      columns: [{ header: "what" }, { header: "value" }],
      rows: [
        ["runs", summary.count],
        [
          "not recovered within the horizon",
          `${summary.censored} (${(100 * summary.censoredShare).toFixed(0)} %)`,
        ],
        ["median time (Kaplan-Meier)", said(summary.median)],
        ["95 % interval, from", said(summary.medianLow)],
        ["to", said(summary.medianHigh)],
      ],
    },
  };
}

function said(time: number): number | string {
  return Number.isFinite(time) ? time : "beyond the horizon";
}
