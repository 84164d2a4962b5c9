/**
 * Generating queueing data: runs, summaries, pickles and figures.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFigure } from "../../analysis/figures/export.ts";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import { subplots } from "../../analysis/figures/subplots.ts";
import { fileError } from "../../core/file_errors.ts";
import { readJsonFile, writeJsonFile } from "../../core/json_file.ts";
import { Random } from "../../core/random.ts";
import { asUsageError, UsageError } from "../../core/usage_error.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";
import { createQueueingSimulator } from "../../envs/queueing/simulator.ts";
import type { RunRequest } from "./_produce_run.ts";
import { gridPoints } from "./grid.ts";
import { produceRuns, type RunReport } from "./_run_pool.ts";
import { decimalsFor } from "./row_format.ts";
import {
  type ArrayPlace,
  type GridRange,
  summarise,
  type Summary,
  type SummaryCurves,
} from "./_summary.ts";
import { writeSequencePickles, writeSummaryPickle } from "./_pickles.ts";

export type {
  ArrayPlace,
  GridRange,
  QueueingOptions,
  RunReport,
  Summary,
  SummaryCurves,
};

/** What is generated. */
export interface GenerationOptions {
  /** Folder of the files. */
  readonly folder: string;
  /** The system, without its seed. */
  readonly system: QueueingOptions;
  /** Number of runs, from 1. */
  readonly runs: number;
  /** Seed of all runs. */
  readonly seed: number;
  /** Length of a run. */
  readonly horizon: number;
  /** Time between points of the summary. */
  readonly step: number;
  /** When the fault begins and ends. */
  readonly fault: readonly [number, number];
  /** Load. */
  readonly rho: number;
  /** Arrival rates before, during and after the fault. */
  readonly rates: readonly [number, number, number];
  /** Whether files are named by server, and rows begin with theirs. */
  readonly multi: boolean;
  /** Whether pickles are written as well. */
  readonly pickles: boolean;
  /** Points between entries of `pi`. */
  readonly piEvery: number;
  /** Whether the column `runtime` is measured. */
  readonly measureRuntime: boolean;
  /** Runs at a time. */
  readonly jobs: number;
  /** Whether finished runs are kept. */
  readonly resume: boolean;
  /** Stops the runs. */
  readonly signal?: AbortSignal;
  /** Called after each run. */
  readonly onRun?: (report: RunReport) => void;
}

/** What was generated. */
export interface Generation {
  /** The runs, in order. */
  readonly reports: readonly RunReport[];
  /** A summary for each server. */
  readonly summaries: readonly Summary[];
  /** Files beside the runs'. */
  readonly files: readonly string[];
}

/** Points of a grid at most: seven arrays of them stay below 4 GiB. */
const MOST_POINTS = 7e7;
const RECORD = "generation.json";
const OLD_RUNS = /^\d+_exp_results\.csv$/;
/** What a generation leaves that was killed. */
const LEFT_OVERS =
  /^(?:\d+_exp_results\.csv\.\d+\.tmp|\.\d+_grid_\d+\.tmp|(?:discrete_results_|generation\.json|sequences|[a-z]+_seq).*\.\d+\.tmp)$/;

/** What finished runs depend on: a resumed generation must have the same. */
function recordOf(options: GenerationOptions): Record<string, unknown> {
  const { system, seed, horizon, step, multi, measureRuntime } = options;
  // As JSON has it, which knows no undefined and no Infinity.
  return JSON.parse(
    JSON.stringify({ system, seed, horizon, step, multi, measureRuntime }),
  );
}

/** Rows of finished runs by their number. */
type FinishedRows = Record<string, number>;

/** Returns what the record says of finished runs; older ones say nothing. */
async function checkRecord(
  options: GenerationOptions,
): Promise<FinishedRows | undefined> {
  const path = join(options.folder, RECORD);
  const before = await readJsonFile(path) as Record<string, unknown>;
  for (const [name, value] of Object.entries(recordOf(options))) {
    if (JSON.stringify(before[name]) === JSON.stringify(value)) continue;
    throw new UsageError(
      `Cannot resume the generation in "${options.folder}": its ${name} was ${
        JSON.stringify(before[name])
      }, expected the same options as before, got ${JSON.stringify(value)}`,
    );
  }
  return before.rows as FinishedRows | undefined;
}

/**
 * Keeps the record of finished runs up to date while others are under way: a
 * file that was cut at the end of a row looks whole.
 */
function createRecorder(options: GenerationOptions, rows: FinishedRows) {
  const path = join(options.folder, RECORD);
  let writing: Promise<void> | undefined;
  let changed = false;
  async function write(): Promise<void> {
    while (changed) {
      changed = false;
      await writeJsonFile(path, { ...recordOf(options), rows });
    }
    writing = undefined;
  }
  return {
    add(report: RunReport) {
      if (rows[report.index] === report.rows) return;
      rows[report.index] = report.rows;
      changed = true;
      writing ??= write();
      // Thrown by finish().
      writing.catch(() => {});
    },
    /** Waits for the last of it. */
    finish: () => writing ?? Promise.resolve(),
  };
}

function removeFiles(folder: string, pattern: RegExp): void {
  try {
    for (const { name, isFile } of [...Deno.readDirSync(folder)]) {
      if (isFile && pattern.test(name)) Deno.removeSync(join(folder, name));
    }
  } catch (error) {
    throw fileError(error, folder);
  }
}

/** A seed for each run; more runs leave those before them as they were. */
function seedsOf(seed: number, runs: number): number[] {
  const random = new Random(seed);
  return Array.from(
    { length: runs },
    () => random.integer(0, Number.MAX_SAFE_INTEGER),
  );
}

/** Returns the rows of runs that are finished; undefined where that is unknown. */
async function prepareFolder(
  options: GenerationOptions,
): Promise<FinishedRows | undefined> {
  const { folder, resume } = options;
  if (resume) {
    const rows = await checkRecord(options);
    removeFiles(folder, LEFT_OVERS);
    return rows;
  }
  try {
    Deno.mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fileError(error, folder);
  }
  removeFiles(folder, LEFT_OVERS);
  removeFiles(folder, OLD_RUNS);
  await writeJsonFile(join(folder, RECORD), { ...recordOf(options), rows: {} });
  return {};
}

/** Latency, queue length and arrival rate over time. */
export async function writeSummaryFigure(
  path: string,
  { curves }: Summary,
  options: Pick<GenerationOptions, "fault" | "rates" | "horizon" | "runs">,
): Promise<void> {
  const { fault: [start, end], rates, horizon, runs } = options;
  const [before, during, after] = rates;
  const x = { title: "Time", range: [0, horizon] as [number, number] };
  const figures = [
    lineFigure([{ name: "latency", x: curves.time, y: curves.latency }], {
      x,
      y: "Average latency",
    }),
    lineFigure([{
      name: "queue length",
      x: curves.time,
      y: curves.queueLength,
    }], { x, y: "Average queue length" }),
    lineFigure([{
      name: "arrival rate",
      x: [0, start, end, horizon],
      y: [before, during, after, after],
      steps: true,
    }], { x, y: "Arrival rate" }),
  ];
  await writeFigure(
    path,
    subplots(figures, {
      columns: 1,
      title: `Means of ${runs} run${runs === 1 ? "" : "s"}`,
    }),
  );
}

async function writeSummary(
  options: GenerationOptions,
  server: number,
): Promise<{ summary: Summary; files: string[] }> {
  const { folder, runs, multi } = options;
  const name = multi ? "discrete_results_multi_" : "discrete_results_";
  const suffix = multi ? `_${server + 1}` : "";
  const summary = await summarise({
    ...options,
    runs: Array.from({ length: runs }, (_, i) => i + 1),
    server,
    suffix,
    name,
  });
  const files = [...summary.files];
  const figure = multi
    ? `discrete_results_multi_${server + 1}.pdf`
    : "discrete_results.pdf";
  files.push(join(folder, figure));
  await writeSummaryFigure(join(folder, figure), summary, options);
  if (options.pickles) {
    const stem = summary.files[0].replace(/\.npz$/, ".pkl");
    files.push(writeSummaryPickle(stem, summary, options));
    files.push(...writeSequencePickles(folder, summary, suffix));
  }
  return { summary, files };
}

/** Refuses runs whose times or grids do not fit into files. */
function checkLengths(horizon: number, step: number): void {
  decimalsFor(horizon);
  const points = gridPoints(horizon, step);
  if (points > MOST_POINTS) {
    throw new RangeError(
      `Cannot summarise a run of ${horizon} in steps of ${step}, which are ${points} points: expected at most ${MOST_POINTS}`,
    );
  }
}

/**
 * Makes the runs that are missing, and all that is computed of them.
 *
 * Rows of run i go to `{i}_exp_results.csv` in the folder; rows of an earlier
 * generation there are removed before, unless it is resumed. The files do not
 * depend on the number of jobs.
 *
 * @param options What and where. Throws `UsageError` where a resumed
 * generation had other options, and a one-line error that names the file where
 * one cannot be read or written.
 */
export async function generate(
  options: GenerationOptions,
): Promise<Generation> {
  const { folder, system, runs, seed, horizon, step, multi } = options;
  asUsageError(() => {
    createQueueingSimulator(system);
    checkLengths(horizon, step);
  });
  const finished = await prepareFolder(options);
  const recorder = createRecorder(options, finished ?? {});
  const requests = seedsOf(seed, runs).map((seed, i): RunRequest => ({
    index: i + 1,
    folder,
    system: { ...system, seed },
    horizon,
    step,
    withServer: multi,
    measureRuntime: options.measureRuntime,
    reuse: options.resume &&
      (finished === undefined || i + 1 in finished),
    rows: finished?.[i + 1],
  }));
  try {
    const reports = await produceRuns(requests, {
      ...options,
      onRun(report) {
        recorder.add(report);
        options.onRun?.(report);
      },
    }).finally(recorder.finish);
    const summaries: Summary[] = [];
    const files: string[] = [];
    for (let server = 0; server < (system.servers?.length ?? 1); server++) {
      const written = await writeSummary(options, server);
      summaries.push(written.summary);
      files.push(...written.files);
    }
    return { reports, summaries, files };
  } finally {
    removeFiles(folder, LEFT_OVERS);
  }
}
