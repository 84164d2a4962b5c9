import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Check, closingLines, countReasons, runChecks } from "./runner.ts";

function check(name: string, extra: Partial<Check> = {}): Check {
  return {
    name,
    description: name,
    run: () => Promise.resolve({ passed: 1, failed: 0, output: "secret" }),
    ...extra,
  };
}

Deno.test("runChecks() adds up and shows the output of failures only", async () => {
  const lines: string[] = [];
  const totals = await runChecks([
    check("good"),
    check("mixed", {
      run: () =>
        Promise.resolve({
          passed: 3,
          failed: 2,
          skipped: [{ name: "t", reason: "no x" }],
          output: "why\n\nso",
        }),
    }),
    check("thrown", { run: () => Promise.reject(new Error("broken")) }),
  ], { jobs: 1, write: (line) => lines.push(line) });
  assertEquals(totals, {
    passed: 4,
    failed: 3,
    skipped: [{ name: "t", reason: "no x" }],
  });
  assertMatch(lines[0], /^ok {6}good +\d+\.\d s$/);
  assertMatch(
    lines[1],
    /^FAILED {2}mixed +\d+\.\d s {2}3 passed, 2 failed, 1 skipped$/,
  );
  assertEquals(lines[2], "    why\n\n    so");
  assertMatch(lines[3], /^FAILED {2}thrown/);
  assertMatch(lines[4], /broken/);
  assertEquals(lines.length, 5);
});

Deno.test("runChecks() prepares first, then runs several at a time", async () => {
  const log: string[] = [];
  let running = 0;
  let most = 0;
  const traced = (name: string, prepares = false) =>
    check(name, {
      prepares,
      run: async () => {
        log.push(name);
        most = Math.max(most, ++running);
        await Promise.resolve();
        running--;
        return { passed: 1, failed: 0, output: "" };
      },
    });
  const changes: number[] = [];
  await runChecks(
    [traced("a"), traced("first", true), traced("b"), traced("c")],
    {
      jobs: 2,
      write: () => {},
      onChange: (names) => changes.push(names.length),
    },
  );
  assertEquals(log, ["first", "a", "b", "c"]);
  assertEquals(most, 2);
  assertEquals(changes.at(-1), 0);
});

Deno.test("runChecks() shows the end of a long output, and cuts long lines", async () => {
  const text = `first\n${"line\n".repeat(299)}${"x".repeat(10_000)}\n`;
  const lines: string[] = [];
  await runChecks([
    check("a", {
      run: () => Promise.resolve({ passed: 0, failed: 1, output: text }),
    }),
  ], { write: (line) => lines.push(line) });
  const shown = lines[1].split("\n");
  assertEquals(shown[0], "    ... 1 lines, seen with --verbose");
  assertEquals(shown.length, 301);
  assertEquals(shown.at(-1), `    ${"x".repeat(300)} ...`);
});

Deno.test("countReasons() counts by reason, most first", () => {
  const skipped = ["b", "a", "c", "b"].map((reason) => ({ name: "t", reason }));
  assertEquals(countReasons(skipped), [["b", 2], ["a", 1], ["c", 1]]);
});

Deno.test("closingLines() ends with the counts", () => {
  const skipped = [{
    name: "t() [skipped: no chromium]",
    reason: "no chromium",
  }];
  const { lines, ok } = closingLines({ passed: 7, failed: 0, skipped }, {
    strict: false,
  });
  assertEquals(lines, ["1 skipped: no chromium", "7 passed, 0 failed"]);
  assert(ok);
});

Deno.test("closingLines() refuses skips where it is strict, but for a GPU", () => {
  const skipped = [
    { name: "t", reason: "no chromium" },
    { name: "u", reason: "no GPU" },
  ];
  const { lines, ok } = closingLines({ passed: 7, failed: 1, skipped }, {
    strict: true,
  });
  assertEquals(lines, [
    "not allowed to be skipped here: t",
    "1 skipped: no GPU",
    "1 skipped: no chromium",
    "7 passed, 2 failed",
  ]);
  assertEquals(ok, false);
  const gpuOnly = { passed: 7, failed: 0, skipped: [skipped[1]] };
  assert(closingLines(gpuOnly, { strict: true }).ok);
  const noBrowser = { passed: 7, failed: 0, skipped: [skipped[0]] };
  assert(closingLines(noBrowser, { strict: true, maySkip: "no chromium" }).ok);
});
