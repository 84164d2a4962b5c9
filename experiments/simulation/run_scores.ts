/**
 * What the runs of a tree scored, from their histories.
 *
 * @module
 */
import { basename } from "@std/path";
import { mean } from "../../analysis/statistics.ts";
import { readHistory, type TrainingHistory } from "./history.ts";
import { observeRuns } from "./observe.ts";
import { listRuns, readManifest } from "./run_tree.ts";

/** How a run's history becomes one number. */
export interface ScoreOptions {
  /**
   * Which series of the history. Default: the first that all simulations have.
   */
  metric?: string;
  /** The part at the end of a run that is averaged, above 0. Default 0.1. */
  lastShare?: number;
}

/** The runs of one simulation. */
export interface SimulationScores {
  /** The simulation. */
  readonly simulationId: string;
  /** Runs that there have to be. */
  readonly runs: number;
  /** One score a finished run, in the order of runs. */
  readonly scores: Float64Array;
  /** The metric at each recorded step, one series a finished run. */
  readonly series: readonly Float64Array[];
}

/** The runs of a tree. */
export interface TreeScores {
  /** The metric. */
  readonly metric: string;
  /** By simulation; those without the metric are left out. */
  readonly simulations: readonly SimulationScores[];
  /** What was left out and why. */
  readonly notes: readonly string[];
}

/** A number at each step: lists of numbers by their mean magnitude. */
function numbersOf(series: TrainingHistory[string]): Float64Array {
  if (series instanceof Float64Array) return series;
  return Float64Array.from(series, (values) => {
    if (values.length === 0) return NaN;
    let sum = 0;
    for (const value of values) sum += Math.abs(value);
    return sum / values.length;
  });
}

/** The mean over the end of a series; NaN for an empty one. */
export function finalScore(series: Float64Array, lastShare: number): number {
  const count = Math.max(1, Math.round(series.length * lastShare));
  const end = series.subarray(Math.max(0, series.length - count));
  return end.length === 0 ? NaN : mean(end);
}

interface FinishedRuns {
  readonly simulationId: string;
  readonly runs: number;
  readonly histories: TrainingHistory[];
}

function chooseMetric(
  all: readonly FinishedRuns[],
  root: string,
  asked: string | undefined,
): string {
  const names = all.map(({ histories }) => Object.keys(histories[0]));
  if (asked !== undefined) {
    if (names.some((own) => own.includes(asked))) return asked;
    throw new RangeError(
      `Cannot compare runs by ${JSON.stringify(asked)}: expected one of ${
        [...new Set(names.flat())].join(", ")
      }`,
    );
  }
  const [first = []] = names;
  const common = first.find((name) => names.every((own) => own.includes(name)));
  if (common !== undefined) return common;
  throw new RangeError(
    `Cannot compare the runs of ${
      JSON.stringify(basename(root))
    } by one metric: their histories have none in common, expected one of ${
      [...new Set(names.flat())].join(", ")
    } to be named`,
  );
}

async function finishedRuns(root: string): Promise<FinishedRuns[]> {
  const manifest = readManifest(root);
  const runs = await observeRuns(root, listRuns(root, manifest));
  const found: FinishedRuns[] = [];
  for (const [index, { simulationId }] of manifest.simulations.entries()) {
    const histories: TrainingHistory[] = [];
    for (const { simulationIndex, state, folder } of runs) {
      if (simulationIndex !== index || state !== "finished") continue;
      histories.push(await readHistory(`${folder}/training_hist.npz`));
    }
    found.push({ simulationId, runs: manifest.runsPerSim, histories });
  }
  return found;
}

/**
 * The scores of all finished runs.
 *
 * @param root The tree. Throws a one-line error where a file is damaged.
 * @param options Metric and share. Throws `RangeError` where no run is
 * finished, or there is no such metric.
 */
export async function readScores(
  root: string,
  options: ScoreOptions = {},
): Promise<TreeScores> {
  const { lastShare = 0.1 } = options;
  if (!(lastShare > 0 && lastShare <= 1)) {
    throw new RangeError(
      `Cannot average the last ${lastShare} of a run: expected a number above 0 and at most 1`,
    );
  }
  const all = await finishedRuns(root);
  const finished = all.filter(({ histories }) => histories.length > 0);
  if (finished.length === 0) {
    throw new RangeError(
      `Cannot compare the runs of ${
        JSON.stringify(basename(root))
      }: none is finished`,
    );
  }
  const metric = chooseMetric(finished, root, options.metric);
  const notes: string[] = [];
  const simulations = all.flatMap(({ simulationId, runs, histories }) => {
    if (histories.length === 0) {
      notes.push(`${simulationId}: no run is finished`);
      return [];
    }
    const series = histories.flatMap((history) =>
      Object.hasOwn(history, metric) ? [numbersOf(history[metric])] : []
    );
    if (series.length === 0) {
      notes.push(`${simulationId}: its history has no ${metric}`);
      return [];
    }
    const scores = Float64Array.from(
      series,
      (values) => finalScore(values, lastShare),
    );
    return [{ simulationId, runs, scores, series }];
  });
  return { metric, simulations, notes };
}
