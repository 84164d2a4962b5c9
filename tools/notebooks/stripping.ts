/**
 * Notebooks without outputs.
 *
 * @module
 */
import { writeFileAtomically } from "../../core/atomic_file.ts";
import { readNotebook, strippedNotebook } from "./notebook_file.ts";

/**
 * Strips notebooks in place; those that are as git wants them stay untouched.
 *
 * @param paths The notebooks. Throws a one-line error for one that cannot be
 * read.
 * @returns Those that changed.
 */
export async function stripFiles(paths: readonly string[]): Promise<string[]> {
  const changed: string[] = [];
  for (const path of paths) {
    const text = await Deno.readTextFile(path);
    const stripped = strippedNotebook(readNotebook(text, path));
    if (stripped === text) continue;
    await writeFileAtomically(path, stripped);
    changed.push(path);
  }
  return changed;
}
