/**
 * Files that load traces are read from: opened, unpacked, cut into lines.
 *
 * @module
 */
import { basename } from "@std/path";

/** Samples of a trace as they are read. */
export interface TraceSamples {
  /** Length of a sample in seconds. */
  secondsPerSample: number;
  /** Requests in each sample. */
  requests: Float64Array;
}

/** Kinds of trace files, told apart by their first bytes. */
export type TraceFormat = "csv" | "azure" | "worldcup" | "unknown";

/** A file that was opened once to see what it holds. */
export interface TraceFile {
  /** As the caller named it. */
  path: string;
  /** What its first bytes look like. */
  format: TraceFormat;
  /** Whether it has to be unpacked. */
  gzip: boolean;
}

const HEAD_BYTES = 4096;
const LARGEST_LINE = 2 ** 20;
const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;

/** The one-line message that all trace errors have. */
function traceMessage(
  path: string,
  { line, problem }: { line?: number; problem: string },
): string {
  const where = line === undefined ? "" : `, line ${line}`;
  return `Cannot read trace "${path}"${where}: ${problem}`;
}

/** An error about what a trace file holds. */
export function traceError(
  path: string,
  options: { line?: number; problem: string },
): SyntaxError {
  return new SyntaxError(traceMessage(path, options));
}

/** A field as an error message quotes it: on one line, and not too long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

/** Opens a file for reading; errors name it in one line. */
async function open(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new Deno.errors.NotFound(
        traceMessage(path, { problem: "expected a file, found none" }),
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      traceMessage(path, {
        problem: `expected a readable file, got ${reason}`,
      }),
      { cause: error },
    );
  }
}

/** Up to `HEAD_BYTES` bytes of a file. */
async function readHead(file: TraceFile): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES);
  let length = 0;
  for await (const chunk of chunksOf(file)) {
    const part = chunk.subarray(0, HEAD_BYTES - length);
    head.set(part, length);
    length += part.length;
    if (length === HEAD_BYTES) break;
  }
  return head.subarray(0, length);
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => head[i] === byte);
}

/** Archives that are commonly met and have to be unpacked by hand. */
const FOREIGN: readonly [readonly number[], string][] = [
  [[0x50, 0x4b, 3, 4], "zip"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz"],
  [[0x42, 0x5a, 0x68], "bzip2"],
  [[0x28, 0xb5, 0x2f, 0xfd], "zstd"],
  [[0x1f, 0x9d], "compress"],
];

/** Control characters other than tab and line breaks do not occur in text. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) =>
    byte >= 32 || byte === 9 || byte === LINE_FEED || byte === CARRIAGE_RETURN
  );
}

// 1998 in seconds since 1970: all records of the World Cup logs lie in it.
const START_OF_1998 = 883_612_800;
const START_OF_1999 = 915_148_800;

function formatOf(head: Uint8Array): TraceFormat {
  if (isText(head)) {
    const text = new TextDecoder().decode(head);
    const firstLine = text.split("\n", 1)[0];
    return /Hash(Owner|App|Function)/.test(firstLine) ? "azure" : "csv";
  }
  if (head.length < 4) return "unknown";
  const seconds = new DataView(head.buffer, head.byteOffset).getUint32(0);
  return seconds >= START_OF_1998 && seconds < START_OF_1999
    ? "worldcup"
    : "unknown";
}

/**
 * Looks at the first bytes of a file.
 *
 * @param path Throws `Deno.errors.NotFound` or `Error` when it cannot be
 * opened, `SyntaxError` when it is empty, or packed in a way not known here.
 */
export async function inspectTraceFile(path: string): Promise<TraceFile> {
  const raw = await readHead({ path, gzip: false, format: "unknown" });
  if (raw.length === 0) {
    throw traceError(path, {
      problem: "expected a load trace, got an empty file",
    });
  }
  const foreign = FOREIGN.find(([magic]) => startsWith(raw, magic));
  if (foreign !== undefined) {
    throw traceError(path, {
      problem: `expected an unpacked or gzip file, got a ${foreign[1]} archive`,
    });
  }
  const gzip = startsWith(raw, [0x1f, 0x8b]);
  const file: TraceFile = { path, gzip, format: "unknown" };
  const head = gzip ? await readHead(file) : raw;
  if (head.length === 0) {
    throw traceError(path, {
      problem: "expected a load trace, got an empty file",
    });
  }
  return { ...file, format: formatOf(head) };
}

/** The bytes of a file, unpacked. */
async function openUnpacked(
  file: TraceFile,
): Promise<ReadableStream<Uint8Array>> {
  const { readable } = await open(file.path);
  if (!file.gzip) return readable;
  return readable.pipeThrough(
    new DecompressionStream("gzip") as unknown as TransformStream<
      Uint8Array,
      Uint8Array
    >,
  );
}

/**
 * The bytes of a file in chunks, unpacked. A gzip stream that breaks off is an
 * error in one line.
 */
export async function* chunksOf(file: TraceFile): AsyncGenerator<Uint8Array> {
  const reader = (await openUnpacked(file)).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read().catch((error) => {
        throw traceError(file.path, {
          problem: `expected a whole ${file.gzip ? "gzip " : ""}file, got ${
            quoted(String(error))
          }`,
        });
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** One line of a file: `bytes[start..end)`, without its line break. */
export interface Line {
  /** Reused; copy what is kept. */
  bytes: Uint8Array;
  /** First byte. */
  start: number;
  /** Behind the last byte. */
  end: number;
  /** Counted from 1. */
  number: number;
}

/**
 * Calls `visit` with each line of a file, which is read chunk by chunk. Line
 * breaks are LF or CR LF; a byte order mark is passed over. Empty lines are
 * allowed at the end alone.
 */
export async function forEachLine(
  file: TraceFile,
  visit: (line: Line) => void,
): Promise<void> {
  let carried = new Uint8Array(0);
  let emptyLine = 0;
  const line: Line = { bytes: carried, start: 0, end: 0, number: 0 };

  function emit(bytes: Uint8Array, start: number, end: number): void {
    line.number++;
    if (
      line.number === 1 && startsWith(bytes.subarray(start), [0xef, 0xbb, 0xbf])
    ) start += 3;
    if (end > start && bytes[end - 1] === CARRIAGE_RETURN) end--;
    if (end === start) {
      emptyLine ||= line.number;
      return;
    }
    if (emptyLine > 0) {
      throw traceError(file.path, {
        line: emptyLine,
        problem: "expected a row, got an empty line",
      });
    }
    line.bytes = bytes;
    line.start = start;
    line.end = end;
    visit(line);
  }

  for await (const chunk of chunksOf(file)) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      if (carried.length > 0) {
        const whole = concat(carried, chunk.subarray(start, end));
        carried = carried.subarray(0, 0);
        emit(whole, 0, whole.length);
      } else {
        emit(chunk, start, end);
      }
      start = end + 1;
    }
    carried = concat(carried, chunk.subarray(start));
    if (carried.length > LARGEST_LINE) {
      throw traceError(file.path, {
        line: line.number + 1,
        problem: "expected a line of at most 1 MiB, got a longer one",
      });
    }
  }
  if (carried.length > 0) emit(carried, 0, carried.length);
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

const decoder = new TextDecoder();

/** The fields of a line of CSV, trimmed; quotes around a field are dropped. */
export function fieldsOf(line: Line): string[] {
  return decoder.decode(line.bytes.subarray(line.start, line.end)).split(",")
    .map((field) => {
      const text = field.trim();
      return text.length > 1 && text.startsWith('"') && text.endsWith('"')
        ? text.slice(1, -1)
        : text;
    });
}

/** Numbers without a known count, kept in one growing array. */
export function createGrowingArray(): {
  /** Appends a number. */
  push(value: number): void;
  /** A copy of what was appended. */
  toArray(): Float64Array;
} {
  let values = new Float64Array(4096);
  let length = 0;
  return {
    push(value: number): void {
      if (length === values.length) {
        const larger = new Float64Array(2 * length);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    toArray: () => values.slice(0, length),
  };
}

/** A file's name without its folder and its suffixes for format and packing. */
export function stemOf(path: string): string {
  return basename(path).replace(/\.gz$/i, "").replace(/\.(csv|txt|bin)$/i, "");
}
