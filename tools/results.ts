/**
 * The tables of README and docs that are made of docs/results.
 *
 * @module
 */
import { join } from "@std/path";
import {
  type PublishedRun,
  readPublishedRun,
} from "../experiments/published/documents.ts";
import { withBlocks } from "../experiments/published/markdown.ts";
import { PUBLISHED_PARTS } from "../experiments/published/parts.ts";
import { publishedTable } from "../experiments/published/tables.ts";
import type { Tree } from "./source_tree.ts";

/**
 * Reads docs/results.
 *
 * @param root The repository's root. Throws where a part has no file there.
 */
export async function readPublishedRuns(
  root: string,
): Promise<Map<string, PublishedRun>> {
  const runs = new Map<string, PublishedRun>();
  for (const { name } of PUBLISHED_PARTS) {
    const path = join(root, "docs", "results", `${name}.json`);
    runs.set(name, await readPublishedRun(path));
  }
  return runs;
}

/**
 * The pages whose tables are not those of docs/results, as they should be.
 *
 * @param tree The repository's files.
 * @param runs What is published.
 * @returns The new text of each page, by its path.
 */
export function outdatedPages(
  tree: Tree,
  runs: ReadonlyMap<string, PublishedRun>,
): Map<string, string> {
  const outdated = new Map<string, string>();
  for (const [path, text] of tree) {
    if (!path.endsWith(".md")) continue;
    const wanted = withBlocks(text, (name) => publishedTable(name, runs));
    if (wanted !== text) outdated.set(path, wanted);
  }
  return outdated;
}
