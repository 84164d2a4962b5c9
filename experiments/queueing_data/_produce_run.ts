/**
 * One run of a queueing simulation with its files.
 *
 * @module
 */
import { join } from "@std/path";
import { fileError } from "../../core/file_errors.ts";
import { openStreamFile } from "../../core/stream_file.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";
import type { RowBlock } from "../../envs/queueing/rows.ts";
import { createQueueingSimulator } from "../../envs/queueing/simulator.ts";
import { createGridSampler, gridPoints } from "./grid.ts";
import { readRows } from "./read_rows.ts";
import {
  decimalsFor,
  formatRows,
  headerLine,
  roundTimes,
  rowBuffer,
  type RowFormat,
} from "./row_format.ts";

/** A run to be made; plain values, so that a worker can be sent it. */
export interface RunRequest {
  /** Number of the run, from 1. */
  readonly index: number;
  /** Folder of the files. */
  readonly folder: string;
  /** The system, seed included. */
  readonly system: QueueingOptions;
  /** Time at which it ends. */
  readonly horizon: number;
  /** Time between points of the grid. */
  readonly step: number;
  /** Whether rows begin with their server. */
  readonly withServer: boolean;
  /** Whether the column `runtime` is measured; else it is 0. */
  readonly measureRuntime: boolean;
  /** Whether a file that is there is read in place of a new run. */
  readonly reuse: boolean;
  /** Rows that such a file has to have. Default: any number. */
  readonly rows?: number;
}

/** What a run came to. */
export interface RunReport {
  /** Number of the run. */
  readonly index: number;
  /** Rows of its file. */
  readonly rows: number;
  /** Whether its file was there. */
  readonly reused: boolean;
}

/** Place of a run's rows. */
export function rowsPath(folder: string, index: number): string {
  return join(folder, `${index}_exp_results.csv`);
}

/** Place of a run's grid of a server, which goes when all runs are done. */
export function gridPath(
  folder: string,
  index: number,
  server: number,
): string {
  return join(folder, `.${index}_grid_${server + 1}.tmp`);
}

function writeAllSync(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    done += file.writeSync(bytes.subarray(done));
  }
}

function openNew(path: string): Deno.FsFile {
  return Deno.openSync(path, { write: true, create: true, truncate: true });
}

/** Samplers of all servers, each writing a file. */
function openGrids(request: RunRequest) {
  const { folder, index, horizon, step, system } = request;
  const servers = system.servers?.length ?? 1;
  const files = Array.from(
    { length: servers },
    (_, server) => openNew(gridPath(folder, index, server)),
  );
  const samplers = files.map((file, server) =>
    createGridSampler({
      step,
      points: gridPoints(horizon, step),
      server: servers > 1 ? server : undefined,
      write: (chunk) =>
        writeAllSync(file, new Uint8Array(chunk.buffer, 0, chunk.byteLength)),
    })
  );
  return {
    add(block: RowBlock, runtime: number) {
      for (const sampler of samplers) sampler.add(block, runtime);
    },
    finish() {
      for (const sampler of samplers) sampler.finish();
    },
    [Symbol.dispose]() {
      for (const file of files) file.close();
    },
  };
}

/** Simulates, and writes each block of rows as it comes. */
function simulateRows(
  request: RunRequest,
  add: (block: RowBlock, runtime: number) => void,
): number {
  const { index, folder, system, horizon, withServer } = request;
  const format: RowFormat = { decimals: decimalsFor(horizon), withServer };
  const path = rowsPath(folder, index);
  const begun = performance.now();
  const bytes = rowBuffer();
  let rows = 0;
  using file = openStreamFile(path);
  file.write(new TextEncoder().encode(headerLine(format)));
  const simulator = createQueueingSimulator(system, {
    rows(block) {
      const runtime = request.measureRuntime
        ? (performance.now() - begun) / 1000
        : 0;
      roundTimes(block, format.decimals);
      const length = formatRows(block, bytes, { ...format, runtime });
      file.write(bytes.subarray(0, length));
      add(block, runtime);
      rows += block.size;
    },
  });
  simulator.advanceTo(horizon);
  simulator.flushRows();
  file.close();
  return rows;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/**
 * Makes a run: its rows go to `{index}_exp_results.csv`, which is there when
 * the run is finished and not before, and its grid to a temporary file. Memory
 * does not grow with the run's length.
 *
 * @param request What to run and where to write. Throws a one-line error that
 * names the file where one cannot be written, and `SyntaxError` with file and
 * line where a file that is used again is damaged.
 */
export function produceRun(request: RunRequest): RunReport {
  const { index, folder, reuse } = request;
  const path = rowsPath(folder, index);
  const reused = reuse && exists(path);
  try {
    using grids = openGrids(request);
    const rows = reused
      ? readRows(path, (block) => grids.add(block, 0)).rows
      : simulateRows(request, grids.add);
    if (reused && rows !== (request.rows ?? rows)) {
      throw new SyntaxError(
        `Cannot read "${path}": it has ${rows} rows, expected the ${request.rows} that the run had`,
      );
    }
    grids.finish();
    return { index, rows, reused };
  } catch (error) {
    if (reused && error instanceof SyntaxError) {
      error.message += "; take the file away to have the run made anew";
    }
    throw error instanceof Error && "code" in error
      ? fileError(error, path)
      : error;
  }
}
