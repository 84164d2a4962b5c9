import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { executeNotebook, executionTable, hasExecutor } from "./execution.ts";
import { JUPYTER_FOLDER, writeKernel } from "./jupyter.ts";
import { strippedNotebook } from "./notebook_file.ts";

const ROOT = join(import.meta.dirname!, "..", "..");
const NOTEBOOKS = [...Deno.readDirSync(join(ROOT, "notebooks"))]
  .map(({ name }) => name).filter((name) => name.endsWith(".ipynb")).sort();
const canRun = await hasExecutor();
const skipped = canRun ? "" : " [skipped: no jupyter-nbconvert]";

async function withFolder(work: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await writeKernel(ROOT);
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const name of NOTEBOOKS) {
  Deno.test({
    name: `notebooks/${name} runs, and its figures show something${skipped}`,
    ignore: !canRun,
    fn: () =>
      withFolder(async (folder) => {
        const { faults, figures } = await executeNotebook(
          join(ROOT, "notebooks", name),
          {
            root: ROOT,
            out: folder,
            budget: "small",
            results: join(folder, "results"),
          },
        );
        assertEquals(faults, []);
        assert(figures > 0, `${name} shows no figure`);
      }),
  });
}

const FIRST_CELL = JSON.parse(
  await Deno.readTextFile(join(ROOT, "notebooks", NOTEBOOKS[0])),
).cells.find((cell: { cell_type: string }) => cell.cell_type === "code");

Deno.test({
  name: `a notebook in another folder says so in one line${skipped}`,
  ignore: !canRun,
  fn: () =>
    withFolder(async (folder) => {
      const path = join(folder, "moved.ipynb");
      await Deno.writeTextFile(
        path,
        strippedNotebook({
          cells: [FIRST_CELL],
          metadata: {},
          nbformat: 4,
          nbformat_minor: 5,
        }),
      );
      const { message } = await assertRejects(
        () => executeNotebook(path, { root: ROOT, out: folder }),
        Error,
        "Cannot run moved: Error: Cannot find Loadstar: open this notebook where it lies",
      );
      assertEquals(message.split("\n").length, 1);
    }),
});

Deno.test({
  name: `a missing kernel is one line${skipped}`,
  ignore: !canRun,
  fn: () =>
    withFolder(async (folder) => {
      // A root whose kernel nobody wrote.
      const { message } = await assertRejects(
        () =>
          executeNotebook(join(ROOT, "notebooks", NOTEBOOKS[0]), {
            root: folder,
            out: folder,
          }),
        Error,
        "loadstar",
      );
      assertEquals(message.split("\n").length, 1);
      assertStringIncludes(message, "Cannot run");
    }),
});

Deno.test({
  name: `an interrupt ends the kernel too${skipped}`,
  ignore: !canRun,
  fn: () =>
    withFolder(async (folder) => {
      const path = join(folder, "long.ipynb");
      const pidFile = join(folder, "pid");
      const source = `await Deno.writeTextFile(
  ${JSON.stringify(pidFile)},
  String(Deno.pid),
);
await new Promise((resolve) => setTimeout(resolve, 600_000));`;
      await Deno.writeTextFile(
        path,
        strippedNotebook({
          cells: [{ cell_type: "code", metadata: {}, source }],
          metadata: {},
          nbformat: 4,
          nbformat_minor: 5,
        }),
      );
      const controller = new AbortController();
      const { signal } = controller;
      const run = executeNotebook(path, { root: ROOT, out: folder, signal });
      const settled = run.then(() => "finished", (error) => error.name);
      const pid = await firstText(pidFile);
      controller.abort();
      assertEquals(await settled, "AbortError");
      assertEquals(await isGone(Number(pid)), true);
    }),
});

/** The text of a file that somebody is about to write. */
async function firstText(path: string): Promise<string> {
  for (;;) {
    const text = await Deno.readTextFile(path).catch(() => "");
    if (text !== "") return text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Whether a process ends within half a minute. */
async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 300; i++) {
    try {
      Deno.kill(pid, "SIGCONT");
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

Deno.test("the kernel is not in git", async () => {
  const { code } = await new Deno.Command("git", {
    args: ["check-ignore", "--quiet", JUPYTER_FOLDER],
    cwd: ROOT,
  }).output();
  assertEquals(code, 0);
});

Deno.test("executionTable() adds up", () => {
  const one = {
    name: "a",
    path: "",
    seconds: 2,
    slowestSeconds: 1,
    cells: 3,
    figures: 2,
    tables: 1,
    faults: [],
  };
  const { rows } = executionTable([one, { ...one, name: "b", seconds: 3 }]);
  assertEquals(rows.at(-1), ["together", 5, undefined, 6, 4, 2]);
});
