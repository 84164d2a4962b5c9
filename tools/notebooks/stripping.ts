/**
 * Notebooks without outputs, their code formatted.
 *
 * @module
 */
import { writeFileAtomically } from "../../core/atomic_file.ts";
import { readNotebook, strippedNotebook } from "./notebook_file.ts";

/**
 * A notebook's text with its code as `deno fmt` leaves it. By a standard input:
 * Deno 2.9's `deno fmt --check FILE.ipynb` finds fault with what `deno fmt`
 * itself has written.
 *
 * @param text The notebook. Code that cannot be parsed is left alone.
 */
export async function formattedNotebook(text: string): Promise<string> {
  const child = new Deno.Command("deno", {
    args: ["fmt", "--quiet", "--ext", "ipynb", "-"],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const written = new Blob([text]).stream().pipeTo(child.stdin);
  const [{ success, code, stdout }] = await Promise.all([
    child.output(),
    written,
  ]);
  if (!success) throw new Error(`deno fmt ended with ${code}`);
  return new TextDecoder().decode(stdout);
}

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
    const stripped = await formattedNotebook(
      strippedNotebook(readNotebook(text, path)),
    );
    if (stripped === text) continue;
    await writeFileAtomically(path, stripped);
    changed.push(path);
  }
  return changed;
}
