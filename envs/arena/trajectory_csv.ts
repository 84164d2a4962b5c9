/**
 * Recorded trajectories as CSV with the columns `time,x,y`.
 *
 * @module
 */
import { fileError } from "../../core/file_errors.ts";
import { createGrowingArray, quoted, traceError } from "../_trace_input.ts";

/** Where an animal was. */
export interface Trajectory {
  /** Seconds, rising; undefined where the file has no times. Shape [samples]. */
  readonly times: Float64Array | undefined;
  /** Places. Shape [samples, 2]. */
  readonly places: Float64Array;
}

const COLUMNS = ["time", "x", "y"] as const;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Where the columns stand; -1 for a missing time. */
function columnsOf(
  header: string[],
  at: { path: string; line: number },
): { time: number; x: number; y: number; count: number } {
  const names = header.map((name) => name.toLowerCase());
  const [time, x, y] = COLUMNS.map((name) => names.indexOf(name));
  if (x < 0 || y < 0) {
    throw traceError(at.path, {
      line: at.line,
      problem:
        `expected a header with the columns x and y, and time where it is known, got ${
          quoted(header.join(","))
        }`,
    });
  }
  return { time, x, y, count: header.length };
}

/**
 * The trajectory of a CSV text with a header row and one row a sample. Columns
 * `x`, `y` and, where there is one, `time` (seconds) are found by name, others
 * are passed over. Empty lines and those that begin with `#` are none.
 *
 * @param text The file's content. Throws `SyntaxError`, naming file and line,
 * for missing columns, ragged rows, fields that are no finite numbers (tracking
 * that was lost has to be filled in or left out), times that do not rise, and
 * fewer than two samples.
 * @param path What messages call the file.
 */
export function parseTrajectory(text: string, path: string): Trajectory {
  const times = createGrowingArray();
  const places = createGrowingArray();
  let columns: ReturnType<typeof columnsOf> | undefined;
  let last = -Infinity;
  let samples = 0;
  text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/).forEach((row, index) => {
    const line = index + 1;
    if (row.trim() === "" || row.startsWith("#")) return;
    const fields = row.split(",").map((field) =>
      field.trim().replace(/^"(.*)"$/, "$1")
    );
    if (columns === undefined) {
      columns = columnsOf(fields, { path, line });
      return;
    }
    if (fields.length !== columns.count) {
      throw traceError(path, {
        line,
        problem: `expected ${columns.count} fields, got ${fields.length}`,
      });
    }
    const read = (name: typeof COLUMNS[number]) => {
      const field = fields[columns![name]];
      const value = NUMBER.test(field) ? Number(field) : NaN;
      if (Number.isFinite(value)) return value;
      throw traceError(path, {
        line,
        problem: `expected a finite number as ${name}, got ${quoted(field)}`,
      });
    };
    if (columns.time >= 0) {
      const time = read("time");
      if (!(time > last)) {
        throw traceError(path, {
          line,
          problem: `expected a time after ${last}, got ${time}`,
        });
      }
      times.push(time);
      last = time;
    }
    places.push(read("x"));
    places.push(read("y"));
    samples++;
  });
  if (samples < 2) {
    throw traceError(path, {
      problem: `expected at least two samples below a header, got ${samples}`,
    });
  }
  return {
    times: columns!.time >= 0 ? times.toArray() : undefined,
    places: places.toArray(),
  };
}

/**
 * Reads a trajectory.
 *
 * @param path The file. Throws a one-line error that names it where it cannot
 * be read, and as {@linkcode parseTrajectory} does.
 */
export function readTrajectory(path: string): Trajectory {
  let text;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    throw fileError(error, path, { action: "read" });
  }
  return parseTrajectory(text, path);
}
