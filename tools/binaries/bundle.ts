/**
 * Programs as a folder of JavaScript, with all that they need beside it.
 *
 * @module
 */
import {
  basename,
  dirname,
  fromFileUrl,
  join,
  relative,
  toFileUrl,
} from "@std/path";
import { resolveImport, type Tree } from "../source_tree.ts";
import type { Program } from "./programs.ts";

export type { Program, Tree };

/** What is bundled. */
export interface BundleOptions {
  /** The repository's root. */
  readonly root: string;
  /** Its files. */
  readonly tree: Tree;
  /** The program that runs; undefined where the first argument chooses. */
  readonly only: string | undefined;
  /** The native library's file; undefined for none. */
  readonly library: string | undefined;
}

/** The module that begins. */
export const MAIN = "main.js";

/** What goes along with every copy. */
const LICENSES = ["LICENSE", "THIRD_PARTY.md"];

/** Where `ffi/library.ts` looks for the library, from its own place. */
export const LIBRARY_FOLDER = "target/release";

/** Files that packages read from beside their code. */
const PACKAGE_FILES: Readonly<Record<string, readonly string[]>> = {
  "@tensorflow/tfjs-backend-wasm": [
    "tfjs-backend-wasm-simd.wasm",
    "tfjs-backend-wasm.wasm",
  ],
  highs: ["highs.wasm"],
};

/**
 * The modules that are started as workers.
 *
 * @param tree The repository's files.
 */
export function workerModules(tree: Tree): string[] {
  const workers = [...tree].filter(([path, text]) =>
    /\.ts$/.test(path) && !/_test\.ts$|^bench\//.test(path) &&
    text.includes("new Worker(")
  ).flatMap(([path, text]) =>
    Array.from(
      text.matchAll(/new URL\(\s*"(\.[^"\n]+\.ts)",\s*import\.meta\.url/g),
      ([, specifier]) => resolveImport(path, specifier)!,
    )
  );
  return [...new Set(workers)].sort();
}

/** The source of the module that begins. */
function mainSource(
  programs: readonly Program[],
  { root, only }: BundleOptions,
): string {
  const from = (path: string) =>
    JSON.stringify(toFileUrl(join(root, path)).href);
  const held = programs.map(({ name, description, module, entry, args }) => {
    const load = `import(${from(module)})`;
    const run = entry === undefined
      ? `() => ${load}`
      : `async () => Deno.exit(await (await ${load}).${entry}(Deno.args))`;
    const rest = JSON.stringify({ description, args }).slice(1, -1);
    return `${JSON.stringify(name)}: { ${rest}, run: ${run} }`;
  });
  const start = from("tools/binaries/_start.ts");
  return `import { start } from ${start};
await start({
  only: ${JSON.stringify(only)},
  programs: { ${held.join(",\n")} },
});
`;
}

async function deno(args: readonly string[], cwd: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("deno", {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  throw new Error(
    `Cannot bundle: ${new TextDecoder().decode(stderr).trim()}`,
  );
}

/**
 * The files that code looks for beside itself, and that are not there.
 *
 * @param code JavaScript.
 * @param present Names of files.
 */
export function missingFiles(
  code: string,
  present: ReadonlySet<string>,
): string[] {
  const named = code.matchAll(
    /new URL\(\s*"(?:\.\/)?([^"]*\.\w+)",\s*import\.meta\.url/g,
  );
  return Array.from(named, ([, name]) => name)
    .filter((name) => !present.has(name));
}

/** Throws `Error` where a file is missing that a bundle's code looks for. */
async function checkFiles(folder: string): Promise<void> {
  const names = (await Array.fromAsync(Deno.readDir(folder)))
    .map(({ name }) => name);
  for (const name of names.filter((name) => name.endsWith(".js"))) {
    const code = await Deno.readTextFile(join(folder, name));
    const [missing] = missingFiles(code, new Set(names));
    if (missing === undefined) continue;
    throw new Error(
      `Cannot bundle: ${name} looks for ${missing} beside itself, which is not known to belong to it`,
    );
  }
}

/** Where Deno keeps packages. */
function packagesFolder(): string {
  const [folder] = fromFileUrl(import.meta.resolve("highs")).split("/highs/");
  return folder;
}

/** Replaces texts in the JavaScript of a folder. */
async function replaceInCode(
  folder: string,
  replacements: readonly (readonly [string, string])[],
): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".js")) continue;
    const path = join(folder, name);
    const text = await Deno.readTextFile(path);
    const replaced = replacements.reduce(
      (text, [from, to]) => text.replaceAll(from, to),
      text,
    );
    if (replaced !== text) await Deno.writeTextFile(path, replaced);
  }
}

/** Copies what packages read, where they are in the bundle. */
async function copyPackageFiles(folder: string): Promise<void> {
  let code = "";
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".js")) {
      code += await Deno.readTextFile(join(folder, name));
    }
  }
  for (const [name, files] of Object.entries(PACKAGE_FILES)) {
    const from = dirname(fromFileUrl(import.meta.resolve(name)));
    for (const file of files) {
      if (!code.includes(`"${file}"`)) continue;
      await Deno.copyFile(join(from, file), join(folder, file));
    }
  }
}

/**
 * Writes programs into a folder: {@linkcode MAIN}, its chunks, workers, the
 * WebAssembly of packages, the native library, and the licenses.
 *
 * @param folder An empty folder.
 * @param programs The programs, with those that they start.
 * @param options What is in it. Throws `Error` where Deno cannot bundle.
 */
export async function bundlePrograms(
  folder: string,
  programs: readonly Program[],
  options: BundleOptions,
): Promise<void> {
  const { root, tree, library } = options;
  const sources = await Deno.makeTempDir();
  try {
    const workers = workerModules(tree);
    const names = workers.map((path) => basename(path, ".ts"));
    const entries: [string, string][] = [
      ["main", mainSource(programs, options)],
      ...workers.map((path, i): [string, string] => [
        names[i],
        `import ${JSON.stringify(toFileUrl(join(root, path)).href)};\n`,
      ]),
    ];
    for (const [name, source] of entries) {
      await Deno.writeTextFile(join(sources, `${name}.ts`), source);
    }
    await deno([
      "bundle",
      "--quiet",
      "--platform=deno",
      "--code-splitting",
      "--keep-names",
      `--config=${join(root, "deno.json")}`,
      `--outdir=${folder}`,
      ...entries.map(([name]) => join(sources, `${name}.ts`)),
    ], root);
    await replaceInCode(folder, [
      // Workers are found under the names that they are bundled by.
      ...names.map((name) => [`"./${name}.ts"`, `"./${name}.js"`] as const),
      // Where things lie on this machine is nobody's business.
      [`${relative(root, sources)}/`, ""],
      [`${relative(root, packagesFolder())}/`, "npm/"],
    ]);
  } finally {
    await Deno.remove(sources, { recursive: true });
  }
  await copyPackageFiles(folder);
  await checkFiles(folder);
  for (const name of LICENSES) {
    await Deno.copyFile(join(root, name), join(folder, name));
  }
  if (library === undefined) return;
  await Deno.mkdir(join(folder, LIBRARY_FOLDER), { recursive: true });
  await Deno.copyFile(library, join(folder, LIBRARY_FOLDER, basename(library)));
}
