/**
 * Recorded load: read from files.
 *
 * @module
 */
import { join } from "@std/path";
import {
  inspectTraceFile,
  stemOf,
  traceError,
  type TraceFile,
  type TraceFormat,
  type TraceSamples,
} from "../_trace_input.ts";
import { type AzureTraceOptions, readAzureTrace } from "./trace_azure.ts";
import { readCsvTrace } from "./trace_csv.ts";
import {
  readWorldCupTrace,
  type WorldCupTraceOptions,
} from "./trace_worldcup.ts";

/** Requests that arrived in equal spans of time, one after the other. */
export interface LoadTrace {
  /** Where it comes from, for tables and figures. */
  name: string;
  /** Length of a sample in seconds. */
  secondsPerSample: number;
  /** Requests in each sample. Shape [samples]. */
  requests: Float64Array;
}

/** Options of {@linkcode readTrace}. */
export interface ReadTraceOptions {
  /**
   * Azure files: only the function with this `HashFunction`, or its
   * beginning. Default: all functions.
   */
  functionHash?: string;
  /**
   * Azure files: only the functions of the app with this `HashApp`, or its
   * beginning. Default: all apps.
   */
  appHash?: string;
  /**
   * WorldCup98 files: most minutes in a row that may be without a request.
   * Default 60.
   */
  longestGapMinutes?: number;
}

type KnownFormat = Exclude<TraceFormat, "unknown">;

const FORMAT_NAMES: Readonly<Record<KnownFormat, string>> = {
  csv: "CSV with minute,requests",
  azure: "Azure Functions 2019",
  worldcup: "WorldCup98",
};
const KNOWN = "CSV with the columns minute,requests, " +
  "invocations_per_function files of Azure Functions 2019 or WorldCup98 records";

/** Which way around "d2" and "d10" go: as numbers. */
const byNumber = new Intl.Collator("en", { numeric: true });

async function isFolder(path: string): Promise<boolean | undefined> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return undefined;
  }
}

/** The Azure set has other tables with the same leading columns beside it. */
function isOtherAzureTable(path: string): boolean {
  return /(function_durations|app_memory)_percentiles/.test(path);
}

/**
 * The daily files of a folder, in the order of the numbers in their names.
 * Notes and other tables beside them are passed over; a missing day is not.
 */
async function filesOfFolder(folder: string): Promise<TraceFile[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (!entry.isDirectory && !entry.name.startsWith(".")) {
      names.push(entry.name);
    }
  }
  names.sort(byNumber.compare);
  const files: TraceFile[] = [];
  for (const name of names) {
    if (isOtherAzureTable(name) || /readme|license|\.(md|pdf)$/i.test(name)) {
      continue;
    }
    files.push(await inspectTraceFile(join(folder, name)));
  }
  if (files.length === 0) {
    throw traceError(folder, {
      problem: `expected a folder with ${KNOWN}, got none`,
    });
  }
  checkDays(folder, files);
  return files;
}

/** Throws when the days in the names (`.d01.`, `wc_day38_1`) leave one out. */
function checkDays(folder: string, files: readonly TraceFile[]): void {
  const days = files.map((file) =>
    Number(stemOf(file.path).match(/(?:\.d|day)(\d+)/)?.[1])
  );
  for (let i = 1; i < days.length; i++) {
    if (days[i] > days[i - 1] + 1) {
      throw traceError(folder, {
        problem: `expected the days in order, got none between ${
          quotedStem(files[i - 1])
        } and ${quotedStem(files[i])}`,
      });
    }
  }
}

function quotedStem(file: TraceFile): string {
  return JSON.stringify(stemOf(file.path));
}

async function filesOf(path: string): Promise<TraceFile[]> {
  const folder = await isFolder(path);
  if (folder === undefined && path.includes(",")) {
    const files: TraceFile[] = [];
    for (const part of path.split(",")) {
      files.push(await inspectTraceFile(part.trim()));
    }
    return files;
  }
  return folder ? await filesOfFolder(path) : [await inspectTraceFile(path)];
}

/** The format that all files have. */
function commonFormat(files: readonly TraceFile[]): KnownFormat {
  const foreign = files.find((file) => file.format === "unknown");
  if (foreign !== undefined) {
    throw traceError(foreign.path, {
      problem: `expected ${KNOWN}, got other binary data`,
    });
  }
  const format = files[0].format as KnownFormat;
  const other = files.find((file) => file.format !== format);
  if (other !== undefined) {
    throw traceError(other.path, {
      problem: `expected ${FORMAT_NAMES[format]} like ${
        JSON.stringify(files[0].path)
      }, got ${FORMAT_NAMES[other.format as KnownFormat]}`,
    });
  }
  return format;
}

function readSamples(
  files: readonly TraceFile[],
  options: AzureTraceOptions & WorldCupTraceOptions,
): Promise<TraceSamples> {
  const format = commonFormat(files);
  const hash = options.functionHash ?? options.appHash;
  if (format !== "azure" && hash !== undefined) {
    throw new RangeError(
      `Cannot select ${JSON.stringify(hash)} in trace "${
        files[0].path
      }": expected Azure Functions 2019, got ${FORMAT_NAMES[format]}`,
    );
  }
  switch (format) {
    case "csv":
      return readCsvTrace(files);
    case "azure":
      return readAzureTrace(files, options);
    case "worldcup":
      return readWorldCupTrace(files, options);
  }
}

/**
 * Reads a load trace. The content tells the format, whatever the file is
 * called:
 *
 * - CSV with the columns `minute,requests`, one row a minute without holes;
 * - `invocations_per_function` files of the Azure Functions 2019 set, one a
 *   day, summed over functions;
 * - WorldCup98 logs of 20-byte records, counted by the minute.
 *
 * Each may be packed with gzip. Files are read chunk by chunk, never whole.
 *
 * @param path A file; several, separated by commas, in their order; or a
 * folder, whose files are taken in the order of the numbers in their names.
 * @param options Which part of the file is wanted.
 * @throws {Deno.errors.NotFound} There is no such file.
 * @throws {SyntaxError} The content is not as it should be; the message names
 * the file, the line and what is wanted.
 * @throws {RangeError} No function has the wanted hash, or several, or the
 * format knows no functions.
 */
export async function readTrace(
  path: string,
  options: ReadTraceOptions = {},
): Promise<LoadTrace> {
  const files = await filesOf(path);
  const samples = await readSamples(files, options);
  const first = stemOf(files[0].path);
  const last = stemOf(files[files.length - 1].path);
  return { name: files.length > 1 ? `${first} to ${last}` : first, ...samples };
}
