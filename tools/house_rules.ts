/**
 * The rules of the house, held over the whole tree: where imports may point,
 * what a folder holds, how files are named and how long they may be.
 *
 * @module
 */
import { dirname } from "@std/path";
import { faultyMods } from "./mods.ts";
import {
  notebookCode,
  notebookLinks,
  readNotebook,
  strippedNotebook,
} from "./notebooks/notebook_file.ts";
import {
  importsOf,
  resolveImport,
  type Tree,
  withoutComments,
} from "./source_tree.ts";

/** One place where a rule is broken. */
export interface Violation {
  /** The rule's name. */
  rule: string;
  /** Path from the root. */
  path: string;
  /** What is wrong there, and what is wanted. */
  message: string;
}

/** A rule: what is wrong in a tree. */
export type Rule = (tree: Tree) => Omit<Violation, "rule">[];

/** Longest source file, in lines, the declared stand-ins included. */
export const LONGEST_FILE = 400;

/** Longest test, in lines. */
export const LONGEST_TEST = 600;

/** Longest script, in lines. */
export const LONGEST_SCRIPT = 150;

/** Files that may be longer, with the reason. */
export const LONG_FILES: Readonly<Record<string, string>> = {
  "agents/dqn/dqn.ts": "an algorithm is read from top to bottom in one file",
  "agents/ppo/ppo.ts": "an algorithm is read from top to bottom in one file",
  "envs/load_balancing/_events.ts":
    "what happens to a flow is read from its arrival to its end",
  "ffi/reservoir.ts": "one class, whose hot paths share private fields",
  "ffi/src/plan/product/kernels.rs":
    "the kernels of all instruction sets are compared side by side",
  "ffi/_symbols.ts": "written by tools/write_symbols.ts",
};

/** A folder may import from folders of lower rank, and from itself. */
const RANKS: Readonly<Record<string, number>> = {
  scripts: 5,
  notebooks: 5,
  experiments: 4,
  analysis: 3,
  agents: 3,
  learning: 2,
  envs: 2,
  ffi: 1,
  // Figures know nothing but core/, and everything may show itself as one.
  "analysis/figures": 1,
  core: 0,
};

/** Folders outside the house, which import what they like. */
const OUTSIDE = new Set(["bench", "docs", "links", "tools"]);

const TENSOR_LIBRARY = /^(?:npm:)?(?:@tensorflow\/|onnxruntime|@huggingface\/)/;

function topFolder(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

/** The part of the house that a file belongs to, as ranks name it. */
function partOf(path: string): string {
  return path.startsWith("analysis/figures/")
    ? "analysis/figures"
    : topFolder(path);
}

function isTest(path: string): boolean {
  return path.endsWith("_test.ts");
}

function isSource(path: string): boolean {
  return path.endsWith(".ts") && !path.endsWith(".d.ts") && !isTest(path);
}

/** The notebooks, with their code in place of the files' text. */
function notebookSources(tree: Tree): [string, string][] {
  return [...tree].filter(([path]) => path.endsWith(".ipynb"))
    .map(([path, text]) => [path, notebookCode(readNotebook(text, path))]);
}

/** Source files of the house proper, notebooks too: no tests, no tools. */
function houseSources(tree: Tree): [string, string][] {
  return [...tree].filter(([path]) =>
    isSource(path) && topFolder(path) in RANKS
  ).concat(notebookSources(tree));
}

function lineCount(text: string): number {
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

function importDirection(importer: string, imported: string) {
  const [from, to] = [partOf(importer), partOf(imported)];
  if (to === "scripts") return "nothing imports from scripts/";
  if (from === to) return undefined;
  if (to in RANKS && RANKS[to] < RANKS[from]) return undefined;
  return `${from}/ does not import from ${to === "" ? "the root" : `${to}/`}`;
}

/** The rules by name. */
export const RULES: Readonly<Record<string, Rule>> = {
  "import direction": (tree) =>
    houseSources(tree).flatMap(([path, text]) =>
      importsOf(text).flatMap((specifier) => {
        const imported = resolveImport(path, specifier);
        if (imported === undefined) return [];
        const wrong = importDirection(path, imported);
        return wrong === undefined
          ? []
          : [{ path, message: `imports "${specifier}": ${wrong}` }];
      })
    ),

  "known folders": (tree) =>
    [...tree.keys()].filter((path) =>
      path.endsWith(".ts") && path !== "mod.ts" &&
      !(topFolder(path) in RANKS) && !OUTSIDE.has(topFolder(path))
    ).map((path) => ({
      path,
      message: `lies in none of the house's folders: expected one of ${
        [...Object.keys(RANKS), ...OUTSIDE].join(", ")
      }`,
    })),

  "no tensor library below learning": (tree) =>
    houseSources(tree).filter(([path]) => /^(?:core|envs|ffi)\//.test(path))
      .flatMap(([path, text]) =>
        importsOf(text).filter((specifier) => TENSOR_LIBRARY.test(specifier))
          .map((specifier) => ({ path, message: `imports "${specifier}"` }))
      ),

  "agents read no command line": (tree) =>
    houseSources(tree).filter(([path, text]) =>
      path.startsWith("agents/") &&
      /\bDeno\s*\.\s*args\b/.test(withoutComments(text))
    ).map(([path]) => ({ path, message: "reads the command line" })),

  "imports name files": (tree) =>
    houseSources(tree).filter(([path]) => !/(?:^|\/)mod\.ts$/.test(path))
      .flatMap(([path, text]) =>
        importsOf(text).filter((specifier) => /\/mod\.ts$/.test(specifier))
          .map((specifier) => ({
            path,
            message: `imports "${specifier}": expected the file that is meant`,
          }))
      ),

  // Nobody else looks: types of notebooks are checked less often than this.
  "imports of notebooks are there": (tree) =>
    notebookSources(tree).flatMap(([path, code]) =>
      importsOf(code).map((specifier) => resolveImport(path, specifier))
        .filter((imported) => imported !== undefined && !tree.has(imported))
        .map((imported) => ({ path, message: `imports ${imported}` }))
    ),

  "links of notebooks are there": (tree) =>
    [...tree].filter(([path]) => path.endsWith(".ipynb")).flatMap(
      ([path, text]) =>
        notebookLinks(readNotebook(text, path))
          .map((link) => resolveImport(path, link)!)
          .filter((file) =>
            ![...tree.keys()].some((known) =>
              known === file || known.startsWith(`${file}/`)
            )
          ).map((file) => ({ path, message: `links to ${file}` })),
    ),

  "notebooks are stripped": (tree) =>
    [...tree].filter(([path, text]) =>
      path.endsWith(".ipynb") &&
      strippedNotebook(readNotebook(text, path)) !== text
    ).map(([path]) => ({
      path,
      message:
        'holds outputs or traces of a run: expected what "deno task notebooks --strip" writes',
    })),

  "mod.ts only re-exports": (tree) =>
    [...tree].filter(([path, text]) =>
      /(?:^|\/)mod\.ts$/.test(path) && topFolder(path) !== "links" &&
      withoutComments(text).replace(
          /^export\s[^;"']*\sfrom\s+"[^"]+";$/gm,
          "",
        ).trim() !== ""
    ).map(([path]) => ({ path, message: "holds more than re-exports" })),

  "mod.ts is complete": (tree) =>
    faultyMods(tree).map(({ path, missing, stale }) => ({
      path,
      message: [
        missing.length > 0 ? `lacks ${missing.join(", ")}` : "",
        stale.length > 0 ? `names ${stale.join(", ")}, which is gone` : "",
      ].filter((part) => part !== "").join(" and ") +
        ': expected what "deno task write-mods" writes',
    })),

  "tests stand beside": untestedModules,

  "one source of randomness": (tree) =>
    [...tree].filter(([path]) => path.endsWith(".ts")).concat(
      notebookSources(tree),
    ).filter(([, text]) => /\bMath\s*\.\s*random\b/.test(withoutComments(text)))
      .map(([path]) => ({
        path,
        message: "draws from the engine: expected core/random.ts",
      })),

  "short files": (tree) =>
    [...tree].filter(([path, text]) =>
      /\.(?:ts|rs)$/.test(path) && !(path in LONG_FILES) &&
      lineCount(text) > longest(path)
    ).map(([path, text]) => ({
      path,
      message: `has ${lineCount(text)} lines: expected ${
        longest(path)
      } at most`,
    })),

  "short scripts": (tree) =>
    [...tree].filter(([path, text]) =>
      path.startsWith("scripts/") && isSource(path) &&
      lineCount(text) > LONGEST_SCRIPT
    ).map(([path, text]) => ({
      path,
      message: `has ${
        lineCount(text)
      } lines: expected ${LONGEST_SCRIPT} at most`,
    })),

  "snake_case names": (tree) =>
    [...tree.keys()].filter((path) =>
      /\.(?:ts|rs|py|ipynb)$/.test(path) &&
      !path.split("/").every((part) =>
        /^(?:\.|_)?[a-z0-9]+(?:_[a-z0-9]+)*(?:\.d)?(?:\.[a-z]+)?$/.test(part)
      )
    ).map((path) => ({ path, message: "is not named in snake_case" })),

  "nothing points outside": (tree) =>
    [...tree].filter(([, text]) =>
      /\.\.\/shared\b|\/work\/|\bshared\/(?:facts|seeds|hooks)\b/.test(text)
    ).map(([path]) => ({
      path,
      message: "names a folder outside of the repository",
    })),

  "tasks are described": describedTasks,
};

function longest(path: string): number {
  return path.endsWith("_test.ts") ? LONGEST_TEST : LONGEST_FILE;
}

function isPrivate(path: string): boolean {
  return /(?:^|\/)_[^/]+$/.test(path);
}

function untestedModules(tree: Tree): Omit<Violation, "rule">[] {
  const modules = [...tree].filter(([path, text]) =>
    isSource(path) && !/^(?:scripts|bench|links)\//.test(path) &&
    hasRuntimeCode(text)
  );
  // A test has its module's name, or tests close kin in the same folder.
  const covered = new Set<string>();
  for (const [path, text] of tree) {
    if (!path.endsWith("_test.ts")) continue;
    covered.add(path.replace(/_test\.ts$/, ".ts"));
    for (const specifier of importsOf(text)) {
      const imported = resolveImport(path, specifier) ?? "";
      if (dirname(imported) === dirname(path) || isPrivate(imported)) {
        covered.add(imported);
      }
    }
  }
  // A private module counts as tested through what uses it; the set grows
  // while it is walked.
  for (const path of covered) {
    for (const specifier of importsOf(tree.get(path) ?? "")) {
      const imported = resolveImport(path, specifier) ?? "";
      if (isPrivate(imported)) covered.add(imported);
    }
  }
  return modules.filter(([path]) => !covered.has(path)).map(([path]) => ({
    path,
    message: isPrivate(path)
      ? "has no test, and no tested module imports it"
      : "has no test beside it",
  }));
}

/** Whether a module is more than types and re-exports. */
function hasRuntimeCode(text: string): boolean {
  return /^(?:export\s+)?(?:default\s+)?(?:const|let|var|using|(?:async\s+)?function|(?:abstract\s+)?class|enum|if|for|while|try|await)\b|^[A-Za-z_$][\w$]*(?:\.[\w$]+)*\s*[(=]/m
    .test(withoutComments(text));
}

function describedTasks(tree: Tree): Omit<Violation, "rule">[] {
  const text = tree.get("deno.json");
  if (text === undefined) return [];
  const tasks: Record<string, unknown> = JSON.parse(text).tasks ?? {};
  const wrong = Object.entries(tasks).flatMap(([name, task]) => {
    const { description, command } = typeof task === "string"
      ? { command: task }
      : task as { description?: string; command?: string };
    return [
      ...(description ? [] : [`task "${name}" has no description`]),
      ...(/(?:^|\s)(?:-A|--allow-all)\b/.test(command ?? "")
        ? [`task "${name}" runs with all permissions`]
        : []),
    ];
  });
  const commands = JSON.stringify(tasks);
  const unnamed = [...tree.keys()].filter((path) =>
    /^scripts\/[^_/][^/]*\.ts$/.test(path) && isSource(path) &&
    !commands.includes(path)
  ).map((path) => `no task runs ${path}`);
  return [...wrong, ...unnamed].map((message) => ({
    path: "deno.json",
    message,
  }));
}

/**
 * Where a tree breaks the rules of the house.
 *
 * @param tree The repository's files.
 * @param names Rules to hold; all of them by default. Throws `RangeError` for
 * a name that is none.
 */
export function findViolations(
  tree: Tree,
  names: readonly string[] = Object.keys(RULES),
): Violation[] {
  return names.flatMap((rule) => {
    if (!Object.hasOwn(RULES, rule)) {
      throw new RangeError(
        `Cannot hold the rule "${rule}": expected one of ${
          Object.keys(RULES).join(", ")
        }`,
      );
    }
    return RULES[rule](tree).map((violation) => ({ rule, ...violation }));
  });
}
