/**
 * Whole files that are written piece by piece, synchronously, and appear in
 * their place when they are finished.
 *
 * @module
 */
import { dirname } from "@std/path";
import { fileError } from "./file_errors.ts";

/** A file that is being written. */
export interface StreamFile extends Disposable {
  /** Appends bytes where the last ones ended. */
  write(bytes: Uint8Array): void;
  /** Writes bytes from some byte of the file on. */
  writeAt(at: number, bytes: Uint8Array): void;
  /** Closes the file and puts it in its place. */
  close(): void;
  /** Removes what was written, unless it was closed. */
  [Symbol.dispose](): void;
}

/**
 * Opens a file for writing under a temporary name beside its place, ending in
 * `.tmp`. For long files written in a worker or beside each other: others are
 * written by `writeFileAtomically`.
 *
 * @param path The file's place; folders on the way are made. Whatever fails
 * throws a one-line error that names it.
 *
 * @example A file in two pieces
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { join } from "@std/path";
 * import { openStreamFile } from "./stream_file.ts";
 *
 * const path = join(Deno.makeTempDirSync(), "pieces.txt");
 * using file = openStreamFile(path);
 * file.write(new TextEncoder().encode("one "));
 * file.write(new TextEncoder().encode("two"));
 * file.close();
 * assertEquals(Deno.readTextFileSync(path), "one two");
 * ```
 */
export function openStreamFile(path: string): StreamFile {
  const temporary = `${path}.${Deno.pid}.tmp`;
  const named = <Value>(work: () => Value): Value => {
    try {
      return work();
    } catch (error) {
      throw fileError(error, path);
    }
  };
  const file = named(() => {
    Deno.mkdirSync(dirname(path), { recursive: true });
    const options = { write: true, create: true, truncate: true };
    return Deno.openSync(temporary, options);
  });
  let open = true;
  const write = (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.length;) {
      done += file.writeSync(bytes.subarray(done));
    }
  };
  return {
    write: (bytes) => named(() => write(bytes)),
    writeAt: (at, bytes) =>
      named(() => {
        file.seekSync(at, Deno.SeekMode.Start);
        write(bytes);
      }),
    close: () =>
      named(() => {
        open = false;
        file.close();
        Deno.renameSync(temporary, path);
      }),
    [Symbol.dispose]() {
      if (!open) return;
      open = false;
      file.close();
      Deno.removeSync(temporary);
    },
  };
}
