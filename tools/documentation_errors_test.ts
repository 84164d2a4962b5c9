import { assertEquals } from "@std/assert";
import { ownDocumentationErrors } from "./documentation_errors.ts";

function docError(path: string) {
  return `error[missing-jsdoc]: exported symbol is missing\n  --> ${path}:1:2\n   |\n\n`;
}

Deno.test("ownDocumentationErrors() passes over those of packages", () => {
  const foreign = docError("/cache/pkg/a.d.ts");
  const own = docError("/repo/core/a.ts");
  const end = (n: number) =>
    `error: Found ${n} documentation lint error${n === 1 ? "" : "s"}.\n`;
  // What the command wrote, whether it ended with 0, and what is left.
  const table: [string, boolean, string | undefined][] = [
    ["Checked 2 files\n", true, undefined],
    [foreign + end(1), false, undefined],
    [foreign + own + end(2), false, own + end(2)],
    [own + foreign + end(2), false, own],
    ["error: Module not found\n", false, "error: Module not found\n"],
    // Where the format has changed, not all errors were read.
    [foreign + end(2), false, foreign + end(2)],
  ];
  for (const [output, success, left] of table) {
    const result = ownDocumentationErrors({ success, output }, "/repo");
    const failed = left === undefined ? 0 : 1;
    assertEquals([result.passed, result.failed], [1 - failed, failed], output);
    if (failed) assertEquals(result.output, left);
  }
});
