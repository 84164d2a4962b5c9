/**
 * Making tables of rates.
 *
 * @module
 */
import { RATE_BLOCK, type RateTable } from "./plasticity.ts";

export type { RateTable };

/**
 * Rates below this part of the largest one are taken for none: half the
 * distance between 1 and the float below it.
 */
export const SMALLEST_PART: number = 2 ** -24;

/** Rates of one cell. */
export interface CellRates {
  /**
   * The pixels, row by row, in which the cell may not be silent: first and
   * one after the last along each axis.
   */
  readonly window: readonly [x0: number, x1: number, y0: number, y1: number];
  /** Adds the rates in the window to `out`, row by row. */
  write(out: Float64Array): void;
}

/** What {@linkcode rateTable} takes. */
export interface RateTableOptions {
  /** Number of cells. */
  readonly cells: number;
  /** Pixels along x. */
  readonly width: number;
  /** Pixels along y; a pixel's number is y * width + x. */
  readonly depth: number;
  /** Largest rate of a cell, by which others are taken for none. */
  readonly largest: number;
  /** The rates of a cell. */
  readonly ratesOf: (cell: number) => CellRates;
}

/** Rates of one block in the pixels where one of its cells is not silent. */
interface BlockRates {
  /** Numbers of the pixels. */
  pixels: Uint32Array;
  /** Shape [pixels, 8]. */
  rates: Float32Array;
}

/** The rates of eight cells, pixel by pixel, without the silent pixels. */
function blockRates(
  block: number,
  options: RateTableOptions,
  scratch: { sums: Float64Array; all: Float32Array },
): BlockRates {
  const { cells, width, ratesOf } = options;
  const smallest = options.largest * SMALLEST_PART;
  const { sums, all } = scratch;
  const members: [number, CellRates][] = [];
  for (let lane = 0; lane < RATE_BLOCK; lane++) {
    const cell = block * RATE_BLOCK + lane;
    if (cell < cells) members.push([lane, ratesOf(cell)]);
  }
  const extreme = (choose: (...values: number[]) => number, edge: number) =>
    choose(...members.map(([, { window }]) => window[edge]));
  const [x0, x1] = [extreme(Math.min, 0), extreme(Math.max, 1)];
  const [y0, y1] = [extreme(Math.min, 2), extreme(Math.max, 3)];
  const across = Math.max(0, x1 - x0);
  const count = across * Math.max(0, y1 - y0);
  all.fill(0, 0, count * RATE_BLOCK);
  for (const [lane, { window, write }] of members) {
    const [left, right, bottom, top] = window;
    const own = sums.subarray(0, (right - left) * (top - bottom)).fill(0);
    write(own);
    let from = 0;
    for (let y = bottom; y < top; y++) {
      let to = ((y - y0) * across + left - x0) * RATE_BLOCK + lane;
      for (let x = left; x < right; x++, to += RATE_BLOCK) {
        const rate = own[from++];
        if (rate >= smallest) all[to] = rate;
      }
    }
  }
  const pixels = new Uint32Array(count);
  let kept = 0;
  for (let p = 0; p < count; p++) {
    const start = p * RATE_BLOCK;
    let loud = false;
    for (let lane = 0; lane < RATE_BLOCK; lane++) {
      if (all[start + lane] > 0) loud = true;
    }
    if (!loud) continue;
    all.copyWithin(kept * RATE_BLOCK, start, start + RATE_BLOCK);
    pixels[kept++] = (y0 + Math.floor(p / across)) * width + x0 + p % across;
  }
  return {
    pixels: pixels.slice(0, kept),
    rates: all.slice(0, kept * RATE_BLOCK),
  };
}

/**
 * A table of the rates of all cells. Rates are rounded to floats, and those
 * below {@linkcode SMALLEST_PART} of the largest are left out.
 *
 * @param options Cells, pixels and rates.
 */
export function rateTable(options: RateTableOptions): RateTable {
  const { cells, width, depth } = options;
  const pixels = width * depth;
  const scratch = {
    sums: new Float64Array(pixels),
    all: new Float32Array(pixels * RATE_BLOCK),
  };
  const found = Array.from(
    { length: Math.ceil(cells / RATE_BLOCK) },
    (_, block) => blockRates(block, options, scratch),
  );
  const starts = new Uint32Array(pixels + 1);
  for (const { pixels: loud } of found) {
    for (const pixel of loud) starts[pixel + 1]++;
  }
  for (let p = 0; p < pixels; p++) starts[p + 1] += starts[p];
  const total = starts[pixels];
  const rates = new Float32Array(total * RATE_BLOCK);
  const blocks = new Uint32Array(total);
  const squares = new Float64Array(pixels);
  const next = starts.slice(0, pixels);
  found.forEach((one, block) => {
    one.pixels.forEach((pixel, k) => {
      const place = next[pixel]++;
      blocks[place] = block;
      for (let lane = 0; lane < RATE_BLOCK; lane++) {
        const rate = one.rates[k * RATE_BLOCK + lane];
        rates[place * RATE_BLOCK + lane] = rate;
        squares[pixel] += rate * rate;
      }
    });
  });
  return { cells, pixels, rates, blocks, starts, squares };
}

/**
 * The rate of one cell at one pixel, as the table has it.
 *
 * @param table The table.
 * @param cell Number of the cell.
 * @param pixel Number of the pixel.
 */
export function rateAt(table: RateTable, cell: number, pixel: number): number {
  const block = Math.floor(cell / RATE_BLOCK);
  const { rates, blocks, starts } = table;
  for (let k = starts[pixel]; k < starts[pixel + 1]; k++) {
    if (blocks[k] === block) return rates[k * RATE_BLOCK + cell % RATE_BLOCK];
  }
  return 0;
}
