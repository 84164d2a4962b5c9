import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { writeNotebookModules } from "./notebook_modules.ts";

const ROOT = join(import.meta.dirname!, "..", "..");

async function withRoot(
  notebooks: Record<string, string>,
  work: (root: string) => Promise<void>,
): Promise<void> {
  // Within the repository, whose deno.json it needs.
  const scratch = join(ROOT, ".scratch");
  await Deno.mkdir(scratch, { recursive: true });
  const root = await Deno.makeTempDir({ dir: scratch });
  try {
    for (const [name, text] of Object.entries(notebooks)) {
      await Deno.writeTextFile(join(root, name), text);
    }
    await work(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function notebookOf(...cells: string[]): string {
  return JSON.stringify({
    cells: cells.map((source) => ({
      cell_type: "code",
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
}

Deno.test("a wrong type in a notebook is found across its cells", async () => {
  const text = notebookOf("const steps = 3;", "steps.toUpperCase();");
  await withRoot({ "a.ipynb": text }, async (root) => {
    await using modules = await writeNotebookModules(root, ["a.ipynb"]);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", ...modules.paths],
      cwd: root,
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(success, false);
    assertStringIncludes(new TextDecoder().decode(stderr), "toUpperCase");
  });
});

Deno.test("writeNotebookModules() leaves nothing behind", async () => {
  await withRoot(
    { "a.ipynb": notebookOf("1;"), "b.ipynb": "{" },
    async (root) => {
      const left = () => [...Deno.readDirSync(join(root, ".scratch"))].length;
      {
        await using modules = await writeNotebookModules(root, ["a.ipynb"]);
        assertEquals([modules.paths.length, left()], [1, 1]);
      }
      assertEquals(left(), 0);
      await assertRejects(
        () => writeNotebookModules(root, ["a.ipynb", "b.ipynb"]),
        SyntaxError,
        "Cannot read the notebook b.ipynb",
      );
      assertEquals(left(), 0);
    },
  );
});
