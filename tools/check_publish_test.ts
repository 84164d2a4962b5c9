import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { copyPackage, obstacle, tryToPublish } from "./check_publish.ts";

/** A package with a stand-in, as this repository is. */
const FILES: Readonly<Record<string, string>> = {
  "deno.json": JSON.stringify({
    name: "@scope/name",
    version: "1.0.0",
    license: "MIT",
    exports: "./mod.ts",
    links: ["./links/std"],
    imports: { "@std/path": "jsr:@std/path@^1.1.0" },
    publish: { exclude: ["**/*_test.ts"] },
  }),
  "links/std/deno.json": JSON.stringify({
    name: "@std/path",
    version: "1.1.0",
    exports: "./mod.ts",
  }),
  "links/std/mod.ts": "export const SEPARATOR = '/';\n",
  "mod.ts":
    'import { SEPARATOR } from "@std/path";\nexport const a: string = SEPARATOR;\n',
  "mod_test.ts": "import './mod.ts';\n",
};

async function trialOf(files: Readonly<Record<string, string>>) {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const folder = join(root, "copy");
  try {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(root, "tree", path)), { recursive: true });
      await Deno.writeTextFile(join(root, "tree", path), text);
    }
    await copyPackage(join(root, "tree"), folder);
    return await tryToPublish(folder);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("tryToPublish() lists the files of a package without its stand-ins", async () => {
  const trial = await trialOf(FILES);
  assert(trial.success, trial.output);
  assertEquals([...trial.files].sort(), ["deno.json", "mod.ts"]);
  assertEquals(obstacle(trial), undefined);
});

Deno.test("obstacle() finds what JSR refuses, and tests", async () => {
  const refused = await trialOf({
    ...FILES,
    "mod.ts": '/// <reference lib="dom" />\nexport const a = 1;\n',
  });
  assertStringIncludes(obstacle(refused)!, "banned-triple-slash-directives");
  const published = { success: true, output: "" };
  assertEquals(
    obstacle({ ...published, files: ["mod.ts", "mod_test.ts"] }),
    "It would publish mod_test.ts",
  );
  assert(obstacle({ ...published, files: ["a.ts"] }) !== undefined);
});
