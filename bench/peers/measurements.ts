/**
 * What the peers' trainings came to, and how they compare.
 *
 * @module
 */
import { mean, median } from "../../analysis/statistics.ts";
import type { Table } from "../../core/table.ts";

export type { Table };

/** What a training script prints. */
export interface PeerResult {
  /** Who trained. */
  readonly library: string;
  /** Versions of packages, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** What learned. */
  readonly algorithm: "dqn" | "ppo";
  /** Threads that it was limited to; null where it was not. */
  readonly threads: number | null;
  /** Where its random numbers came from. */
  readonly seed: number;
  /** Environment steps taken. */
  readonly steps: number;
  /** From the first construction to the last step, compilation included. */
  readonly seconds: number;
  /** Steps over seconds. */
  readonly stepsPerSecond: number;
  /** From the start of the process to the end of its imports. */
  readonly importSeconds: number;
  /** Of the greedy policy at the end; null where it was not asked. */
  readonly meanReturn: number | null;
  /** In what the training departs from ours. */
  readonly differences: readonly string[];
}

/** A training, as it is seen from outside. */
export interface PeerRun extends Omit<PeerResult, "seconds" | "importSeconds"> {
  /** Of the training; NaN where only the process is timed. */
  readonly seconds: number;
  /** Of the process, from its start to its end. */
  readonly processSeconds: number;
}

/** All repetitions of one training. */
export interface PeerRow {
  /** Who trained. */
  readonly library: string;
  /** What learned. */
  readonly algorithm: "dqn" | "ppo";
  /** Threads that it was limited to; null where it was not. */
  readonly threads: number | null;
  /** Number of repetitions. */
  readonly runs: number;
  /** Environment steps of each. */
  readonly steps: number;
  /** Median; NaN where only processes are timed. */
  readonly seconds: number;
  /** Median. */
  readonly processSeconds: number;
  /** Steps over the median of the seconds. */
  readonly stepsPerSecond: number;
  /** How many times faster than the baseline's fastest row it trains. */
  readonly timesBaseline: number;
  /** The same for whole processes. */
  readonly timesBaselineProcess: number;
  /** Mean over the repetitions; NaN where there is none. */
  readonly meanReturn: number;
  /** In what the training departs from ours. */
  readonly differences: readonly string[];
}

/**
 * Reads what a training script printed. Throws `SyntaxError` where it is no
 * such result.
 *
 * @param text One JSON document.
 */
export function parsePeerResult(text: string): PeerResult {
  let found: Partial<PeerResult> | null;
  try {
    found = JSON.parse(text);
  } catch {
    found = null;
  }
  if (
    typeof found?.library !== "string" || typeof found.steps !== "number" ||
    typeof found.seconds !== "number"
  ) {
    throw new SyntaxError(
      `Cannot read a training's result, expected JSON with library, steps and seconds: ${
        JSON.stringify(text.slice(0, 200))
      }`,
    );
  }
  return found as PeerResult;
}

function fastest(rates: number[]): number {
  const known = rates.filter((rate) => !Number.isNaN(rate));
  return known.length === 0 ? NaN : Math.max(...known);
}

/**
 * Medians over repetitions, and ratios to the fastest row of the baseline with
 * the same algorithm. Rates are compared, for libraries round steps up
 * differently.
 *
 * @param runs In any order; rows come in the order of their first runs.
 * @param options `baseline` names the library that others are compared with.
 */
export function comparePeers(
  runs: readonly PeerRun[],
  options: { baseline: string },
): PeerRow[] {
  const groups = Map.groupBy(
    runs,
    ({ algorithm, library, threads }) =>
      [algorithm, library, threads].join("\n"),
  );
  const rows = [...groups.values()].map((group): PeerRow => {
    const [{ library, algorithm, threads, steps, differences }] = group;
    const seconds = median(group.map((run) => run.seconds));
    return {
      library,
      algorithm,
      threads,
      runs: group.length,
      steps,
      seconds,
      processSeconds: median(group.map((run) => run.processSeconds)),
      stepsPerSecond: steps / seconds,
      timesBaseline: NaN,
      timesBaselineProcess: NaN,
      meanReturn: mean(group.map((run) => run.meanReturn ?? NaN)),
      differences,
    };
  });
  const processRate = (row: PeerRow) => row.steps / row.processSeconds;
  return rows.map((row) => {
    const baseline = rows.filter(({ library, algorithm }) =>
      library === options.baseline && algorithm === row.algorithm
    );
    return {
      ...row,
      timesBaseline: row.stepsPerSecond /
        fastest(baseline.map(({ stepsPerSecond }) => stepsPerSecond)),
      timesBaselineProcess: processRate(row) /
        fastest(baseline.map(processRate)),
    };
  });
}

/**
 * Rows as a table.
 *
 * @param rows Of {@linkcode comparePeers}.
 * @param options What to call the table, and the baseline in short.
 */
export function peerTable(
  rows: readonly PeerRow[],
  options: { title: string; baseline: string },
): Table {
  const fixed = (digits: number) => (value: number) => value.toFixed(digits);
  return {
    title: options.title,
    columns: [
      { header: "algorithm" },
      { header: "library" },
      { header: "threads" },
      { header: "training", unit: "s", format: fixed(2) },
      { header: "process", unit: "s", format: fixed(2) },
      { header: "steps/s", format: fixed(0) },
      { header: `times ${options.baseline}`, format: fixed(2) },
      { header: "process, times", format: fixed(2) },
      { header: "mean return", format: fixed(2) },
    ],
    rows: rows.map((row) => [
      row.algorithm,
      row.library,
      row.threads,
      row.seconds,
      row.processSeconds,
      row.stepsPerSecond,
      row.timesBaseline,
      row.timesBaselineProcess,
      row.meanReturn,
    ]),
  };
}

/**
 * What each library does differently, a line each.
 *
 * @param rows Of {@linkcode comparePeers}.
 */
export function differenceLines(rows: readonly PeerRow[]): string[] {
  const lines = rows
    .filter(({ differences }) => differences.length > 0)
    .map(({ library, algorithm, differences }) =>
      `${library}'s ${algorithm} differs from ours: ${differences.join("; ")}`
    );
  return [...new Set(lines)];
}
