import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { findViolations, LONG_FILES, RULES } from "./house_rules.ts";
import { strippedNotebook } from "./notebooks/notebook_file.ts";
import { readTree } from "./source_tree.ts";

const ROOT = join(import.meta.dirname!, "..");

function notebook(source: string): string {
  return strippedNotebook({
    cells: [{ cell_type: "code", metadata: {}, source }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
}

/** A small house in order; each case below breaks one rule of it. */
const HOUSE: Readonly<Record<string, string>> = {
  "deno.json": `{"tasks": {"go": {
    "description": "Go", "command": "deno run -P scripts/go.ts" }}}`,
  "mod.ts": `/** Face. @module */
export * as agents from "./agents/mod.ts";
export * as core from "./core/mod.ts";
export * as envs from "./envs/mod.ts";
`,
  "core/mod.ts": 'export * from "./a.ts";\nexport * from "./types.ts";\n',
  "core/a.ts": 'import { b } from "./_b.ts";\nexport const a = b;\n',
  "core/a_test.ts": 'import { a } from "./a.ts";\na;\n',
  "core/_b.ts": "export const b = 1;\n",
  "core/types.ts": "/** T. */\nexport interface T {\n  t: 1;\n}\n",
  "envs/mod.ts": 'export * from "./e.ts";\n',
  "envs/e.ts":
    'import type { T } from "../core/types.ts";\nimport type { F } from "../analysis/figures/figure.ts";\nexport class E {}\n',
  "envs/e_test.ts": 'import "../agents/g.ts";\n',
  "agents/mod.ts": 'export * from "./g.ts";\n',
  "agents/g.ts": `// Not Deno.args, which a script reads.
import { E } from "../envs/e.ts";
export function g() {}
`,
  "agents/g_test.ts": "",
  "scripts/go.ts": 'import { g } from "../agents/g.ts";\ng();\n',
  "notebooks/a.ipynb": notebook('import { g } from "../agents/g.ts";\ng();'),
  "docs/core.md": "# Core\n",
};

function breakHouse(changes: Record<string, string | undefined>) {
  const files = Object.entries({ ...HOUSE, ...changes });
  return new Map(
    files.filter((file): file is [string, string] => file[1] !== undefined),
  );
}

const DRAW = ["Math", "random()"].join(".");
const OUTSIDE = ["..", "shared", "facts"].join("/");

/** Rule, change that breaks it, path where it is found broken. */
const BROKEN: [string, Record<string, string | undefined>, string][] = [
  ["import direction", {
    "core/a.ts": 'import "../envs/e.ts";\n',
  }, "core/a.ts"],
  ["import direction", {
    "envs/e.ts": 'import { x } from "../learning/x.ts";\nexport const e = x;\n',
  }, "envs/e.ts"],
  ["import direction", {
    "agents/g.ts":
      'export type { X } from "../analysis/x.ts";\nexport const g = 1;\n',
  }, "agents/g.ts"],
  ["import direction", {
    "agents/g.ts": 'const x = await import("../experiments/x.ts");\n',
  }, "agents/g.ts"],
  ["import direction", {
    "analysis/mod.ts": "",
    "analysis/figures/f.ts": 'import "../mean.ts";\n',
  }, "analysis/figures/f.ts"],
  ["import direction", {
    "scripts/go.ts": 'import "./stop.ts";\n',
  }, "scripts/go.ts"],
  ["import direction", {
    "core/a.ts": 'import "../tools/t.ts";\n',
  }, "core/a.ts"],
  ["import direction", {
    "notebooks/a.ipynb": notebook('import "../scripts/go.ts";'),
  }, "notebooks/a.ipynb"],
  ["imports name files", {
    "notebooks/a.ipynb": notebook('import { a } from "../core/mod.ts";\na;'),
  }, "notebooks/a.ipynb"],
  ["imports of notebooks are there", {
    "notebooks/a.ipynb": notebook('const b = await import("../core/b.ts");'),
  }, "notebooks/a.ipynb"],
  ["links of notebooks are there", {
    "notebooks/a.ipynb": strippedNotebook({
      cells: [{
        cell_type: "markdown",
        metadata: {},
        source: "[core](../docs/core.md), [gone](../docs/gone.md)",
      }],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    }),
  }, "notebooks/a.ipynb"],
  ["notebooks are stripped", {
    "notebooks/a.ipynb": notebook("1;").replace("null", "1"),
  }, "notebooks/a.ipynb"],
  ["one source of randomness", {
    "notebooks/a.ipynb": notebook(`${DRAW};`),
  }, "notebooks/a.ipynb"],
  ["known folders", { "misc/a.ts": "" }, "misc/a.ts"],
  ["no tensor library below learning", {
    "envs/e.ts": 'import * as tf from "@tensorflow/tfjs-core";\n',
  }, "envs/e.ts"],
  ["no tensor library below learning", {
    "core/a.ts": 'import type { Tensor } from "npm:@tensorflow/tfjs-core";\n',
  }, "core/a.ts"],
  ["agents read no command line", {
    "agents/g.ts": "export const [g] = Deno.args;\n",
  }, "agents/g.ts"],
  ["imports name files", {
    "agents/g.ts": 'import { envs } from "../envs/mod.ts";\n',
  }, "agents/g.ts"],
  ["mod.ts only re-exports", {
    "core/mod.ts": `${HOUSE["core/mod.ts"]}export const c = 1;\n`,
  }, "core/mod.ts"],
  ["mod.ts is complete", { "core/mod.ts": undefined }, "core/mod.ts"],
  ["mod.ts is complete", {
    "core/new.ts": "export const n = 1;\n",
  }, "core/mod.ts"],
  ["mod.ts is complete", {
    "envs/sdn/s.ts": "export const s = 1;\n",
    "envs/sdn/mod.ts": 'export * from "./s.ts";\n',
  }, "envs/mod.ts"],
  ["mod.ts is complete", {
    "core/mod.ts": `${HOUSE["core/mod.ts"]}export * from "./gone.ts";\n`,
  }, "core/mod.ts"],
  ["tests stand beside", { "envs/e_test.ts": undefined }, "envs/e.ts"],
  [
    "tests stand beside",
    { "core/a.ts": "export const a = 1;\n" },
    "core/_b.ts",
  ],
  ["tests stand beside", {
    "core/side_effect.ts": 'globalThis.x = "y";\n',
  }, "core/side_effect.ts"],
  ["one source of randomness", {
    "core/a_test.ts": `const x = ${DRAW};\n`,
  }, "core/a_test.ts"],
  ["short files", { "core/a.ts": "a;\n".repeat(401) }, "core/a.ts"],
  ["short files", { "ffi/src/lib.rs": "//\n".repeat(401) }, "ffi/src/lib.rs"],
  ["short scripts", { "scripts/go.ts": "a;\n".repeat(151) }, "scripts/go.ts"],
  ["snake_case names", { "core/someThing.ts": "" }, "core/someThing.ts"],
  ["snake_case names", { "envs/load-b/a.ts": "" }, "envs/load-b/a.ts"],
  ["nothing points outside", {
    "docs/core.md": `See ${OUTSIDE}.\n`,
  }, "docs/core.md"],
  ["tasks are described", {
    "deno.json": '{"tasks": {"go": "deno run -P scripts/go.ts"}}',
  }, "deno.json"],
  ["tasks are described", {
    "deno.json": `{"tasks": {"go": {
      "description": "Go", "command": "deno run -A scripts/go.ts" }}}`,
  }, "deno.json"],
  ["tasks are described", { "deno.json": "{}" }, "deno.json"],
];

Deno.test("findViolations() finds nothing in a house that is in order", () => {
  assertEquals(findViolations(breakHouse({})), []);
});

for (const [rule, changes, path] of BROKEN) {
  const what = Object.keys(changes).join(", ");
  Deno.test(`findViolations() finds "${rule}" broken by ${what}`, () => {
    const paths = findViolations(breakHouse(changes), [rule])
      .map((violation) => violation.path);
    assertEquals(paths, [path]);
  });
}

Deno.test("findViolations() has a case for every rule", () => {
  const covered = new Set(BROKEN.map(([rule]) => rule));
  assertEquals(Object.keys(RULES).filter((rule) => !covered.has(rule)), []);
});

Deno.test("findViolations() accepts what only looks like a breach", () => {
  const changes = {
    "core/a.ts":
      `import { b } from "./_b.ts";\n// not ${DRAW}\nexport const a = b;\n`,
    "core/a_test.ts": 'import { envs } from "../mod.ts";\n',
    "tools/t.ts": 'import { core } from "../mod.ts";\nexport type U = 1;\n',
    "core/_b.ts": 'export { c as b } from "./_c.ts";\n',
    "core/_c.ts": "export const c = 1;\n",
    "scripts/_part.ts": "",
    "core/b": "",
  };
  assertEquals(findViolations(breakHouse(changes)), []);
});

Deno.test("findViolations() refuses a rule that there is not", () => {
  assertThrows(
    () => findViolations(new Map(), ["toString"]),
    RangeError,
    'Cannot hold the rule "toString"',
  );
});

const tree = await readTree(ROOT);

for (const rule of Object.keys(RULES)) {
  Deno.test(`the house holds "${rule}"`, () => {
    const found = findViolations(tree, [rule])
      .map(({ path, message }) => `${path} ${message}`);
    assertEquals(found, []);
  });
}

Deno.test("LONG_FILES names only files that are there and are long", () => {
  const stale = Object.keys(LONG_FILES).filter((path) =>
    (tree.get(path) ?? "").split("\n").length <= 400
  );
  assertEquals(stale, []);
});
