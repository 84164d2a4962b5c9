import { assertEquals, assertRejects } from "@std/assert";
import { isFile } from "./is_file.ts";

Deno.test("isFile() tells files from folders and from nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/a`;
    assertEquals(await isFile(path), false);
    await Deno.writeTextFile(path, "");
    await Deno.symlink(path, `${folder}/link`);
    assertEquals(await isFile(path), true);
    assertEquals(await isFile(`${folder}/link`), true);
    assertEquals(await isFile(folder), false);
    await assertRejects(
      () => isFile(`${path}/below`),
      Deno.errors.NotADirectory,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
