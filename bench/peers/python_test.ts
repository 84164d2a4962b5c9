import { assert, assertEquals, assertRejects } from "@std/assert";
import { lastLine, runProgram } from "./python.ts";

Deno.test("lastLine() finds the last line with text", () => {
  for (
    const [text, line] of [
      ["", ""],
      ["one", "one"],
      ["Traceback:\n  File x\nValueError: bad\n\n", "ValueError: bad"],
    ]
  ) assertEquals(lastLine(text), line);
});

Deno.test("runProgram() tells what a program came to", async () => {
  const code = 'console.log("out"); console.error("err"); Deno.exit(3)';
  const result = await runProgram("deno", { args: ["eval", code] });
  assertEquals(
    [result.success, result.stdout, result.stderr],
    [false, "out\n", "err\n"],
  );
  assert(result.seconds > 0);
  await assertRejects(
    () => runProgram("no_such_program_1", { args: [] }),
    Deno.errors.NotFound,
  );
});

Deno.test("runProgram() ends a program when it is told to", async () => {
  const { success } = await runProgram("deno", {
    args: ["eval", "setTimeout(() => {}, 60_000)"],
    signal: AbortSignal.timeout(200),
  });
  assertEquals(success, false);
});
