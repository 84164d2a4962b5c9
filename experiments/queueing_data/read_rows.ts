/**
 * Reading the rows of a queueing simulation, of this project or of the
 * original generator.
 *
 * @module
 */
import { fileError } from "../../core/file_errors.ts";
import {
  BLOCK_ROWS,
  createRowBlock,
  type RowBlock,
  type RowSink,
} from "../../envs/queueing/rows.ts";
import { ROW_COLUMNS } from "./row_format.ts";

export type { RowBlock, RowSink };

/** What {@linkcode readRows} found. */
export interface ReadRowsResult {
  /** How many rows there are. */
  rows: number;
  /** Time of the last. */
  lastTime: number;
}

const CHUNK = 1 << 18;
const LONGEST_LINE = 4096;

/** Columns of the block by their name in files. */
const PLACES: Record<string, keyof RowBlock | undefined> = {
  server: "server",
  timestamp: "timestamp",
  latency: "latency",
  queue_length: "queueLength",
  retries: "retries",
  dropped: "dropped",
  retries_left: "retriesLeft",
  service_time: "serviceTime",
};

/** Where one file's reading has got to. */
interface Reading {
  readonly path: string;
  readonly sink: RowSink;
  readonly block: RowBlock;
  /** Names of the columns; empty before the first line. */
  columns: string[];
  /** Arrays of the columns; undefined where a column is not kept. */
  targets: (Float64Array | Int32Array | undefined)[];
  line: number;
  rows: number;
  lastTime: number;
}

function refuse({ path, line }: Reading, reason: string): never {
  throw new SyntaxError(`Cannot read "${path}", line ${line}: ${reason}`);
}

function readHeader(reading: Reading, text: string): void {
  const columns = text.split(",").map((name) => name.trim());
  const missing = ROW_COLUMNS.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    refuse(
      reading,
      `there is no column ${missing.join(", ")}: expected the columns ${
        ROW_COLUMNS.join(", ")
      }`,
    );
  }
  reading.columns = columns;
  reading.targets = columns.map((name) => {
    const place = Object.hasOwn(PLACES, name) ? PLACES[name] : undefined;
    return place === undefined
      ? undefined
      : reading.block[place] as Float64Array | Int32Array;
  });
}

const POWERS = Float64Array.from({ length: 23 }, (_, i) => 10 ** i);

/**
 * A plain decimal, exactly: its digits are a whole number below 2^53 over a
 * power of ten. NaN where it is anything else.
 */
function plainDecimal(bytes: Uint8Array, from: number, to: number): number {
  let units = 0;
  let decimals = -1;
  for (let i = from; i < to; i++) {
    const digit = bytes[i] - 48;
    if (digit >= 0 && digit <= 9) {
      units = units * 10 + digit;
      if (decimals >= 0) decimals++;
    } else if (bytes[i] === 46 && decimals < 0) decimals = 0;
    else return NaN;
  }
  if (units > Number.MAX_SAFE_INTEGER || from === to || decimals > 22) {
    return NaN;
  }
  return decimals > 0 ? units / POWERS[decimals] : units;
}

function fieldValue(
  reading: Reading,
  field: { bytes: Uint8Array; from: number; to: number; column: number },
): number {
  const { bytes, from, to, column } = field;
  const plain = plainDecimal(bytes, from, to);
  if (plain === plain) return plain;
  const text = new TextDecoder().decode(bytes.subarray(from, to)).trim();
  const value = text === "" ? NaN : Number(text);
  if (!Number.isFinite(value)) {
    refuse(
      reading,
      `${reading.columns[column]} is ${
        JSON.stringify(text)
      }, expected a number`,
    );
  }
  return value;
}

function readRow(
  reading: Reading,
  bytes: Uint8Array,
  from: number,
  to: number,
): void {
  const { block, targets } = reading;
  const row = block.size;
  let column = 0;
  let start = from;
  for (let i = from; i <= to; i++) {
    if (i < to && bytes[i] !== 44) continue;
    if (column < targets.length) {
      const target = targets[column];
      const value = fieldValue(reading, { bytes, from: start, to: i, column });
      if (target !== undefined) target[row] = value;
    }
    column++;
    start = i + 1;
  }
  if (column !== targets.length) {
    refuse(
      reading,
      `there are ${column} fields, expected ${targets.length}`,
    );
  }
  if (reading.columns[0] === "server") block.server[row]--;
  const time = block.timestamp[row];
  if (time < reading.lastTime && reading.columns[0] !== "server") {
    refuse(
      reading,
      `timestamp ${time} follows ${reading.lastTime}, expected times that never fall`,
    );
  }
  reading.lastTime = time;
  reading.rows++;
  if (++block.size === BLOCK_ROWS) hand(reading);
}

function hand({ block, sink }: Reading): void {
  if (block.size > 0) sink(block);
  block.size = 0;
}

function readLine(
  reading: Reading,
  bytes: Uint8Array,
  from: number,
  to: number,
): void {
  reading.line++;
  const end = to > from && bytes[to - 1] === 13 ? to - 1 : to;
  if (reading.line === 1) {
    readHeader(reading, new TextDecoder().decode(bytes.subarray(from, end)));
  } else readRow(reading, bytes, from, end);
}

/** Reads all lines of a file, a chunk at a time. */
function readLines(reading: Reading, file: Deno.FsFile): void {
  const bytes = new Uint8Array(CHUNK + LONGEST_LINE);
  let filled = 0;
  for (;;) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
    let from = 0;
    for (;;) {
      const end = bytes.subarray(0, filled).indexOf(10, from);
      if (end < 0) break;
      readLine(reading, bytes, from, end);
      from = end + 1;
    }
    if (filled - from > LONGEST_LINE) {
      reading.line++;
      refuse(reading, "the line is too long to be a row");
    }
    bytes.copyWithin(0, from, filled);
    filled -= from;
  }
  if (filled > 0) {
    reading.line++;
    refuse(
      reading,
      "the file ends in the middle of a row, expected a line break at its end",
    );
  }
}

/**
 * Reads a file of rows, a block at a time: memory does not grow with it.
 *
 * Columns may be in any order, and there may be others; the first line names
 * them. Fields are numbers, plain or with an exponent.
 *
 * @param path The file's place.
 * @param sink Called with each block, whose rows are then forgotten.
 * @throws {SyntaxError} A column is missing, a row is cut, a field is no
 * finite number or times fall: with the file and the line.
 */
export function readRows(path: string, sink: RowSink): ReadRowsResult {
  const reading: Reading = {
    path,
    sink,
    block: createRowBlock(),
    columns: [],
    targets: [],
    line: 0,
    rows: 0,
    lastTime: -Infinity,
  };
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path);
  } catch (error) {
    throw fileError(error, path, { action: "read" });
  }
  try {
    readLines(reading, file);
  } finally {
    file.close();
  }
  if (reading.line === 0) {
    reading.line = 1;
    refuse(reading, "the file is empty, expected a line of column names");
  }
  hand(reading);
  if (reading.rows === 0) refuse(reading, "there are no rows");
  return { rows: reading.rows, lastTime: reading.lastTime };
}
