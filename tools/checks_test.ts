import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  allChecks,
  countRustTests,
  countTests,
  lackingProgram,
  readContext,
  runCommand,
} from "./checks.ts";

const HERE = { root: import.meta.dirname!, verbose: false };

Deno.test("runCommand() gives status and output, and nothing for no program", async () => {
  assertEquals(
    await runCommand(HERE, ["sh", "-c", "echo out; echo err >&2; exit 3"]),
    { success: false, output: "out\nerr\n" },
  );
  assertEquals((await runCommand(HERE, ["true"]))?.success, true);
  assertEquals(await runCommand(HERE, ["no-such-program-here"]), undefined);
});

Deno.test("lackingProgram() tells a missing program from a failure", () => {
  const clippy = ["cargo", "clippy"];
  const failed = (output: string) => ({ success: false, output });
  const noCommand = failed("error: no such command: `clippy`\n");
  const notInstalled = failed(
    "error: 'cargo-clippy' is not installed for the toolchain 'stable'.\n",
  );
  assertEquals(lackingProgram(clippy, undefined), "cargo");
  assertEquals(lackingProgram(clippy, noCommand), "cargo clippy");
  assertEquals(lackingProgram(clippy, notInstalled), "cargo clippy");
  assertEquals(lackingProgram(clippy, failed("error: unused")), undefined);
  assertEquals(lackingProgram(["deno", "lint"], noCommand), undefined);
});

Deno.test("countTests() counts a run that never began as one failure", () => {
  const result = { success: false, output: "error: Module not found" };
  assertEquals(countTests(result, ""), {
    passed: 0,
    failed: 1,
    output: "error: Module not found",
  });
});

Deno.test("countTests() counts a run that fails for no test's sake", () => {
  const report =
    '<testsuites name="deno test" tests="1" failures="0" errors="0" time="0.2"></testsuites>';
  const result = { success: false, output: "noise\n ERRORS \nleak" };
  const counts = countTests(result, report);
  assertEquals(counts.failed, 1);
  assertEquals(counts.output, "\n ERRORS \nleak");
});

Deno.test("countRustTests() adds up all test binaries", () => {
  const output = `test a ... ok
test b ... ignored, needs a GPU
test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out
test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured`;
  const { passed, failed, skipped } = countRustTests({
    success: false,
    output,
  });
  assertEquals({ passed, failed, skipped }, {
    passed: 4,
    failed: 2,
    skipped: [{ name: "b", reason: "needs a GPU" }],
  });
});

Deno.test("countRustTests() counts a build that fails", () => {
  const result = { success: false, output: "error[E0425]" };
  assertEquals(countRustTests(result).failed, 1);
});

/** A small project with one fault for each check to find. */
const FAULTY = {
  "deno.json": "{}\n",
  "core/unformatted.ts": "export   const a = 1\n",
  "core/lint.ts": "/** B. */\nexport var b = 1;\n",
  "core/types.ts": '/** C. */\nexport const c: number = "c";\n',
  "core/undocumented.ts": "export const d = 1;\n",
  "core/example.ts":
    '/**\n * E.\n *\n * ```ts\n * throw new Error("example");\n * ```\n */\nexport const e = 1;\n',
  "core/unit_test.ts":
    'Deno.test("good", () => {});\nDeno.test("bad", () => {\n  throw new Error("unit");\n});\nDeno.test.ignore("off [skipped: no moon]", () => {});\n',
};

Deno.test("allChecks() find what is wrong", async () => {
  const root = await Deno.realPath(await Deno.makeTempDir());
  try {
    await Deno.mkdir(join(root, "core"));
    for (const [path, text] of Object.entries(FAULTY)) {
      await Deno.writeTextFile(join(root, path), text);
    }
    const checks = allChecks(await readContext(root))
      .filter(({ name }) => name !== "lockfile");
    const expected: Record<string, string> = {
      unit: "unit",
      format: "unformatted.ts",
      lint: "no-var",
      types: "TS2322",
      documentation: "undocumented.ts",
      examples: "example",
    };
    assertEquals(
      checks.map(({ name }) => name).sort(),
      Object.keys(expected).sort(),
    );
    for (const check of checks) {
      const { passed, failed, skipped, output } = await check.run();
      const unit = check.name === "unit";
      assertEquals([passed, failed], [unit ? 1 : 0, 1], check.name);
      if (unit) assertEquals(skipped?.[0].reason, "no moon");
      assertStringIncludes(output, expected[check.name]);
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("allChecks() find a lockfile that does not fit", async () => {
  const root = await Deno.makeTempDir();
  try {
    const config = { imports: { fflate: "npm:fflate@0.8.3" } };
    await Deno.writeTextFile(join(root, "deno.json"), JSON.stringify(config));
    const [check] = allChecks(await readContext(root));
    assertEquals(check.name, "lockfile");
    assertEquals((await check.run()).failed, 1);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
