/**
 * Files of runs, as tests compare them: byte for byte, without what tells the
 * time of day (docs/determinism.md).
 *
 * @module
 */
import { join, relative } from "@std/path";
import { sha256 } from "../../core/sha256.ts";

/** Zeros the wall time of each event, and the checksum that covers it. */
function withoutWallTime(events: Uint8Array): Uint8Array {
  const bytes = events.slice();
  const view = new DataView(bytes.buffer);
  for (let offset = 0; offset < bytes.length;) {
    const length = view.getUint32(offset, true);
    // Behind length (8) and its checksum (4) the data begin with field 1, a
    // double: one byte of tag, eight of wall time.
    bytes.fill(0, offset + 13, offset + 21);
    bytes.fill(0, offset + 12 + length, offset + 16 + length);
    offset += length + 16;
  }
  return bytes;
}

/** Leaves the last column out where it is `seconds`. */
function withoutSeconds(table: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(table);
  if (!text.split("\n", 1)[0].endsWith(",seconds")) return table;
  return new TextEncoder().encode(text.replaceAll(/,[^,\n]*\n/g, "\n"));
}

async function paths(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) found.push(...await paths(path));
    else found.push(path);
  }
  return found.sort();
}

async function hash(bytes: Uint8Array): Promise<string> {
  return `${await sha256(bytes)} (${bytes.length} bytes)`;
}

/**
 * What a folder's files hold, without wall-clock times: a hash of each by its
 * path. What a killed process was writing (`.tmp`) is left out.
 *
 * @param root The folder.
 */
export async function runFiles(root: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const path of await paths(root)) {
    if (path.endsWith(".tmp")) continue;
    const bytes = await Deno.readFile(path);
    const kept = path.includes(".tfevents.")
      ? withoutWallTime(bytes)
      : path.endsWith("progress.csv")
      ? withoutSeconds(bytes)
      : bytes;
    files[relative(root, path)] = await hash(kept);
  }
  return files;
}

/**
 * A hash of each file, exact to the last byte.
 *
 * @param root The folder.
 */
export async function exactFiles(
  root: string,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const path of await paths(root)) {
    files[relative(root, path)] = await hash(await Deno.readFile(path));
  }
  return files;
}

/**
 * The checkpoints of a run, in the order of their steps or episodes.
 *
 * @param root The folder that holds `models/`.
 */
export async function checkpoints(root: string): Promise<string[]> {
  const folder = join(root, "models", "checkpoints");
  const steps = (path: string) =>
    Number(path.match(/_(\d+)_(?:steps|episodes)\.zip$/)?.[1] ?? -1);
  try {
    const all = (await paths(folder)).filter((path) => steps(path) >= 0);
    return all.sort((a, b) => steps(a) - steps(b));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/**
 * The last of {@linkcode checkpoints}; undefined where there is none.
 *
 * @param root The folder that holds `models/`.
 */
export async function newestCheckpoint(
  root: string,
): Promise<string | undefined> {
  return (await checkpoints(root)).at(-1);
}
