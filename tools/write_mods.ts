/**
 * Writes the `mod.ts` of every folder of the house: `deno task write-mods`.
 *
 * @module
 */
import { join } from "@std/path";
import { faultyMods, writeMods } from "./mods.ts";
import { readTree } from "./source_tree.ts";

/**
 * Brings every `mod.ts` up to date; those that are stay as they were written.
 *
 * @param root The repository's root.
 * @returns Paths of the files that changed.
 */
export async function updateMods(root: string): Promise<string[]> {
  const tree = await readTree(root);
  const texts = writeMods(tree);
  const paths = faultyMods(tree).map(({ path }) => path);
  for (const path of paths) {
    await Deno.writeTextFile(join(root, path), texts.get(path)!);
  }
  return paths;
}

if (import.meta.main) {
  for (const path of await updateMods(join(import.meta.dirname!, ".."))) {
    console.log(`wrote ${path}`);
  }
}
