import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { formattedNotebook, stripFiles } from "./stripping.ts";

Deno.test("stripFiles() writes what has outputs, once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "a.ipynb");
    const cell = {
      cell_type: "code",
      execution_count: 7,
      metadata: {},
      outputs: [{ output_type: "stream", name: "stdout", text: "1\n" }],
      source: "1",
    };
    const notebook = { cells: [cell], metadata: {}, nbformat: 4 };
    await Deno.writeTextFile(path, JSON.stringify(notebook));
    assertEquals(await stripFiles([path]), [path]);
    const { cells: [stripped] } = JSON.parse(await Deno.readTextFile(path));
    assertEquals([stripped.execution_count, stripped.outputs], [null, []]);
    assertEquals(stripped.source, ["1;"]);
    assertEquals(await stripFiles([path]), []);
    await Deno.writeTextFile(path, "no notebook");
    await assertRejects(() => stripFiles([path]), SyntaxError, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("notebooks are as deno fmt leaves them", async () => {
  const folder = join(import.meta.dirname!, "..", "..", "notebooks");
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".ipynb")) continue;
    const content = await Deno.readTextFile(join(folder, name));
    assertEquals(await formattedNotebook(content), content, name);
  }
});
