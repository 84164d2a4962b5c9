import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { updateMods } from "./write_mods.ts";

Deno.test("updateMods() writes what is missing, and leaves what is complete", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(root, "core"));
    await Deno.writeTextFile(join(root, "core/a.ts"), "export const a = 1;\n");
    assertEquals((await updateMods(root)).sort(), ["core/mod.ts", "mod.ts"]);
    const { core } = await import(join("file://", root, "mod.ts"));
    assertEquals(core.a, 1);
    const own = '/** Own. */\nexport { a } from "./a.ts";\n';
    await Deno.writeTextFile(join(root, "core/mod.ts"), own);
    assertEquals(await updateMods(root), []);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
