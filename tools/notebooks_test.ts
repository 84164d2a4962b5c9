import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";

const ROOT = join(import.meta.dirname!, "..");

/** The task as it is run, with what a user would see. */
async function notebooks(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=notebooks", "tools/notebooks.ts", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("notebooks --strip finds nothing to do", async () => {
  const { code, stdout } = await notebooks(["--strip"]);
  assertEquals([code, stdout], [
    0,
    "No notebook has outputs, all are formatted",
  ]);
});

Deno.test("notebooks says in one line what is wrong with the command", async () => {
  for (
    const [args, expected] of [
      [["--execute", "--only", "99"], 'Cannot find the notebook "99"'],
      [["--execute", "--strip"], "Cannot both --execute and --strip"],
      [["--only", "01"], "Cannot open --only some notebooks"],
    ] as [string[], string][]
  ) {
    const { code, stderr } = await notebooks(args);
    assertEquals([code, stderr.split("\n").length], [2, 1]);
    assertStringIncludes(stderr, expected);
  }
});

Deno.test("notebooks says what to install where there is no Jupyter", async () => {
  const nowhere = { PATH: "/nonexistent" };
  const opened = await notebooks([], nowhere);
  assertEquals(opened.code, 1);
  const [kernel, hint, ...more] = opened.stderr.split("\n");
  assertStringIncludes(kernel, "kernel.json; VS Code finds it when");
  assertStringIncludes(hint, "Cannot find JupyterLab: install it by");
  assertEquals(more, []);
  const executed = await notebooks(["--execute"], nowhere);
  assertEquals([executed.code, executed.stderr.split("\n").length], [1, 1]);
  assertStringIncludes(executed.stderr, "no jupyter-nbconvert: install it by");
});
