import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { stripFiles } from "./stripping.ts";

Deno.test("stripFiles() writes what has outputs, once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "a.ipynb");
    const cell = {
      cell_type: "code",
      execution_count: 7,
      metadata: {},
      outputs: [{ output_type: "stream", name: "stdout", text: "1\n" }],
      source: "1;",
    };
    const notebook = { cells: [cell], metadata: {}, nbformat: 4 };
    await Deno.writeTextFile(path, JSON.stringify(notebook));
    assertEquals(await stripFiles([path]), [path]);
    const { cells: [stripped] } = JSON.parse(await Deno.readTextFile(path));
    assertEquals([stripped.execution_count, stripped.outputs], [null, []]);
    assertEquals(await stripFiles([path]), []);
    await Deno.writeTextFile(path, "no notebook");
    await assertRejects(() => stripFiles([path]), SyntaxError, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

// `deno fmt --check FILE.ipynb` of Deno 2.9.6 finds fault with what `deno fmt`
// itself has written; what it makes of a standard input is right.
Deno.test("notebooks are as deno fmt leaves them", async () => {
  const folder = fromFileUrl(new URL("../../notebooks/", import.meta.url));
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".ipynb")) continue;
    const content = await Deno.readTextFile(join(folder, name));
    assertEquals(await formatted(content), content, name);
  }
});

async function formatted(content: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "ipynb", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const written = new Blob([content]).stream().pipeTo(child.stdin);
  const [{ stdout }] = await Promise.all([child.output(), written]);
  return new TextDecoder().decode(stdout);
}
