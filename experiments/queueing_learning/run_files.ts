/**
 * The rows of many runs, as series of states at equal times.
 *
 * @module
 */
import { join } from "@std/path";
import {
  type Trajectories,
  trajectoriesOf,
} from "../../analysis/koopman/trajectories.ts";
import { fileError } from "../../core/file_errors.ts";
import { UsageError } from "../../core/usage_error.ts";
import {
  createGridSampler,
  GRID_COLUMNS,
  type GridColumn,
  gridPoints,
} from "../queueing_data/grid.ts";
import { readRows } from "../queueing_data/read_rows.ts";

export type { Trajectories };

/** When a fault begins and ends. */
export interface FaultWindow {
  /** Its beginning. */
  readonly start: number;
  /** Its end. */
  readonly end: number;
}

/** Columns of rows by the short names of features. */
const COLUMNS: Readonly<Record<string, GridColumn>> = {
  q: "queueLength",
  o: "retries",
  l: "latency",
  d: "dropped",
  r: "retriesLeft",
  s: "serviceTime",
};

/** What is read. */
export interface RunFilesOptions {
  /** Folder of `{i}_exp_results.csv`. */
  readonly folder: string;
  /** Short names of features. */
  readonly features: readonly string[];
  /** Time between samples. */
  readonly interval: number;
  /** Which server, from 1. Default: all rows. */
  readonly server?: number;
  /** Length of a run. Default: the latest time of any row. */
  readonly horizon?: number;
  /** The fault. Default: 0.45 to 0.46 of the horizon. */
  readonly fault?: FaultWindow;
  /** Called after each file. */
  readonly onRun?: (done: number, total: number) => void | Promise<void>;
}

/** Gaps of the mean between rows that may be missing at the end of a run. */
const GAPS = 50;

/**
 * Reads the rows of all runs of a folder, cut into what lies before the fault
 * and what follows it.
 *
 * @param options Throws a one-line error that names file and line for rows that
 * are damaged, and for a run that ends before the others.
 */
export async function readRunFiles(
  options: RunFilesOptions,
): Promise<{ runs: Trajectories[]; window: FaultWindow }> {
  const { folder, onRun } = options;
  const paths = runPaths(folder);
  const server = options.server === undefined ? undefined : options.server - 1;
  const files: SampledFile[] = [];
  for (const path of paths) {
    files.push(sampleFile(path, { ...options, server }));
    await onRun?.(files.length, paths.length);
  }
  const horizon = options.horizon ??
    Math.max(...files.map(({ lastTime }) => lastTime));
  for (const file of files) checkLength(file, horizon);
  const window = options.fault ??
    { start: 0.45 * horizon, end: 0.46 * horizon };
  const runs = files.map((file) => cut(file, { ...options, horizon, window }));
  return { runs, window };
}

function runPaths(folder: string): string[] {
  try {
    const numbers = [...Deno.readDirSync(folder)]
      .map(({ name }) => /^(\d+)_exp_results\.csv$/.exec(name)?.[1])
      .filter((number) => number !== undefined)
      .map(Number);
    return numbers.sort((a, b) => a - b)
      .map((number) => join(folder, `${number}_exp_results.csv`));
  } catch (error) {
    throw fileError(error, folder, { action: "read" });
  }
}

interface SampledFile {
  path: string;
  rows: number;
  lastTime: number;
  /** Chunks, each of shape [columns, points]. */
  columns: Float64Array[];
}

function sampleFile(
  path: string,
  { interval, server, horizon }: {
    interval: number;
    server?: number;
    horizon?: number;
  },
): SampledFile {
  // Without a horizon the file's own end is not known before it is read.
  const points = gridPoints(horizon ?? lastTimeOf(path), interval);
  const columns = GRID_COLUMNS.map(() => new Float64Array(points));
  let done = 0;
  const sampler = createGridSampler({
    step: interval,
    points,
    server,
    write(chunk) {
      const size = chunk.length / GRID_COLUMNS.length;
      columns.forEach((column, c) =>
        column.set(chunk.subarray(c * size, (c + 1) * size), done)
      );
      done += size;
    },
  });
  const servers = new Set<number>();
  const { rows, lastTime } = readRows(path, (block) => {
    for (let i = 0; i < block.size; i++) servers.add(block.server[i]);
    sampler.add(block, 0);
  });
  sampler.finish();
  checkServer(path, server, servers);
  return { path, rows, lastTime, columns };
}

/** Rows of several servers are never mixed, nor is a server without rows read. */
function checkServer(
  path: string,
  server: number | undefined,
  servers: ReadonlySet<number>,
): void {
  if (server === undefined ? servers.size === 1 : servers.has(server)) return;
  const numbers = [...servers].map((each) => each + 1).sort((a, b) => a - b);
  throw new UsageError(
    `Cannot tell whose rows of "${path}" are meant${
      server === undefined ? "" : ` by server ${server + 1}`
    }: it has those of the servers ${
      numbers.join(", ")
    }, expected one of them (--server)`,
  );
}

function lastTimeOf(path: string): number {
  let last = 0;
  readRows(path, ({ size, timestamp }) => {
    for (let i = 0; i < size; i++) last = Math.max(last, timestamp[i]);
  });
  return last;
}

function checkLength(
  { path, rows, lastTime }: SampledFile,
  horizon: number,
): void {
  const slack = GAPS * lastTime / rows;
  if (lastTime >= horizon - slack) return;
  throw new SyntaxError(
    `Cannot read "${path}", line ${
      rows + 1
    }: rows end at ${lastTime}, expected them to reach ${horizon} as those of the other runs do; finish the run (generate-data --resume) or take it away`,
  );
}

function cut(
  { columns }: SampledFile,
  { features, interval, horizon, window }: {
    features: readonly string[];
    interval: number;
    horizon: number;
    window: FaultWindow;
  },
): Trajectories {
  const ranges = [
    [1, Math.ceil(window.start / interval)],
    [Math.ceil(window.end / interval), Math.floor(horizon / interval)],
  ];
  return trajectoriesOf(
    Object.fromEntries(features.map((feature) => {
      const column = columns[GRID_COLUMNS.indexOf(COLUMNS[feature])];
      return [feature, ranges.map(([from, to]) => column.slice(from, to))];
    })),
    interval,
  );
}
