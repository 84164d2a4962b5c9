/**
 * What many runs have in common: means and spreads over runs at each point of
 * the grid, and the two trajectories that models are learned from.
 *
 * @module
 */
import { join } from "@std/path";
import { fileError } from "../../core/file_errors.ts";
import { type NpzStream, openNpzStream } from "../../core/npz_stream.ts";
import { CHUNK_POINTS, GRID_COLUMNS, gridPoints } from "./grid.ts";
import { gridPath } from "./_produce_run.ts";

/** Cells of `pi` along the queue: lengths 0 to 98, and 99 or more. */
export const PI_QUEUE_CELLS = 100;
/** Cells of `pi` along the retries: 0 to 28, and 29 or more. */
export const PI_RETRY_CELLS = 30;
/** Arrays of `discrete_results_.npz` that run along the grid, in order. */
export const SUMMARY_ARRAYS = [
  "latency_ave",
  "latency_var",
  "latency_std",
  "runtime",
  "qlen_ave",
  "qlen_var",
  "qlen_std",
] as const;
/** Sequences besides `pi`, and the columns they are means of. */
export const SEQUENCE_COLUMNS = {
  q: "queueLength",
  o: "retries",
  l: "latency",
  d: "dropped",
  r: "retriesLeft",
  s: "serviceTime",
} as const;

/** A stretch of the grid, `to` not included. */
export interface GridRange {
  /** First point. */
  readonly from: number;
  /** The point behind the last. */
  readonly to: number;
}

/** What is summarised, and how. */
export interface SummaryOptions {
  /** Folder of the runs. */
  readonly folder: string;
  /** Numbers of the runs. */
  readonly runs: readonly number[];
  /** Which server, from 0. */
  readonly server: number;
  /** Added to the files' names, such as `_1`; the first of them lacks it. */
  readonly suffix: string;
  /** Name of the summary's file without suffix, such as `discrete_results_`. */
  readonly name: string;
  /** End of a run. */
  readonly horizon: number;
  /** Time between points. */
  readonly step: number;
  /** When the fault begins and ends. */
  readonly fault: readonly [number, number];
  /** Load before the fault. */
  readonly rho: number;
  /** Points between entries of `pi`. */
  readonly piEvery: number;
  /** Stops between chunks when aborted. */
  readonly signal?: AbortSignal;
}

/** Curves for a figure, thinned. */
export interface SummaryCurves {
  /** Times. */
  readonly time: number[];
  /** Mean latency at each. */
  readonly latency: number[];
  /** Mean queue length at each. */
  readonly queueLength: number[];
}

/** Where one array of a file lies. */
export interface ArrayPlace {
  /** The file. */
  readonly path: string;
  /** First byte of its elements. */
  readonly offset: number;
  /** How many there are. */
  readonly length: number;
}

/** What {@linkcode summarise} wrote. */
export interface Summary {
  /** Curves of means. */
  readonly curves: SummaryCurves;
  /** Arrays of the summary, by name. */
  readonly arrays: Readonly<Record<string, ArrayPlace>>;
  /** Sequences, by name; `pi` is of 32 bits. */
  readonly sequences: Readonly<Record<string, ArrayPlace>>;
  /** The two trajectories. */
  readonly ranges: readonly [GridRange, GridRange];
  /** Entries of `pi` in each of them. */
  readonly piLengths: readonly [number, number];
  /** Files, in the order written. */
  readonly files: readonly string[];
}

const CURVE_POINTS = 2000;
const PI_CELLS = PI_QUEUE_CELLS * PI_RETRY_CELLS;
/** Most bytes of `pi`; with more it is left out. */
const LARGEST_PI = 2 ** 30;

/**
 * The trajectories: from the first step to the fault, and from the fault's end
 * to the horizon.
 */
export function trajectoriesOf(
  options: Pick<SummaryOptions, "horizon" | "step" | "fault">,
): [GridRange, GridRange] {
  const { horizon, step, fault: [start, end] } = options;
  return [
    { from: 1, to: Math.max(1, Math.ceil(start / step)) },
    {
      from: Math.ceil(end / step),
      to: Math.max(Math.ceil(end / step), gridPoints(horizon, step) - 1),
    },
  ];
}

/** Points of a range at which `pi` has an entry. */
export function piPoints({ from, to }: GridRange, every: number): number {
  return Math.ceil((to - from) / every);
}

/** Sums over the runs at the points of one chunk. */
interface ChunkSums {
  /** Means, shape [columns, points]. */
  readonly means: Float64Array;
  /** Sums of squared deviations, of the same shape. */
  readonly squares: Float64Array;
  /** Runs in each cell of `pi`, shape [entries, cells]. */
  readonly cells: Float32Array;
}

function readChunk(file: Deno.FsFile, offset: number, into: Float64Array) {
  const bytes = new Uint8Array(into.buffer, 0, into.byteLength);
  file.seekSync(offset, Deno.SeekMode.Start);
  for (let done = 0; done < bytes.length;) {
    const count = file.readSync(bytes.subarray(done));
    if (count === null) throw new Error("the grid of a run is cut short");
    done += count;
  }
}

/** Adds a run, by Welford's updates: in order of the runs, so always alike. */
function addRun(sums: ChunkSums, chunk: Float64Array, count: number): void {
  const { means, squares } = sums;
  for (let i = 0; i < chunk.length; i++) {
    const deviation = chunk[i] - means[i];
    means[i] += deviation / count;
    squares[i] += deviation * (chunk[i] - means[i]);
  }
}

/** Points of a chunk at which `pi` has an entry, in order. */
function piPlaces(
  ranges: readonly GridRange[],
  { from, to, every }: GridRange & { every: number },
): number[] {
  const places: number[] = [];
  for (const range of ranges) {
    for (
      let point = range.from +
        Math.max(0, Math.ceil((from - range.from) / every)) * every;
      point < Math.min(to, range.to);
      point += every
    ) places.push(point - from);
  }
  return places;
}

function countCells(
  sums: ChunkSums,
  chunk: Float64Array,
  places: readonly number[],
): void {
  const points = chunk.length / GRID_COLUMNS.length;
  const queues = GRID_COLUMNS.indexOf("queueLength") * points;
  const retries = GRID_COLUMNS.indexOf("retries") * points;
  places.forEach((place, entry) => {
    const q = Math.min(chunk[queues + place], PI_QUEUE_CELLS - 1);
    const o = Math.max(0, Math.min(chunk[retries + place], PI_RETRY_CELLS - 1));
    sums.cells[entry * PI_CELLS + o * PI_QUEUE_CELLS + q]++;
  });
}

function columnOf(values: Float64Array, name: string): Float64Array {
  const points = values.length / GRID_COLUMNS.length;
  const column = GRID_COLUMNS.indexOf(name as typeof GRID_COLUMNS[number]);
  return values.subarray(column * points, (column + 1) * points);
}

function appendSummary(file: NpzStream, sums: ChunkSums, runs: number): void {
  for (
    const [name, column] of [["latency", "latency"], ["qlen", "queueLength"]]
  ) {
    const variance = columnOf(sums.squares, column).map((sum) => sum / runs);
    file.append(`${name}_ave`, columnOf(sums.means, column));
    file.append(`${name}_var`, variance);
    file.append(`${name}_std`, variance.map(Math.sqrt));
  }
  file.append(
    "runtime",
    columnOf(sums.means, "runtime").map((mean) => mean * runs),
  );
}

/** Appends what of the chunk lies in the trajectories. */
function appendSequences(
  file: NpzStream,
  sums: ChunkSums,
  { ranges, from, to }: GridRange & { ranges: readonly GridRange[] },
): void {
  for (const range of ranges) {
    const first = Math.max(from, range.from);
    const last = Math.min(to, range.to);
    if (first >= last) continue;
    for (const [name, column] of Object.entries(SEQUENCE_COLUMNS)) {
      const values = columnOf(sums.means, column);
      file.append(name, values.subarray(first - from, last - from));
    }
  }
}

function openSummary(options: SummaryOptions, path: string): NpzStream {
  const points = gridPoints(options.horizon, options.step);
  const file = openNpzStream(path, [
    { name: "step_time", shape: [] },
    ...SUMMARY_ARRAYS.map((name) => ({ name, shape: [points] })),
    { name: "rho", shape: [] },
  ]);
  file.append("step_time", Float64Array.of(options.step));
  file.append("rho", Float64Array.of(options.rho));
  return file;
}

function openSequences(
  options: SummaryOptions,
  { path, ranges, withPi }: {
    path: string;
    ranges: readonly GridRange[];
    withPi: boolean;
  },
): NpzStream {
  const lengths = ranges.map(({ from, to }) => to - from);
  const entries = ranges.map((range) => piPoints(range, options.piEvery));
  const total = (values: number[]) => values[0] + values[1];
  const file = openNpzStream(path, [
    ...Object.keys(SEQUENCE_COLUMNS).map((name) => ({
      name,
      shape: [total(lengths)],
    })),
    ...(withPi
      ? [{
        name: "pi",
        shape: [total(entries), PI_CELLS],
        type: "float32" as const,
      }]
      : []),
    { name: "lengths", shape: [2] },
    { name: "start_times", shape: [2] },
    { name: "step_time", shape: [] },
    { name: "pi_lengths", shape: [2] },
    { name: "pi_step_time", shape: [] },
  ]);
  const { step, piEvery } = options;
  file.append("lengths", Float64Array.from(lengths));
  file.append(
    "start_times",
    Float64Array.from(ranges, ({ from }) => from * step),
  );
  file.append("step_time", Float64Array.of(step));
  file.append("pi_lengths", Float64Array.from(withPi ? entries : [0, 0]));
  file.append("pi_step_time", Float64Array.of(step * piEvery));
  return file;
}

/**
 * Summarises the grids of runs, chunk by chunk: memory grows neither with the
 * number of runs nor with their length.
 *
 * @param options What and where. Rejects with a one-line error that names the
 * file which cannot be read or written, or with the signal's reason.
 */
export async function summarise(options: SummaryOptions): Promise<Summary> {
  const { folder, runs, server, suffix, name, piEvery, step, horizon } =
    options;
  const points = gridPoints(horizon, step);
  const ranges = trajectoriesOf(options);
  const piLengths: [number, number] = [
    piPoints(ranges[0], piEvery),
    piPoints(ranges[1], piEvery),
  ];
  const entries = piLengths[0] + piLengths[1];
  const withPi = entries * PI_CELLS * 4 <= LARGEST_PI;
  const summaryPath = join(folder, `${name}${suffix.replace(/^_/, "")}.npz`);
  const sequencesPath = join(folder, `sequences${suffix}.npz`);
  using summary = openSummary(options, summaryPath);
  using sequences = openSequences(options, {
    path: sequencesPath,
    ranges,
    withPi,
  });
  const curves: SummaryCurves = { time: [], latency: [], queueLength: [] };
  const stride = Math.max(1, Math.ceil(points / CURVE_POINTS));

  for (let from = 0; from < points; from += CHUNK_POINTS) {
    // Signals get their turn, or Ctrl-C could not stop a long summary.
    await new Promise((resolve) => setTimeout(resolve, 0));
    options.signal?.throwIfAborted();
    const size = Math.min(CHUNK_POINTS, points - from);
    const to = from + size;
    const chunk = new Float64Array(GRID_COLUMNS.length * size);
    const places = withPi ? piPlaces(ranges, { from, to, every: piEvery }) : [];
    const sums: ChunkSums = {
      means: new Float64Array(chunk.length),
      squares: new Float64Array(chunk.length),
      cells: new Float32Array(places.length * PI_CELLS),
    };
    runs.forEach((run, i) => {
      const path = gridPath(folder, run, server);
      try {
        using file = Deno.openSync(path);
        readChunk(file, from * GRID_COLUMNS.length * 8, chunk);
      } catch (error) {
        throw fileError(error, path, { action: "read" });
      }
      addRun(sums, chunk, i + 1);
      countCells(sums, chunk, places);
    });
    appendSummary(summary, sums, runs.length);
    appendSequences(sequences, sums, { ranges, from, to });
    if (places.length > 0) {
      sequences.append("pi", sums.cells.map((count) => count / runs.length));
    }
    const latency = columnOf(sums.means, "latency");
    const queueLength = columnOf(sums.means, "queueLength");
    for (let i = 0; i < size; i++) {
      if ((from + i) % stride !== 0) continue;
      curves.time.push((from + i) * step);
      curves.latency.push(latency[i]);
      curves.queueLength.push(queueLength[i]);
    }
  }
  const length = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  const place = (
    file: NpzStream,
    { path, name, length }: { path: string; name: string; length: number },
  ) => [name, { path, offset: file.dataOffset(name), length }] as const;
  const written = {
    arrays: Object.fromEntries(
      SUMMARY_ARRAYS.map((name) =>
        place(summary, { path: summaryPath, name, length: points })
      ),
    ),
    sequences: Object.fromEntries([
      ...Object.keys(SEQUENCE_COLUMNS).map((name) =>
        place(sequences, { path: sequencesPath, name, length })
      ),
      ...(withPi
        ? [
          place(sequences, {
            path: sequencesPath,
            name: "pi",
            length: entries * PI_CELLS,
          }),
        ]
        : []),
    ]),
  };
  summary.close();
  sequences.close();
  const files = [summaryPath, sequencesPath];
  return { curves, ranges, piLengths, files, ...written };
}
