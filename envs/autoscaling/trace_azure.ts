/**
 * Load traces from the Azure Functions 2019 data set.
 *
 * @module
 */
import {
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

/** Which functions of an Azure trace are counted. */
export interface AzureTraceOptions {
  /** Only the function with this `HashFunction`, or its beginning. */
  functionHash?: string;
  /** Only the functions of the app with this `HashApp`, or its beginning. */
  appHash?: string;
}

const MINUTES = 1440;
const COMMA = 44;
const ZERO = 48;
const SPACE = 32;
const LEADING = ["HashOwner", "HashApp", "HashFunction", "Trigger"];
const APP = 1;
const FUNCTION = 2;

function checkHeader(line: Line, file: TraceFile): void {
  const names = fieldsOf(line);
  const wanted = [
    ...LEADING,
    ...Array.from({ length: MINUTES }, (_, i) => String(i + 1)),
  ];
  const wrong = wanted.findIndex((name, i) => names[i] !== name);
  if (wrong >= 0 || names.length !== wanted.length) {
    const at = wrong >= 0 ? wrong : wanted.length;
    throw traceError(file.path, {
      line: line.number,
      problem: `expected ${LEADING.join(",")} and the minutes 1 to 1440, got ${
        at < names.length ? quoted(names[at]) : "no column"
      } as column ${at + 1}${
        at < wanted.length ? ` instead of ${wanted[at]}` : ""
      }`,
    });
  }
}

/** The positions of the leading fields: field i is [starts[i], starts[i+1]-1). */
function leadingStarts(line: Line, starts: Int32Array): boolean {
  let at = line.start;
  starts[0] = at;
  for (let i = 1; i <= LEADING.length; i++) {
    const comma = line.bytes.indexOf(COMMA, at);
    if (comma < 0 || comma >= line.end) return false;
    at = comma + 1;
    starts[i] = at;
  }
  return true;
}

/**
 * Adds the counts of a row to a day's sums. They are read byte by byte: a day
 * has some 70 million fields.
 *
 * @returns The number of fields read, or minus the (1-based) number of the
 * first field that is no whole number.
 */
function addCounts(line: Line, start: number, sums: Float64Array): number {
  const { bytes, end } = line;
  let field = 0;
  let value = 0;
  let digits = 0;
  for (let i = start; i <= end; i++) {
    const byte = i < end ? bytes[i] : COMMA;
    if (byte === COMMA) {
      if (digits === 0) return -(field + 1);
      if (field < MINUTES) sums[field] += value;
      field++;
      value = 0;
      digits = 0;
    } else if (byte >= ZERO && byte <= ZERO + 9) {
      value = value * 10 + (byte - ZERO);
      digits++;
    } else if (byte !== SPACE) {
      return -(field + 1);
    }
  }
  return field;
}

/** Finds out which rows count, and that a beginning names one thing only. */
function createFilter(options: AzureTraceOptions) {
  const decoder = new TextDecoder();
  const wanted: readonly [number, string | undefined, Set<string>][] = [
    [APP, options.appHash, new Set<string>()],
    [FUNCTION, options.functionHash, new Set<string>()],
  ];
  return {
    accepts(line: Line, starts: Int32Array): boolean {
      const fields = wanted.map(([column, beginning]) =>
        beginning === undefined ? "" : decoder.decode(
          line.bytes.subarray(starts[column], starts[column + 1] - 1),
        )
      );
      if (wanted.some(([, hash], i) => !fields[i].startsWith(hash ?? ""))) {
        return false;
      }
      wanted.forEach(([, hash, met], i) => {
        if (hash !== undefined) met.add(fields[i]);
      });
      return true;
    },
    check(path: string): void {
      for (const [column, hash, met] of wanted) {
        if (hash === undefined || met.size === 1) continue;
        throw new RangeError(
          `Cannot read trace "${path}": expected the beginning of one ${
            LEADING[column]
          }, got ${quoted(hash)}, with which ${
            met.size === 0 ? "none begins" : `${met.size} begin`
          }`,
        );
      }
    },
  };
}

/**
 * Reads daily files `invocations_per_function_md.anon.dNN.csv` (Shahrad et
 * al., "Serverless in the Wild", USENIX ATC 2020): one row a function, with
 * its owner, app, name and trigger, then its invocations in each of 1440
 * minutes. Rows are summed; each file is one day, in the order given. A
 * function is listed only on days on which it is called, and counts as 0 on
 * others.
 *
 * @param files At least one. Throws `SyntaxError`, naming file and line, for a
 * header other than that, ragged rows and fields that are no whole numbers;
 * `RangeError` when a hash is in no file, or a beginning fits several.
 * @param options Which functions are counted. Default: all.
 */
export async function readAzureTrace(
  files: readonly TraceFile[],
  options: AzureTraceOptions = {},
): Promise<TraceSamples> {
  const requests = new Float64Array(MINUTES * files.length);
  const filtered = options.appHash !== undefined ||
    options.functionHash !== undefined;
  const filter = createFilter(options);
  const starts = new Int32Array(LEADING.length + 1);
  const ignored = new Float64Array(MINUTES);
  for (const [day, file] of files.entries()) {
    const sums = requests.subarray(day * MINUTES, (day + 1) * MINUTES);
    let rows = 0;
    await forEachLine(file, (line) => {
      if (line.number === 1) return checkHeader(line, file);
      rows++;
      const whole = leadingStarts(line, starts);
      const counted = whole && (!filtered || filter.accepts(line, starts));
      const fields = whole
        ? addCounts(line, starts[LEADING.length], counted ? sums : ignored)
        : 0;
      if (fields < 0) {
        throw traceError(file.path, {
          line: line.number,
          problem: `expected a whole number from 0 in minute ${-fields}, got ${
            quoted(fieldsOf(line)[LEADING.length - fields - 1])
          }`,
        });
      }
      if (fields !== MINUTES) {
        throw traceError(file.path, {
          line: line.number,
          problem: `expected ${LEADING.length + MINUTES} fields, got ${
            fieldsOf(line).length
          }`,
        });
      }
    });
    if (rows === 0) {
      throw traceError(file.path, {
        problem: "expected rows below the header, got none",
      });
    }
  }
  filter.check(files.map((file) => file.path).join(","));
  return { secondsPerSample: 60, requests };
}
