/**
 * Whole files, written so that a reader finds the old one or the new one and
 * never a half.
 *
 * @module
 */
import { dirname } from "@std/path";
import { fileError } from "./file_errors.ts";

export { describeFileError, fileError } from "./file_errors.ts";
export type { FileErrorOptions } from "./file_errors.ts";

/** Options of {@linkcode replaceFile} and {@linkcode writeFileAtomically}. */
export interface AtomicFileOptions {
  /**
   * Whether file and folder are also flushed to disk, so that the file
   * survives a power failure. Default `false`.
   */
  flush?: boolean;
}

let temporaryCount = 0;

/** Opens a new file beside `path`; another's left-over is stepped over. */
async function openTemporary(path: string) {
  for (;;) {
    const name = `${path}.${Deno.pid}.${temporaryCount++}.tmp`;
    try {
      const options = { write: true, createNew: true };
      return { name, file: await Deno.open(name, options) };
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** What stands at a path itself, links not followed; null for nothing. */
async function lookAt(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * The file that a write to `path` replaces: a link's target, so that the link
 * stays. Renaming would also replace a device or a file that is protected
 * against writing, so both are refused.
 */
async function placeOf(path: string): Promise<string> {
  let place = path;
  let info = await lookAt(path);
  if (info?.isSymlink) {
    place = await Deno.realPath(path);
    info = await Deno.stat(place);
  }
  if (info?.isDirectory) throw new Deno.errors.IsADirectory();
  if (info && !info.isFile) {
    throw new Error("it is a device or a pipe, expected a regular file");
  }
  if (info && info.mode !== null && (info.mode & 0o222) === 0) {
    throw new Deno.errors.PermissionDenied();
  }
  return place;
}

/** Flushes a folder's entries; Windows cannot open folders and needs not. */
async function flushFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using handle = await Deno.open(folder, { read: true });
  await handle.sync();
}

/**
 * Writes all bytes to an open file.
 *
 * @param file Open for writing.
 * @param bytes What is written.
 */
export async function writeAll(
  file: Deno.FsFile,
  bytes: Uint8Array,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += await file.write(bytes.subarray(done));
  }
}

async function removeQuietly(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch {
    // What went wrong before is what the caller must hear of.
  }
}

async function writeBeside(
  place: string,
  write: (file: Deno.FsFile) => Promise<void>,
  flush: boolean,
): Promise<void> {
  const { name, file } = await openTemporary(place);
  try {
    try {
      await write(file);
      if (flush) await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(name, place);
  } catch (error) {
    await removeQuietly(name);
    throw error;
  }
}

/**
 * Replaces a file by what a function writes, or leaves it as it was.
 *
 * The content goes to a temporary name beside the place (ending in `.tmp`),
 * which is closed and renamed; folders on the way are made. When anything
 * fails, the temporary is removed and a one-line error thrown that names the
 * path (see {@linkcode fileError}).
 *
 * @param path The file's place. A link's target is replaced; a folder, a
 * device and a file that is protected against writing are refused.
 * @param write Writes the whole content.
 * @param options Whether to flush to disk.
 */
export async function replaceFile(
  path: string,
  write: (file: Deno.FsFile) => Promise<void>,
  options: AtomicFileOptions = {},
): Promise<void> {
  const { flush = false } = options;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    const place = await placeOf(path);
    await writeBeside(place, write, flush);
    if (flush) await flushFolder(dirname(place));
  } catch (error) {
    throw fileError(error, path);
  }
}

/**
 * Writes a whole file, or leaves the place as it was.
 *
 * @param path The file's place; see {@linkcode replaceFile}.
 * @param content Bytes, or text that is written as UTF-8.
 * @param options Whether to flush to disk.
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | string,
  options: AtomicFileOptions = {},
): Promise<void> {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  await replaceFile(path, (file) => writeAll(file, bytes), options);
}

/** A file to be written: its place, and its content, perhaps in parts. */
export type FileContent = readonly [
  path: string,
  content: Uint8Array | string | readonly Uint8Array[],
];

/**
 * Writes files that belong together, or leaves all their places as they were:
 * none is renamed to its place before the content of all is written.
 *
 * @param files Renamed in this order; see {@linkcode replaceFile}.
 */
export async function writeFilesAtomically(
  files: readonly FileContent[],
): Promise<void> {
  const last = files.at(-1);
  if (last === undefined) return;
  const [path, content] = last;
  const parts = typeof content === "string"
    ? [new TextEncoder().encode(content)]
    : content instanceof Uint8Array
    ? [content]
    : content;
  let failure: unknown;
  try {
    await replaceFile(path, async (file) => {
      for (const part of parts) await writeAll(file, part);
      try {
        await writeFilesAtomically(files.slice(0, -1));
      } catch (error) {
        failure = error;
        throw error;
      }
    });
  } catch (error) {
    // The file that could not be written is the one to name.
    throw failure ?? error;
  }
}

/**
 * {@linkcode writeFileAtomically} within a loop that waits for nothing. The
 * folder must be there, and a link at the place is replaced itself.
 *
 * @param path The file's place.
 * @param content What is written.
 * @param options Whether to flush to disk.
 */
export function writeFileAtomicallySync(
  path: string,
  content: Uint8Array,
  options: AtomicFileOptions = {},
): void {
  const name = `${path}.${Deno.pid}.${temporaryCount++}.tmp`;
  try {
    {
      using file = Deno.openSync(name, {
        write: true,
        create: true,
        truncate: true,
      });
      for (let done = 0; done < content.length;) {
        done += file.writeSync(content.subarray(done));
      }
      if (options.flush) file.syncSync();
    }
    Deno.renameSync(name, path);
    if (options.flush && Deno.build.os !== "windows") {
      using folder = Deno.openSync(dirname(path), { read: true });
      folder.syncSync();
    }
  } catch (error) {
    try {
      Deno.removeSync(name);
    } catch {
      // What went wrong before is what the caller must hear of.
    }
    throw fileError(error, path);
  }
}

/**
 * Reads a whole file; what cannot be read throws a one-line error that names
 * the path.
 *
 * @param path The file's place.
 */
export async function readWholeFile(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw fileError(error, path, { action: "read" });
  }
}
