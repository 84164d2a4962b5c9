/**
 * Load traces as CSV with the columns `minute,requests`.
 *
 * @module
 */
import {
  createGrowingArray,
  fieldsOf,
  forEachLine,
  type Line,
  quoted,
  traceError,
  type TraceFile,
  type TraceFormat,
  type TraceSamples,
} from "../_trace_input.ts";

export type { TraceFile, TraceFormat, TraceSamples };

const WANTED = "the columns minute,requests";

/** Where the two columns stand. */
interface Columns {
  minute: number;
  requests: number;
  count: number;
}

function columnsOf(line: Line, file: TraceFile): Columns {
  const names = fieldsOf(line).map((name) => name.toLowerCase());
  const columns: Columns = {
    minute: names.indexOf("minute"),
    requests: names.indexOf("requests"),
    count: names.length,
  };
  const missing = (["minute", "requests"] as const).filter((name) =>
    columns[name] < 0
  );
  if (missing.length > 0) {
    throw traceError(file.path, {
      line: line.number,
      problem:
        `expected a header with ${WANTED} (or an Azure Functions 2019 file or WorldCup98 records), got ${
          quoted(fieldsOf(line).join(","))
        } without ${missing.join(" and ")}`,
    });
  }
  return columns;
}

/** A decimal number from 0; NaN for everything else. */
function parseCount(text: string): number {
  return /^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

function checkMinute(
  minute: number,
  { expected, file, line }: { expected: number; file: TraceFile; line: number },
): void {
  const problem = minute > expected
    ? `expected minute ${expected}, got ${minute}: a hole of ${
      minute - expected
    } minutes`
    : minute === expected - 1
    ? `expected minute ${expected}, got ${minute} a second time`
    : `expected minute ${expected}, got ${minute}: minutes must rise by one`;
  if (minute !== expected) throw traceError(file.path, { line, problem });
}

/**
 * Reads files with a header row and one row a minute. The columns `minute`
 * (whole numbers that rise by one, from any start) and `requests` (a number
 * from 0) are found by name, others are passed over. Of several files each
 * goes on where the one before it ended.
 *
 * @param files At least one. Throws `SyntaxError`, naming file and line, for
 * missing columns, ragged rows, fields that are no such numbers, and minutes
 * that are left out, repeated or run backwards.
 */
export async function readCsvTrace(
  files: readonly TraceFile[],
): Promise<TraceSamples> {
  const requests = createGrowingArray();
  let nextMinute: number | undefined;
  for (const file of files) {
    let columns: Columns | undefined;
    let rows = 0;
    await forEachLine(file, (line) => {
      if (columns === undefined) {
        columns = columnsOf(line, file);
        return;
      }
      const fields = fieldsOf(line);
      if (fields.length !== columns.count) {
        throw traceError(file.path, {
          line: line.number,
          problem: `expected ${columns.count} fields, got ${fields.length}`,
        });
      }
      const minute = parseCount(fields[columns.minute]);
      if (!Number.isSafeInteger(minute)) {
        throw traceError(file.path, {
          line: line.number,
          problem: `expected a whole number from 0 as minute, got ${
            quoted(fields[columns.minute])
          }`,
        });
      }
      const count = parseCount(fields[columns.requests]);
      if (!Number.isFinite(count)) {
        throw traceError(file.path, {
          line: line.number,
          problem: `expected a number from 0 as requests, got ${
            quoted(fields[columns.requests])
          }`,
        });
      }
      if (nextMinute !== undefined) {
        checkMinute(minute, { expected: nextMinute, file, line: line.number });
      }
      nextMinute = minute + 1;
      requests.push(count);
      rows++;
    });
    if (rows === 0) {
      throw traceError(file.path, {
        problem: "expected rows below the header, got none",
      });
    }
  }
  return { secondsPerSample: 60, requests: requests.toArray() };
}
