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
  /** The latest time of any. */
  lastTime: number;
}

const CHUNK = 1 << 18;
const LONGEST_LINE = 4096;
const MOST_SERVERS = 10_000;

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
  /** Whether each column must be a number; other columns may hold anything. */
  numeric: boolean[];
  /** Whether rows say whose they are. */
  withServer: boolean;
  line: number;
  rows: number;
  /** The latest time of each server, from 0; one where there is no column. */
  readonly lastTimes: number[];
}

function refuse({ path, line }: Reading, reason: string): never {
  throw new SyntaxError(`Cannot read "${path}", line ${line}: ${reason}`);
}

function setColumns(reading: Reading, columns: string[]): void {
  reading.columns = columns;
  reading.withServer = columns.includes("server");
  reading.targets = columns.map((name) => {
    const place = Object.hasOwn(PLACES, name) ? PLACES[name] : undefined;
    return place === undefined
      ? undefined
      : reading.block[place] as Float64Array | Int32Array;
  });
  reading.numeric = columns.map((name) =>
    name === "server" || ROW_COLUMNS.some((known) => known === name)
  );
}

/**
 * Reads the first line: names, or a row already, as the original's generator
 * for several servers begins its files.
 *
 * @returns Whether the line is a row.
 */
function readFirstLine(reading: Reading, text: string): boolean {
  const fields = text.split(",").map((field) => field.trim());
  if (fields.every((field) => field !== "" && Number.isFinite(Number(field)))) {
    const named = [ROW_COLUMNS, ["server", ...ROW_COLUMNS]]
      .find(({ length }) => length === fields.length);
    if (named === undefined) {
      refuse(
        reading,
        `there are ${fields.length} numbers, expected column names, ${ROW_COLUMNS.length} numbers, or ${
          ROW_COLUMNS.length + 1
        } of which the first is the server`,
      );
    }
    setColumns(reading, [...named]);
    return true;
  }
  const missing = ROW_COLUMNS.filter((name) => !fields.includes(name));
  if (missing.length > 0) {
    refuse(
      reading,
      `there is no column ${missing.join(", ")}: expected the columns ${
        ROW_COLUMNS.join(", ")
      }`,
    );
  }
  setColumns(reading, fields);
  return false;
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
  const { block, targets, numeric } = reading;
  const row = block.size;
  let column = 0;
  let start = from;
  for (let i = from; i <= to; i++) {
    if (i < to && bytes[i] !== 44) continue;
    if (column < targets.length && numeric[column]) {
      const target = targets[column];
      const value = fieldValue(reading, { bytes, from: start, to: i, column });
      if (target === block.server) checkServer(reading, value);
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
  checkTime(reading, row);
  reading.rows++;
  if (++block.size === BLOCK_ROWS) hand(reading);
}

function checkServer(reading: Reading, value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= MOST_SERVERS) return;
  refuse(
    reading,
    `server is ${value}, expected a whole number from 1 to ${MOST_SERVERS}`,
  );
}

/** Counts servers from 0, and refuses times of one server that fall. */
function checkTime(reading: Reading, row: number): void {
  const { block, lastTimes } = reading;
  const server = reading.withServer ? --block.server[row] : 0;
  const time = block.timestamp[row];
  const last = lastTimes[server] ?? -Infinity;
  if (time < last) {
    refuse(
      reading,
      `timestamp ${time} follows ${last}, expected times that never fall`,
    );
  }
  lastTimes[server] = time;
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
  if (reading.line > 1) readRow(reading, bytes, from, end);
  else {
    const text = new TextDecoder().decode(bytes.subarray(from, end));
    if (readFirstLine(reading, text)) readRow(reading, bytes, from, end);
  }
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
 * them. Fields are numbers, plain or with an exponent. Rows without such a line
 * are those of the original's generator for several servers: the columns in
 * their order, the server before them, one server after the other.
 *
 * @param path The file's place.
 * @param sink Called with each block, whose rows are then forgotten.
 * @throws {SyntaxError} A column is missing, a row is cut, a field is no
 * finite number or a server's times fall: with the file and the line.
 */
export function readRows(path: string, sink: RowSink): ReadRowsResult {
  const reading: Reading = {
    path,
    sink,
    block: createRowBlock(),
    columns: [],
    targets: [],
    numeric: [],
    withServer: false,
    line: 0,
    rows: 0,
    lastTimes: [],
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
  const lastTime = reading.lastTimes.reduce((last, time) =>
    Math.max(last, time)
  );
  return { rows: reading.rows, lastTime };
}
