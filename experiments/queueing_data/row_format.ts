/**
 * Rows of a queueing simulation as CSV: written fast, and read back strictly.
 *
 * Times are rounded to a fixed number of decimals before anything is made of
 * them, so that a file that is read gives the numbers it was written from.
 *
 * @module
 */
import { BLOCK_ROWS, type RowBlock } from "../../envs/queueing/rows.ts";

export type { RowBlock };

/** Columns of a row, in order; rows of several servers have `server` before. */
export const ROW_COLUMNS = [
  "timestamp",
  "latency",
  "queue_length",
  "retries",
  "dropped",
  "runtime",
  "retries_left",
  "service_time",
] as const;

/** How rows are written. */
export interface RowFormat {
  /** Decimals of times, 6 to 12. */
  readonly decimals: number;
  /** Whether rows begin with their server, counted from 1. */
  readonly withServer: boolean;
}

/** Most bytes of a row: nine fields of 24 and their separators. */
const LONGEST_ROW = 9 * 25;
const MOST_DECIMALS = 12;
const FEWEST_DECIMALS = 6;
const ZERO = 48;
const COMMA = 44;
const POINT = 46;
const LINE_FEED = 10;

/**
 * Decimals with which every time up to a horizon is a whole number of units
 * below 2^53.
 *
 * @param horizon Largest time, above 0. Throws `RangeError` above 9e9, where
 * six decimals do not fit.
 */
export function decimalsFor(horizon: number): number {
  const fitting = Math.floor(Math.log10(2 ** 53 / horizon));
  if (!(fitting >= FEWEST_DECIMALS)) {
    throw new RangeError(
      `Cannot write times up to ${horizon}: expected at most 9e9`,
    );
  }
  return Math.min(MOST_DECIMALS, fitting);
}

/**
 * Rounds a block's times.
 *
 * @param block Changed.
 * @param decimals How many are kept.
 */
export function roundTimes(block: RowBlock, decimals: number): void {
  const scale = 10 ** decimals;
  const { size, timestamp, latency, serviceTime } = block;
  for (let i = 0; i < size; i++) {
    timestamp[i] = Math.round(timestamp[i] * scale) / scale;
    latency[i] = Math.round(latency[i] * scale) / scale;
    serviceTime[i] = Math.round(serviceTime[i] * scale) / scale;
  }
}

/** The file's first line. */
export function headerLine({ withServer }: RowFormat): string {
  return `${[...(withServer ? ["server"] : []), ...ROW_COLUMNS].join(",")}\n`;
}

/** Writes a whole number from 0 below 2^31; returns the place behind it. */
function writeSmall(bytes: Uint8Array, at: number, value: number): number {
  let digits = 1;
  for (let power = 10; power <= value; power *= 10) digits++;
  let rest = value | 0;
  for (let place = at + digits - 1; place >= at; place--) {
    const tenth = (rest / 10) | 0;
    bytes[place] = ZERO + rest - 10 * tenth;
    rest = tenth;
  }
  return at + digits;
}

/** Writes exactly `digits` digits of a whole number below 10^9. */
function writePadded(
  bytes: Uint8Array,
  at: number,
  value: number,
  digits: number,
): number {
  let rest = value | 0;
  for (let place = at + digits - 1; place >= at; place--) {
    const tenth = (rest / 10) | 0;
    bytes[place] = ZERO + rest - 10 * tenth;
    rest = tenth;
  }
  return at + digits;
}

/** Writes a whole number from 0 below 2^53. */
function writeWhole(bytes: Uint8Array, at: number, value: number): number {
  if (value < 2 ** 31) return writeSmall(bytes, at, value);
  const upper = Math.floor(value / 1e6);
  const end = writeWhole(bytes, at, upper);
  return writePadded(bytes, end, value - upper * 1e6, 6);
}

/** Writes a number from 0 with its decimals; six of them go by one. */
function writeTime(
  bytes: Uint8Array,
  at: number,
  value: number,
  decimals: number,
): number {
  const scale = 10 ** decimals;
  const units = Math.round(value * scale);
  const whole = Math.floor(units / scale);
  const fraction = units - whole * scale;
  const upper = Math.floor(fraction / 1e6);
  let end = writeWhole(bytes, at, whole);
  bytes[end++] = POINT;
  end = writePadded(bytes, end, upper, decimals - 6);
  return writePadded(bytes, end, fraction - upper * 1e6, 6);
}

/** Bytes for the rows of a block. */
export function rowBuffer(): Uint8Array {
  return new Uint8Array(BLOCK_ROWS * LONGEST_ROW);
}

/**
 * Writes a block's rows.
 *
 * @param block Rows with rounded times.
 * @param bytes From {@linkcode rowBuffer}; overwritten.
 * @param options The format, and wall-clock seconds for the column `runtime`.
 * @returns How many bytes there are.
 */
export function formatRows(
  block: RowBlock,
  bytes: Uint8Array,
  options: RowFormat & { runtime: number },
): number {
  const { decimals, withServer, runtime } = options;
  let at = 0;
  for (let i = 0; i < block.size; i++) {
    if (withServer) {
      at = writeSmall(bytes, at, block.server[i] + 1);
      bytes[at++] = COMMA;
    }
    at = writeTime(bytes, at, block.timestamp[i], decimals);
    bytes[at++] = COMMA;
    at = writeTime(bytes, at, block.latency[i], decimals);
    bytes[at++] = COMMA;
    at = writeSmall(bytes, at, block.queueLength[i]);
    bytes[at++] = COMMA;
    at = writeWhole(bytes, at, block.retries[i]);
    bytes[at++] = COMMA;
    at = writeWhole(bytes, at, block.dropped[i]);
    bytes[at++] = COMMA;
    if (runtime === 0) bytes[at++] = ZERO;
    else at = writeTime(bytes, at, runtime, 6);
    bytes[at++] = COMMA;
    at = writeSmall(bytes, at, block.retriesLeft[i]);
    bytes[at++] = COMMA;
    at = writeTime(bytes, at, block.serviceTime[i], decimals);
    bytes[at++] = LINE_FEED;
  }
  return at;
}
