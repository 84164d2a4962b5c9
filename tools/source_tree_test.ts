import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  importsOf,
  listFiles,
  readTree,
  resolveImport,
  withoutComments,
} from "./source_tree.ts";

async function inTempFolder(use: (root: string) => Promise<void>) {
  const root = await Deno.makeTempDir();
  try {
    await use(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function git(root: string, ...args: string[]) {
  const { success } = await new Deno.Command("git", {
    args,
    cwd: root,
    stderr: "null",
    stdout: "null",
  }).output();
  assertEquals(success, true, `git ${args[0]}`);
}

async function writeSample(root: string) {
  await Deno.mkdir(join(root, "core"));
  await Deno.mkdir(join(root, "target"));
  for (
    const path of ["core/a.ts", "core/gone.ts", "target/x.ts", "b.png", "c.md"]
  ) {
    await Deno.writeTextFile(join(root, path), path);
  }
}

Deno.test("listFiles() asks git and passes over ignored and deleted files", () =>
  inTempFolder(async (root) => {
    await writeSample(root);
    await Deno.writeTextFile(join(root, ".gitignore"), "target/\n");
    await git(root, "init", "-q");
    await git(root, "add", ".");
    await Deno.remove(join(root, "core/gone.ts"));
    await Deno.writeTextFile(join(root, "core/new.ts"), "");
    assertEquals(await listFiles(root), [
      ".gitignore",
      "b.png",
      "c.md",
      "core/a.ts",
      "core/new.ts",
    ]);
  }));

Deno.test("listFiles() walks when the folder is no checkout", () =>
  inTempFolder(async (root) => {
    await writeSample(root);
    assertEquals(await listFiles(root), [
      "b.png",
      "c.md",
      "core/a.ts",
      "core/gone.ts",
    ]);
  }));

Deno.test("readTree() reads text files only", () =>
  inTempFolder(async (root) => {
    await writeSample(root);
    assertEquals([...await readTree(root)], [
      ["c.md", "c.md"],
      ["core/a.ts", "core/a.ts"],
      ["core/gone.ts", "core/gone.ts"],
    ]);
  }));

Deno.test("withoutComments() blanks comments and keeps strings", () => {
  const table = [
    ["a // b\nc", "a     \nc"],
    ["a /* b\n */ c", "a     \n    c"],
    ['"http://x" // y', '"http://x"     '],
    ["`/* ${a} */`", "`/* ${a} */`"],
    ["'it\\'s // in' + 1", "'it\\'s // in' + 1"],
  ];
  for (const [source, expected] of table) {
    assertEquals(withoutComments(source), expected, source);
  }
});

Deno.test("importsOf() finds every form of import", () => {
  const source = `
import "./effect.ts";
import one from "./one.ts";
import type {
  Two,
} from "./two.ts";
export * from "./three.ts";
export { four } from "npm:four";
const five = await import("./five.ts");
new Worker(new URL("./six.ts", import.meta.url), { type: "module" });
`;
  assertEquals(importsOf(source), [
    "./effect.ts",
    "./one.ts",
    "./two.ts",
    "./three.ts",
    "npm:four",
    "./five.ts",
    "./six.ts",
  ]);
});

Deno.test("importsOf() passes over comments, strings and exported values", () => {
  const source = `
/**
 * import { no } from "./comment.ts";
 */
// import("./line.ts")
export const from = ["./value.ts"];
export const text = \`
  import { a } from "./text.ts";
\`;
`;
  assertEquals(importsOf(source), []);
});

Deno.test("resolveImport() gives paths from the root", () => {
  assertEquals(resolveImport("envs/sdn/a.ts", "../../core/b.ts"), "core/b.ts");
  assertEquals(resolveImport("envs/a.ts", "./b.ts"), "envs/b.ts");
  assertEquals(resolveImport("envs/a.ts", "@std/csv"), undefined);
});
