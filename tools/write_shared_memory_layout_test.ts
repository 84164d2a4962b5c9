import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { layoutFiles, SCHEMA_PATH } from "./write_shared_memory_layout.ts";

const root = join(import.meta.dirname!, "..");
const schema = JSON.parse(await Deno.readTextFile(join(root, SCHEMA_PATH)));

Deno.test("layoutFiles() makes the files that are committed", async () => {
  const files = layoutFiles(schema);
  assertEquals(files.size, 3);
  for (const [path, text] of files) {
    assertEquals(
      await Deno.readTextFile(join(root, path)),
      text,
      `${path} is out of date: deno run -R -W tools/write_shared_memory_layout.ts`,
    );
  }
});

Deno.test("layoutFiles() tells each language of a change", () => {
  const changed = { ...schema, layoutVersion: schema.layoutVersion + 1 };
  const before = layoutFiles(schema);
  for (const [path, text] of layoutFiles(changed)) {
    assertEquals(text === before.get(path), false, path);
  }
});
