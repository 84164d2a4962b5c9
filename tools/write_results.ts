/**
 * Writes the tables of README and docs that are made of docs/results:
 * `deno task write-results`.
 *
 * @module
 */
import { join } from "@std/path";
import { outdatedPages, readPublishedRuns } from "./results.ts";
import { readTree } from "./source_tree.ts";

/**
 * Brings the tables up to date.
 *
 * @param root The repository's root.
 * @returns Paths of the pages that changed.
 */
export async function updateResults(root: string): Promise<string[]> {
  const runs = await readPublishedRuns(root);
  const pages = outdatedPages(await readTree(root), runs);
  for (const [path, text] of pages) {
    await Deno.writeTextFile(join(root, path), text);
  }
  return [...pages.keys()];
}

if (import.meta.main) {
  for (const path of await updateResults(join(import.meta.dirname!, ".."))) {
    console.log(`wrote ${path}`);
  }
}
