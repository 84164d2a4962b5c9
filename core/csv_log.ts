/**
 * Append-only tables as CSV.
 *
 * @module
 */
import { openRecordLog } from "./_record_log.ts";

/** A value of a row; null stands as an empty field. */
export type CsvValue = number | bigint | string | boolean | null;

/** Options of {@linkcode openCsvLog}. */
export interface CsvLogOptions {
  /**
   * Goes on with an existing file after cutting it back to this many bytes,
   * which is what {@linkcode CsvLog.byteLength} was at some time. Default: a
   * new file, in place of an older one.
   */
  resumeAt?: number;
}

/** A CSV file that rows are appended to. */
export interface CsvLog extends Disposable {
  /**
   * Appends one row, as a whole. Throws `TypeError` when there are not as many
   * values as columns.
   */
  append(values: readonly CsvValue[]): void;
  /** The file's length, header included. */
  readonly byteLength: number;
  /** Flushes the file to disk, which a checkpoint should be preceded by. */
  flush(): void;
  /** Closes the file; closing twice is allowed. */
  close(): void;
}

/** A field as RFC 4180 quotes it. */
function field(value: CsvValue): string {
  const text = value === null ? "" : Object.is(value, -0) ? "-0" : `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line; a lone empty field is quoted, as an empty line is no record. */
function record(values: readonly CsvValue[]): Uint8Array {
  const line = values.map(field).join(",") || '""';
  return new TextEncoder().encode(`${line}\n`);
}

function isPrefix(start: Uint8Array, bytes: Uint8Array): boolean {
  return start.every((byte, i) => byte === bytes[i]);
}

/** Whether the last line feed ends a record, not a line within quotes. */
function endsWithRecord(kept: Uint8Array): boolean {
  const quotes = kept.reduce((sum, byte) => sum + Number(byte === 0x22), 0);
  return kept.at(-1) === 0x0a && quotes % 2 === 0;
}

/**
 * Opens a CSV file for appending. Lines end in a line feed; fields are quoted
 * as RFC 4180 says; numbers stand with all digits, so that reading gives them
 * back.
 *
 * @example Two rows
 * ```ts
 * import { openCsvLog } from "./csv_log.ts";
 *
 * const path = await Deno.makeTempFile();
 * using log = openCsvLog(path, ["step", "reward"]);
 * log.append([1, 0.5]);
 * log.append([2, NaN]);
 * await Deno.remove(path);
 * ```
 *
 * @param path The file's place; folders on the way are made. Throws a one-line
 * error that names it when it cannot be opened.
 * @param columns Names of the columns, at least one. Throws `RangeError` when
 * there is none.
 * @param options Where to go on. Throws `RangeError` when the file is shorter
 * than that or has no row that ends there, and `SyntaxError` when its header is
 * another one.
 */
export function openCsvLog(
  path: string,
  columns: readonly string[],
  options: CsvLogOptions = {},
): CsvLog {
  if (columns.length === 0) {
    throw new RangeError(
      `Cannot log to ${JSON.stringify(path)} without columns, expected a name`,
    );
  }
  const header = record(columns);
  const log = openRecordLog(path, {
    header,
    resumeAt: options.resumeAt,
    check(kept) {
      if (!isPrefix(header, kept)) {
        throw new SyntaxError(
          `Cannot resume ${JSON.stringify(path)}: expected the columns ${
            columns.join(", ")
          }`,
        );
      }
      return endsWithRecord(kept);
    },
  });
  return {
    append(values) {
      if (values.length !== columns.length) {
        throw new TypeError(
          `Cannot append ${values.length} values to ${
            JSON.stringify(path)
          }, expected ${columns.length}`,
        );
      }
      log.append(record(values));
    },
    get byteLength() {
      return log.byteLength;
    },
    flush: log.flush,
    close: log.close,
    [Symbol.dispose]: log.close,
  };
}
