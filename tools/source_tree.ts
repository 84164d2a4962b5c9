/**
 * Which files belong to the repository, and what they import.
 *
 * @module
 */
import { dirname, join } from "@std/path";

/** Text of files by their path from the repository's root, with slashes. */
export type Tree = ReadonlyMap<string, string>;

const BUILT = new Set(["node_modules", "target", "models", "logs", "results"]);
const TEXT =
  /(?:^|\/)(?:[^/.]+|\.gitignore|[^/]+\.(?:ts|js|rs|toml|json|jsonc|md|py|ipynb|sh|yml|yaml|lock|c|h))$/;

/**
 * The files of a repository, sorted: those git tracks and those it does not
 * ignore. Where git is missing, or the folder is no checkout, the folder is
 * walked, passing over hidden folders and build outputs.
 *
 * @param root The repository's root.
 */
export async function listFiles(root: string): Promise<string[]> {
  const listed = await listByGit(root);
  if (listed === undefined) return (await walk(root)).sort();
  const present = await Promise.all(listed.map((path) => isFile(root, path)));
  return listed.filter((_, i) => present[i]).sort();
}

async function listByGit(root: string): Promise<string[] | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
      cwd: root,
      stderr: "null",
    }).output();
    if (!success) return undefined;
    const paths = new TextDecoder().decode(stdout).split("\0");
    return [...new Set(paths.filter((path) => path !== ""))];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function isFile(root: string, path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(join(root, path))).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function walk(root: string, folder = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(join(root, folder))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile) paths.push(path);
    const hidden = entry.name.startsWith(".") && entry.name !== ".ci";
    if (entry.isDirectory && !hidden && !BUILT.has(entry.name)) {
      paths.push(...await walk(root, path));
    }
  }
  return paths;
}

/**
 * Reads the text files of a repository.
 *
 * @param root The repository's root.
 */
export async function readTree(root: string): Promise<Tree> {
  const paths = (await listFiles(root)).filter((path) => TEXT.test(path));
  const texts = await Promise.all(
    paths.map((path) => Deno.readTextFile(join(root, path))),
  );
  return new Map(paths.map((path, i) => [path, texts[i]]));
}

/**
 * A source text with its comments blanked, line breaks kept. Strings and
 * template literals are passed over; a quote inside a regular expression is
 * not told from a string's, whose reach ends with the line.
 *
 * @param source TypeScript.
 */
export function withoutComments(source: string): string {
  return source.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[^]|[^`\\])*`)|\/\*[^]*?\*\/|\/\/[^\n]*/g,
    (whole, literal) => literal ?? whole.replace(/[^\n]/g, " "),
  );
}

/**
 * What a module imports, as written: static, dynamic and type imports,
 * re-exports, and modules it starts as workers.
 *
 * @param source TypeScript as `deno fmt` leaves it.
 */
export function importsOf(source: string): string[] {
  const code = withoutComments(source);
  const patterns = [
    /^import\s*["']([^"'\n]+)["']/gm,
    /^(?:import|export)\b[^;"'`]*?\sfrom\s+["']([^"'\n]+)["']/gm,
    /\bimport\(\s*["']([^"'\n]+)["']/g,
    /\bnew URL\(\s*["'](\.[^"'\n]+\.ts)["'],\s*import\.meta\.url/g,
  ];
  return patterns.flatMap((pattern) =>
    Array.from(code.matchAll(pattern), (match) => match[1])
  );
}

/**
 * The path from the root that a relative import names; `undefined` for a
 * package.
 *
 * @param importer Path of the importing module.
 * @param specifier What it imports.
 */
export function resolveImport(
  importer: string,
  specifier: string,
): string | undefined {
  if (!/^\.\.?\//.test(specifier)) return undefined;
  return join(dirname(importer), specifier).replaceAll("\\", "/");
}
