import { assertEquals, assertThrows } from "@std/assert";
import { blocksIn, markdownTable, withBlocks } from "./markdown.ts";

const PAGE =
  "# A\n\n<!-- results: one -->\n\nold\n\n<!-- end of results -->\n\nB\n";

Deno.test("markdownTable() counts characters, not bytes", () => {
  assertEquals(
    markdownTable(["a", "value"], [["x", "1 ± 2"], ["long", ""]]),
    "| a    | value |\n| ---- | ----- |\n| x    | 1 ± 2 |\n| long |       |",
  );
  assertThrows(() => markdownTable(["a"], [["x", "y"]]), TypeError, "2 cells");
});

Deno.test("withBlocks() replaces what stands between the marks", () => {
  assertEquals(blocksIn(PAGE), ["one"]);
  const page = withBlocks(PAGE, (name) => `new ${name} $1`);
  assertEquals(page, PAGE.replace("old", () => "new one $1"));
  assertEquals(withBlocks(page, (name) => `new ${name} $1`), page);
});

Deno.test("withBlocks() refuses a block without an end", () => {
  const page = PAGE.replace("<!-- end of results -->", "");
  assertThrows(() => withBlocks(page, () => ""), SyntaxError, "1 blocks");
});
