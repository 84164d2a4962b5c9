import { assertEquals, assertRejects } from "@std/assert";
import { parseOptions } from "../../core/parse_options.ts";
import { commonOptions, type ScriptContext } from "../../core/script.ts";
import { systemScriptOptions } from "./generator_options.ts";
import { runGenerator, runScriptOptions } from "./generator_script.ts";

Deno.test("runGenerator() reports windows about the fault of each server", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const values = parseOptions(
      ["--sim-time", "400", "--runs", "2", "--rho", "0.6", "--out", folder],
      { ...commonOptions, ...systemScriptOptions(0.95), ...runScriptOptions },
    );
    const updates: number[] = [];
    const context: Pick<ScriptContext, "signal" | "progress"> = {
      signal: new AbortController().signal,
      progress: () => ({
        update: (done) => updates.push(done),
        message() {},
        finish() {},
        [Symbol.dispose]() {},
      }),
    };
    const { tables, json } = await runGenerator(values, context, 2);
    assertEquals(updates, [1, 2]);
    const [{ rows }] = tables!;
    assertEquals(rows.map((row) => row[0]), [1, 1, 1, 1, 2, 2, 2, 2]);
    assertEquals(rows[1][1], "fault");
    // At six times the capacity the first queue grows, the second's does not.
    const during = rows[1][2] as number;
    assertEquals(during > (rows[0][2] as number), true);
    assertEquals((json as { runs: number }).runs, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("runGenerator() refuses a step that is longer than the run", async () => {
  const values = parseOptions(
    ["--sim-time", "400", "--step-time", "500"],
    { ...commonOptions, ...systemScriptOptions(0.95), ...runScriptOptions },
  );
  const context = {} as ScriptContext;
  await assertRejects(
    () => runGenerator(values, context),
    Error,
    "Cannot sample each 500 time units of a run of 400",
  );
});
