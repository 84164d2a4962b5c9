/**
 * Writes the `mod.ts` of every folder of the house: `deno task write-mods`.
 *
 * @module
 */
import { join } from "@std/path";
import { writeMods } from "./mods.ts";
import { readTree } from "./source_tree.ts";

/**
 * Brings every `mod.ts` up to date.
 *
 * @param root The repository's root.
 * @returns Paths of the files that changed.
 */
export async function updateMods(root: string): Promise<string[]> {
  const tree = await readTree(root);
  const changed = [...writeMods(tree)].filter(([path, text]) =>
    tree.get(path) !== text
  );
  for (const [path, text] of changed) {
    await Deno.writeTextFile(join(root, path), text);
  }
  return changed.map(([path]) => path);
}

if (import.meta.main) {
  for (const path of await updateMods(join(import.meta.dirname!, ".."))) {
    console.log(`wrote ${path}`);
  }
}
