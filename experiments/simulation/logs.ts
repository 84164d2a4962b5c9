/**
 * The logs of runs: read, and followed while they grow.
 *
 * @module
 */
import { fileError } from "../../core/file_errors.ts";

/** The logs that a run has. */
export const LOG_TYPES = ["error", "run", "state"] as const;

/** Which log. */
export type LogType = typeof LOG_TYPES[number];

/**
 * Throws `RangeError` unless a log has that name.
 *
 * @param type The name.
 */
export function checkLogType(type: string): asserts type is LogType {
  if ((LOG_TYPES as readonly string[]).includes(type)) return;
  throw new RangeError(
    `Cannot show the log ${JSON.stringify(type)}: expected one of ${
      LOG_TYPES.join(", ")
    }`,
  );
}

/** Where a run's log is. */
export function logPath(folder: string, type: LogType): string {
  return `${folder}/${type}.log`;
}

/**
 * A run's log.
 *
 * @param folder The run's folder.
 * @param type Which log. Throws `RangeError` for an unknown one.
 * @returns undefined where the run has not written any yet.
 */
export function readLog(folder: string, type: LogType): string | undefined {
  checkLogType(type);
  const path = logPath(folder, type);
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw fileError(error, path, { action: "read" });
  }
}

/** The last line of a file; undefined where it is empty or not there. */
export function lastLine(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trim().split("\n").at(-1) || undefined;
  } catch {
    return undefined;
  }
}

/** Reads what was added to files since the last call. */
export interface LogFollower {
  /**
   * Whole lines that were added.
   *
   * @param folder The run's folder, which may be new.
   * @param last Whether the rest of a line that is not ended is wanted too.
   */
  newLines(folder: string, last?: boolean): string[];
}

/**
 * Follows a log of several runs from its beginning.
 *
 * @param type Which log.
 */
export function followLogs(type: LogType): LogFollower {
  const offsets = new Map<string, number>();
  return {
    newLines(folder, last = false) {
      let bytes: Uint8Array;
      try {
        using file = Deno.openSync(logPath(folder, type));
        const from = offsets.get(folder) ?? 0;
        const { size } = file.statSync();
        if (size <= from) return [];
        file.seekSync(from, Deno.SeekMode.Start);
        bytes = new Uint8Array(size - from);
        const count = file.readSync(bytes) ?? 0;
        bytes = bytes.subarray(0, count);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return [];
        throw error;
      }
      const end = last ? bytes.length : bytes.lastIndexOf(0x0a) + 1;
      if (end === 0) return [];
      offsets.set(folder, (offsets.get(folder) ?? 0) + end);
      const text = new TextDecoder().decode(bytes.subarray(0, end));
      return text.replace(/\n$/, "").split("\n");
    },
  };
}
