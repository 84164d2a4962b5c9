/**
 * The `mod.ts` of each folder of the house: what it must re-export.
 *
 * A folder's face re-exports every public module beside it with `export *`,
 * and each folder below it under a name of its own, so that two fields may use
 * one word for their own things. The root's face names the folders likewise,
 * and so does a folder's a module that hands on a whole package.
 *
 * @module
 */
import {
  importsOf,
  resolveImport,
  type Tree,
  withoutComments,
} from "./source_tree.ts";

/** The folders that other projects may import from. */
export const PUBLIC_FOLDERS: readonly string[] = [
  "agents",
  "analysis",
  "core",
  "envs",
  "experiments",
  "ffi",
  "learning",
];

/** A folder's face that is out of date. */
export interface ModFault {
  /** Path of the `mod.ts`. */
  path: string;
  /** What it should re-export and does not. */
  missing: string[];
  /** What it re-exports and is not there. */
  stale: string[];
}

interface Folder {
  modules: string[];
  /** Modules that re-export all of a package. */
  packages: string[];
  folders: Set<string>;
}

/** The public modules and folders below each folder, by its path. */
function publicFolders(tree: Tree): Map<string, Folder> {
  const folders = new Map<string, Folder>();
  const folderAt = (path: string): Folder => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const made: Folder = { modules: [], packages: [], folders: new Set() };
    folders.set(path, made);
    if (path !== "") {
      const cut = path.lastIndexOf("/");
      folderAt(path.slice(0, Math.max(cut, 0))).folders.add(
        path.slice(cut + 1),
      );
    }
    return made;
  };
  for (const [path, text] of tree) {
    if (!isPublicModule(path, text)) continue;
    const cut = path.lastIndexOf("/");
    const folder = folderAt(path.slice(0, cut));
    const handsOn = /^export \* from "[^.]/m.test(withoutComments(text));
    (handsOn ? folder.packages : folder.modules).push(path.slice(cut + 1));
  }
  return folders;
}

function isPublicModule(path: string, text: string): boolean {
  const parts = path.split("/");
  return parts.length > 1 && PUBLIC_FOLDERS.includes(parts[0]) &&
    !parts.some((part) => part.startsWith("_")) &&
    path.endsWith(".ts") && !/(?:_test|\.d|\/mod)\.ts$/.test(path) &&
    /^export\s/m.test(withoutComments(text));
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}

/**
 * What each folder's `mod.ts` should hold, by its path.
 *
 * @param tree The repository's files.
 * @returns Texts, the first comment of a file that is there kept.
 */
export function writeMods(tree: Tree): Map<string, string> {
  const texts = [...publicFolders(tree)].map(([folder, content]) => {
    const path = folder === "" ? "mod.ts" : `${folder}/mod.ts`;
    const comment = /^\/\*\*[^]*?\*\/\n/.exec(tree.get(path) ?? "")?.[0] ??
      `/**\n * ${titleOf(folder)}\n *\n * @module\n */\n`;
    const lines = [
      ...content.modules.sort().map((name) => `export * from "./${name}";`),
      ...content.packages.sort().map((name) =>
        `export * as ${camelCase(name.replace(/\.ts$/, ""))} from "./${name}";`
      ),
      ...[...content.folders].sort().map((name) =>
        `export * as ${camelCase(name)} from "./${name}/mod.ts";`
      ),
    ];
    return [path, `${comment}${lines.join("\n")}\n`] as const;
  });
  return new Map(texts);
}

function titleOf(folder: string): string {
  const name = folder.slice(folder.lastIndexOf("/") + 1).replaceAll("_", " ") ||
    "loadstar";
  return `${name[0].toUpperCase()}${name.slice(1)}.`;
}

/**
 * The faces that lack a module, name one that is gone, or are not there.
 *
 * @param tree The repository's files.
 */
export function faultyMods(tree: Tree): ModFault[] {
  const wantedMods = writeMods(tree);
  return [...wantedMods].map(([path, text]) => {
    const present = importsOf(tree.get(path) ?? "");
    return {
      path,
      missing: importsOf(text).filter((wanted) => !present.includes(wanted)),
      stale: present.filter((specifier) => {
        const target = resolveImport(path, specifier);
        return target !== undefined && !tree.has(target) &&
          !wantedMods.has(target);
      }),
    };
  }).filter(({ missing, stale }) => missing.length + stale.length > 0);
}
