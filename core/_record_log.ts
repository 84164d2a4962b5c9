/**
 * Files that whole records are appended to, and that can be cut back to where
 * they stood when a checkpoint was saved.
 *
 * @module
 */
import { dirname } from "@std/path";
import { fileError } from "./file_errors.ts";

/** Options of {@linkcode openRecordLog}. */
export interface RecordLogOptions {
  /** What the file begins with. */
  readonly header: Uint8Array;
  /** The length to cut an existing file back to. Default: a new file. */
  readonly resumeAt?: number;
  /**
   * Looks at what is kept of an existing file, before it is cut: throws when
   * it is of another kind, and returns whether it ends with a whole record.
   */
  readonly check: (kept: Uint8Array) => boolean;
}

/** A file that whole records are appended to. */
export interface RecordLog {
  /** Appends a record; nothing of it stays when it does not fit. */
  append(record: Uint8Array): void;
  /** The file's length. */
  readonly byteLength: number;
  /** Flushes the file to disk. */
  flush(): void;
  /** Closes the file; closing twice is allowed. */
  close(): void;
}

function readStart(file: Deno.FsFile, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  file.seekSync(0, Deno.SeekMode.Start);
  for (let done = 0; done < length;) {
    const count = file.readSync(bytes.subarray(done));
    if (count === null) return bytes.subarray(0, done);
    done += count;
  }
  return bytes;
}

function writeAllSync(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    done += file.writeSync(bytes.subarray(done));
  }
}

function openNew(path: string): Deno.FsFile {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    return Deno.openSync(path, { write: true, create: true, truncate: true });
  } catch (error) {
    throw fileError(error, path);
  }
}

function openExisting(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { read: true, write: true });
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound;
    throw fileError(error, path, { action: missing ? "read" : "write" });
  }
}

/** Cuts the file back and leaves its position at the end. */
function cutBack(
  file: Deno.FsFile,
  path: string,
  options: RecordLogOptions & { resumeAt: number },
): void {
  const { resumeAt, header, check } = options;
  const label = JSON.stringify(path);
  const { size } = file.statSync();
  if (size < resumeAt) {
    throw new RangeError(
      `Cannot resume ${label} at byte ${resumeAt}: it has only ${size}, expected the file that the checkpoint was saved with`,
    );
  }
  if (resumeAt < header.length || !check(readStart(file, resumeAt))) {
    throw new RangeError(
      `Cannot resume ${label} at byte ${resumeAt}, expected the end of a record`,
    );
  }
  file.truncateSync(resumeAt);
  file.seekSync(resumeAt, Deno.SeekMode.Start);
}

function openAtEnd(path: string, options: RecordLogOptions): Deno.FsFile {
  const { resumeAt } = options;
  if (resumeAt === undefined) return openNew(path);
  if (!Number.isSafeInteger(resumeAt) || resumeAt < 0) {
    throw new RangeError(
      `Cannot resume ${
        JSON.stringify(path)
      } at byte ${resumeAt}, expected a whole number from 0`,
    );
  }
  const file = openExisting(path);
  try {
    cutBack(file, path, { ...options, resumeAt });
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Opens a file for appending records, and writes its header when it is new.
 *
 * @param path The file's place; folders on the way are made.
 * @param options Header, and where to go on.
 */
export function openRecordLog(
  path: string,
  options: RecordLogOptions,
): RecordLog {
  const file = openAtEnd(path, options);
  let byteLength = options.resumeAt ?? 0;
  let closed = false;

  /** After a failed write, so that the file still ends with a record. */
  function dropHalfRecord(): void {
    try {
      file.truncateSync(byteLength);
      file.seekSync(byteLength, Deno.SeekMode.Start);
    } catch {
      // What went wrong before is what the caller must hear of.
    }
  }

  function append(record: Uint8Array): void {
    if (closed) {
      throw new Error(
        `Cannot append to ${JSON.stringify(path)} after it was closed`,
      );
    }
    try {
      writeAllSync(file, record);
    } catch (error) {
      dropHalfRecord();
      throw fileError(error, path);
    }
    byteLength += record.length;
  }

  function flush(): void {
    try {
      if (!closed) file.syncSync();
    } catch (error) {
      throw fileError(error, path);
    }
  }

  function close(): void {
    if (!closed) file.close();
    closed = true;
  }

  if (options.resumeAt === undefined) {
    try {
      append(options.header);
    } catch (error) {
      close();
      throw error;
    }
  }
  return {
    append,
    get byteLength() {
      return byteLength;
    },
    flush,
    close,
  };
}
