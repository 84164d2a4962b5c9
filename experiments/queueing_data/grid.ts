/**
 * Rows of a run on a grid of equal steps: at each point what the last row
 * before it says (zero-order hold).
 *
 * @module
 */
import type { RowBlock } from "../../envs/queueing/rows.ts";

/** Columns of a grid. */
export const GRID_COLUMNS = [
  "latency",
  "queueLength",
  "retries",
  "dropped",
  "retriesLeft",
  "serviceTime",
  "runtime",
] as const;

/** The name of a grid's column. */
export type GridColumn = typeof GRID_COLUMNS[number];

/** Points of a chunk. */
export const CHUNK_POINTS = 4096;

/** Points of a run's grid: 0, step, 2 step and so on, the horizon covered. */
export function gridPoints(horizon: number, step: number): number {
  return Math.ceil(horizon / step) + 1;
}

/** A grid that is being made of rows, chunk by chunk. */
export interface GridSampler {
  /**
   * Takes a block of rows, with their wall-clock seconds; those of other
   * servers are passed over.
   */
  add(block: RowBlock, runtime: number): void;
  /** Fills what is left with the last row's values, and hands it on. */
  finish(): void;
}

/** What a grid is made of. */
export interface GridOptions {
  /** Time between points. */
  step: number;
  /** Number of points. */
  points: number;
  /** Whose rows count, from 0. Default: all. */
  server?: number;
  /**
   * Takes a chunk: shape [columns, points of the chunk], fresh from the
   * sampler's buffer, to be used at once.
   */
  write(chunk: Float64Array): void;
}

/**
 * A grid of one server's rows. Before the first row all is 0.
 *
 * @param options Step, length, and where chunks go.
 */
export function createGridSampler(options: GridOptions): GridSampler {
  const { step, points, server, write } = options;
  const columns = GRID_COLUMNS.length;
  const buffer = new Float64Array(columns * CHUNK_POINTS);
  const last = new Float64Array(columns);
  let done = 0; // points, of them `filled` in the buffer
  let filled = 0;

  function flush(): void {
    if (filled < CHUNK_POINTS) {
      const short = new Float64Array(columns * filled);
      for (let c = 0; c < columns; c++) {
        const from = c * CHUNK_POINTS;
        short.set(buffer.subarray(from, from + filled), c * filled);
      }
      write(short);
    } else write(buffer);
    filled = 0;
  }

  function emit(): void {
    for (let c = 0; c < columns; c++) {
      buffer[c * CHUNK_POINTS + filled] = last[c];
    }
    done++;
    if (++filled === CHUNK_POINTS) flush();
  }

  return {
    add(block, runtime) {
      const { size, timestamp } = block;
      for (let row = 0; row < size; row++) {
        if (server !== undefined && block.server[row] !== server) continue;
        while (done < points && done * step < timestamp[row]) emit();
        last[0] = block.latency[row];
        last[1] = block.queueLength[row];
        last[2] = block.retries[row];
        last[3] = block.dropped[row];
        last[4] = block.retriesLeft[row];
        last[5] = block.serviceTime[row];
        last[6] = runtime;
      }
    },
    finish() {
      while (done < points) emit();
      if (filled > 0) flush();
    },
  };
}
