/**
 * The code of notebooks as modules, to be checked: a kernel does not look at
 * types.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { notebookCode, readNotebook } from "./notebook_file.ts";

/** Modules that are removed in the end. */
export interface NotebookModules extends AsyncDisposable {
  /** A module for each notebook, absolute. */
  readonly paths: readonly string[];
}

/**
 * Writes the code of notebooks to `.scratch/`, from where relative imports
 * reach as far as from `notebooks/`.
 *
 * @param root The repository's root.
 * @param notebooks Paths from the root. Throws a one-line error for one that
 * cannot be read.
 */
export async function writeNotebookModules(
  root: string,
  notebooks: readonly string[],
): Promise<NotebookModules> {
  const paths: string[] = [];
  const remove = async () => {
    for (const path of paths) await Deno.remove(path);
  };
  const dir = join(root, ".scratch");
  await Deno.mkdir(dir, { recursive: true });
  try {
    for (const path of notebooks) {
      const text = await Deno.readTextFile(join(root, path));
      const code = notebookCode(readNotebook(text, path));
      const prefix = `${basename(path, ".ipynb")}_`;
      const module = await Deno.makeTempFile({ dir, prefix, suffix: ".ts" });
      paths.push(module);
      await Deno.writeTextFile(module, code);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { paths, [Symbol.asyncDispose]: remove };
}
