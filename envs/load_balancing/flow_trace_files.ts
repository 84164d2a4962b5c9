/**
 * Files of recorded jobs.
 *
 * @module
 */
import {
  createGrowingArray,
  fieldsOf,
  forEachLine,
  inspectTraceFile,
  type Line,
  quoted,
  stemOf,
  traceError,
} from "../_trace_input.ts";
import type { Arrival } from "./arrival.ts";
import { createArrival } from "./arrival.ts";
import type { FlowTrace } from "./flow_traces.ts";

export type { Arrival, FlowTrace };

/**
 * Seconds that an iteration of the original's PHP loop takes: 200 ms, the
 * published mean of the jobs, over 3.67 million, the mean of their iterations
 * in its traces.
 */
export const SECONDS_PER_ITERATION: number = 0.2 / 3.67e6;

/** Options of {@linkcode readFlowTrace}. */
export interface ReadFlowTraceOptions {
  /**
   * Processor time of an iteration, in seconds, where the file has queries
   * with a number of iterations; above 0. Default
   * {@linkcode SECONDS_PER_ITERATION}.
   */
  secondsPerIteration?: number;
  /**
   * Writes what a query asks for into `work`, `ioWork` and `kind`, which are
   * 0 before. Default: queries are a number of iterations, or have it as
   * parameter `n`.
   *
   * @returns false where the query is not understood.
   */
  readQuery?: (query: string, into: Arrival) => boolean;
}

const KNOWN = "time,work or time,query";
const COLUMN_NAMES = ["time", "work", "query", "io_work", "kind"] as const;
const LARGEST_KIND = 255;

/** Where the columns stand; -1 for one that is not there. */
type Columns =
  & Record<typeof COLUMN_NAMES[number], number>
  & { count: number; separator: string };

const decoder = new TextDecoder();

/** The fields of a line, trimmed; commas also separate quoted fields. */
function splitLine(line: Line, separator: string): string[] {
  if (separator === ",") return fieldsOf(line);
  return decoder.decode(line.bytes.subarray(line.start, line.end))
    .split(separator).map((field) => field.trim());
}

function columnsOf(line: Line, path: string): Columns {
  const text = decoder.decode(line.bytes.subarray(line.start, line.end));
  const separator = text.includes("\t") ? "\t" : ",";
  const names = splitLine(line, separator).map((name) => name.toLowerCase());
  const twice = COLUMN_NAMES.find((name) =>
    names.indexOf(name) !== names.lastIndexOf(name)
  );
  const columns = {
    ...Object.fromEntries(
      COLUMN_NAMES.map((name) => [name, names.indexOf(name)]),
    ),
    count: names.length,
    separator,
  } as Columns;
  if (twice !== undefined) {
    throw traceError(path, {
      line: line.number,
      problem: `expected one column ${twice}, got several`,
    });
  }
  if (columns.time < 0 || (columns.work < 0) === (columns.query < 0)) {
    throw traceError(path, {
      line: line.number,
      problem:
        `expected a header with the columns ${KNOWN}, separated by commas or tabs, got ${
          quoted(text)
        }`,
    });
  }
  return columns;
}

/** A decimal number from 0; NaN for everything else. */
function parseNumber(text: string): number {
  return /^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

/** The iterations of a query: all of it, or its parameter `n`. */
function iterationsOf(query: string): number {
  const parameter = /[?&]n=([^&#]*)/.exec(query);
  return parseNumber(parameter === null ? query : parameter[1]);
}

function iterationReader(secondsPerIteration: number) {
  return (query: string, into: Arrival): boolean => {
    into.work = iterationsOf(query) * secondsPerIteration;
    return into.work < Infinity;
  };
}

/** Reads one row after the other into an arrival. */
function createRowReader(
  path: string,
  readQuery: (query: string, into: Arrival) => boolean,
): (line: Line, columns: Columns, into: Arrival) => void {
  function refuse(line: Line, problem: string): never {
    throw traceError(path, { line: line.number, problem });
  }

  function numberOf(text: string, name: string, line: Line): number {
    const value = parseNumber(text);
    if (value < Infinity) return value;
    refuse(line, `expected a number from 0 as ${name}, got ${quoted(text)}`);
  }

  function kindOf(text: string, line: Line): number {
    const kind = parseNumber(text);
    if (Number.isInteger(kind) && kind <= LARGEST_KIND) return kind;
    refuse(
      line,
      `expected a whole number from 0 to ${LARGEST_KIND} as kind, got ${
        quoted(text)
      }`,
    );
  }

  function readJob(fields: string[], columns: Columns, into: Arrival): boolean {
    const { query } = columns;
    if (query < 0) return true;
    const known = readQuery(fields[query], into);
    return known && into.work >= 0 && into.work < Infinity &&
      into.ioWork >= 0 && into.ioWork < Infinity &&
      Number.isInteger(into.kind) && into.kind >= 0 &&
      into.kind <= LARGEST_KIND;
  }

  return (line, columns, into) => {
    const fields = splitLine(line, columns.separator);
    if (fields.length !== columns.count) {
      refuse(
        line,
        `expected ${columns.count} fields, got ${fields.length}`,
      );
    }
    into.time = numberOf(fields[columns.time], "time", line);
    into.work = 0;
    into.ioWork = 0;
    into.kind = 0;
    if (!readJob(fields, columns, into)) {
      refuse(
        line,
        `expected a query that tells its work, such as /?n=1000, got ${
          quoted(fields[columns.query])
        }`,
      );
    }
    if (columns.work >= 0) {
      into.work = numberOf(fields[columns.work], "work", line);
    }
    if (columns.io_work >= 0) {
      into.ioWork = numberOf(fields[columns.io_work], "io_work", line);
    }
    if (columns.kind >= 0) into.kind = kindOf(fields[columns.kind], line);
  };
}

function queryReader(options: ReadFlowTraceOptions) {
  const { secondsPerIteration = SECONDS_PER_ITERATION, readQuery } = options;
  if (!(secondsPerIteration > 0 && secondsPerIteration < Infinity)) {
    throw new RangeError(
      `Cannot read a trace with secondsPerIteration ${secondsPerIteration}, expected a finite number above 0`,
    );
  }
  return readQuery ?? iterationReader(secondsPerIteration);
}

/**
 * Reads recorded jobs from a file with a header row, in one of two formats:
 *
 * - `time,work`: seconds, and seconds of processor time;
 * - `time,query`, the original's: a query tells its work.
 *
 * Columns are separated by tabs where the header has one, otherwise by commas,
 * and found by name; `io_work` (seconds of disk time) and `kind` (class, from
 * 0 to 255) may be there, others are passed over. Times never fall. The file
 * may be packed with gzip; it is read chunk by chunk, and takes 25 bytes a job
 * in memory.
 *
 * @param path Where the file is.
 * @param options How queries are read.
 * @throws {Deno.errors.NotFound} There is no such file.
 * @throws {SyntaxError} The content is not as it should be; the message names
 * the file, the line and what is wanted.
 * @throws {RangeError} An option is out of its range.
 */
export async function readFlowTrace(
  path: string,
  options: ReadFlowTraceOptions = {},
): Promise<FlowTrace> {
  const readRow = createRowReader(path, queryReader(options));
  const file = await inspectTraceFile(path);
  if (file.format !== "csv") {
    throw traceError(path, {
      problem: `expected text with the columns ${KNOWN}, got ${
        file.format === "azure" ? "an Azure Functions file" : "binary data"
      }`,
    });
  }
  const times = createGrowingArray();
  const work = createGrowingArray();
  const ioWork = createGrowingArray();
  const kinds = createGrowingArray();
  const job = createArrival();
  let columns: Columns | undefined;
  let before = 0;
  await forEachLine(file, (line) => {
    if (columns === undefined) {
      columns = columnsOf(line, path);
      return;
    }
    readRow(line, columns, job);
    if (job.time < before) {
      throw traceError(path, {
        line: line.number,
        problem:
          `expected a time from ${before}, the one before it, got ${job.time}`,
      });
    }
    before = job.time;
    times.push(job.time);
    work.push(job.work);
    ioWork.push(job.ioWork);
    kinds.push(job.kind);
  });
  const allTimes = times.toArray();
  if (allTimes.length === 0) {
    throw traceError(path, {
      problem: "expected rows below the header, got none",
    });
  }
  return {
    name: stemOf(path),
    times: allTimes,
    work: work.toArray(),
    ioWork: ioWork.toArray(),
    kinds: Uint8Array.from(kinds.toArray()),
  };
}
