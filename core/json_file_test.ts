import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { readJsonFile, writeJsonFile } from "./json_file.ts";

async function inFolder(body: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("writeJsonFile() writes indented text that readJsonFile() reads", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a", "status.json");
    const value = { a: [1, null, "ü"], b: {} };
    await writeJsonFile(path, value, { flush: true });
    assertEquals(
      await Deno.readTextFile(path),
      '{\n  "a": [\n    1,\n    null,\n    "ü"\n  ],\n  "b": {}\n}\n',
    );
    assertEquals(await readJsonFile(path), value);
    await writeJsonFile(path, { a: NaN, b: undefined, c: -Infinity });
    assertEquals(await readJsonFile(path), { a: null, c: null });
  }));

Deno.test("writeJsonFile() throws on what JSON does not know", () =>
  inFolder(async (folder) => {
    const path = join(folder, "status.json");
    await writeJsonFile(path, "kept");
    const loop: unknown[] = [];
    loop.push(loop);
    for (const value of [undefined, () => 1, 1n, { a: [2n] }, loop]) {
      const error = await assertRejects(
        () => writeJsonFile(path, value),
        TypeError,
        `Cannot write ${JSON.stringify(path)} as JSON: `,
      );
      assertEquals(error.message.includes("\n"), false);
    }
    assertEquals(await readJsonFile(path), "kept");
  }));

Deno.test("readJsonFile() throws one line that names the file", () =>
  inFolder(async (folder) => {
    const path = join(folder, "status.json");
    await assertRejects(
      () => readJsonFile(path),
      Deno.errors.NotFound,
      "no such file",
    );
    for (
      const [content, message] of [
        [[], "it is empty"],
        [[0xff, 0xfe], "it is not UTF-8"],
        [[...new TextEncoder().encode('{\n"a":\n]\n')], "as JSON: "],
        [[...new TextEncoder().encode("{")], "as JSON: "],
      ] as const
    ) {
      await Deno.writeFile(path, Uint8Array.from(content));
      const error = await assertRejects(
        () => readJsonFile(path),
        SyntaxError,
        message,
      );
      assertStringIncludes(error.message, JSON.stringify(path));
      assertEquals(error.message.includes("\n"), false);
    }
  }));
