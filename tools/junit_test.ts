import { assertEquals, assertThrows } from "@std/assert";
import { NO_REASON, parseJUnit, skipReason } from "./junit.ts";

function report(cases: string, failures = 0): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="8" failures="${failures}" errors="0" time="0.2">
<testsuite name="./a_test.ts" tests="5" disabled="2" errors="0" failures="0">${cases}</testsuite>
</testsuites>`;
}

function testcase(name: string, body = ""): string {
  return `<testcase name="${name}" classname="./a_test.ts" time="0.001" line="1" col="6">\n${body}</testcase>\n`;
}

Deno.test("parseJUnit() counts tests and not their steps", () => {
  const xml = report(
    testcase("a()") + testcase("a() &gt; one") +
      testcase("b()", "<failure message='x'>x</failure>"),
  );
  assertEquals(parseJUnit(xml), { passed: 1, failed: 1, skipped: [] });
});

Deno.test("parseJUnit() lists skipped tests and steps by reason", () => {
  const xml = report(
    testcase("a() &lt;b&gt; [skipped: no chromium]", "<skipped/>") +
      testcase("c()") + testcase("c() &gt; d", "<skipped/>"),
  );
  assertEquals(parseJUnit(xml), {
    passed: 1,
    failed: 0,
    skipped: [
      { name: "a() <b> [skipped: no chromium]", reason: "no chromium" },
      { name: "c() > d", reason: NO_REASON },
    ],
  });
});

Deno.test("parseJUnit() counts a module that failed to load", () => {
  assertEquals(parseJUnit(report(testcase("a()"), 1)).failed, 1);
});

Deno.test("parseJUnit() throws when the report is none or cut short", () => {
  for (const text of ["", "<html></html>", report("").slice(0, -20)]) {
    assertThrows(() => parseJUnit(text), SyntaxError, "Cannot read");
  }
});

Deno.test("skipReason() reads the brackets at the name's end", () => {
  for (
    const [name, reason] of [
      ["a() [skipped: no cargo]", "no cargo"],
      ["a() [skipped: no GPU] > step", "no GPU"],
      ["a() [skipped: ] does", NO_REASON],
      ["a()", NO_REASON],
    ]
  ) assertEquals(skipReason(name), reason, name);
});
