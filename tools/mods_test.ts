import { assertEquals } from "@std/assert";
import { faultyMods, writeMods } from "./mods.ts";

const TREE = new Map([
  ["core/all.ts", 'import "pkg";\nexport * from "pkg";\n'],
  ["core/b.ts", "export const b = 1;\n"],
  ["core/a.ts", "/** A. */\nexport type A = 1;\n"],
  ["core/a_test.ts", "export const no = 1;\n"],
  ["core/_hidden.ts", "export const no = 1;\n"],
  ["core/types.d.ts", "export const no: 1;\n"],
  ["core/worker.ts", "// export nothing\nself.onmessage = null;\n"],
  ["envs/load_balancing/pool.ts", "export class Pool {}\n"],
  ["scripts/go.ts", "export const no = 1;\n"],
  ["tools/t.ts", "export const no = 1;\n"],
  ["core/mod.ts", "/**\n * Kept.\n */\nexport const old = 1;\n"],
]);

Deno.test("writeMods() re-exports public modules and names folders", () => {
  assertEquals(Object.fromEntries(writeMods(TREE)), {
    "mod.ts": `/**
 * Loadstar.
 *
 * @module
 */
export * as core from "./core/mod.ts";
export * as envs from "./envs/mod.ts";
`,
    "core/mod.ts": `/**
 * Kept.
 */
export * from "./a.ts";
export * from "./b.ts";
export * as all from "./all.ts";
`,
    "envs/mod.ts": `/**
 * Envs.
 *
 * @module
 */
export * as loadBalancing from "./load_balancing/mod.ts";
`,
    "envs/load_balancing/mod.ts": `/**
 * Load balancing.
 *
 * @module
 */
export * from "./pool.ts";
`,
  });
});

Deno.test("faultyMods() finds nothing after writeMods()", () => {
  const written = new Map([...TREE, ...writeMods(TREE)]);
  assertEquals(faultyMods(written), []);
});

Deno.test("faultyMods() names what a face lacks and what is gone", () => {
  const tree = new Map([
    ...TREE,
    ...writeMods(TREE),
    [
      "core/mod.ts",
      'export * from "./a.ts";\nexport * as all from "./all.ts";\nexport * from "./c.ts";\n',
    ],
  ]);
  tree.delete("envs/mod.ts");
  assertEquals(faultyMods(tree), [
    { path: "core/mod.ts", missing: ["./b.ts"], stale: ["./c.ts"] },
    { path: "envs/mod.ts", missing: ["./load_balancing/mod.ts"], stale: [] },
  ]);
});
