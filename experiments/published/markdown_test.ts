import { assertEquals, assertThrows } from "@std/assert";
import {
  blocksIn,
  markdownTable,
  tableMarkdown,
  withBlocks,
} from "./markdown.ts";

const PAGE =
  "# A\n\n<!-- results: one -->\n\nold\n\n<!-- end of results -->\n\nB\n";

Deno.test("markdownTable() counts characters, not bytes", () => {
  assertEquals(
    markdownTable(["a", "value"], [["x", "1 ± 2"], ["long", ""]]),
    "| a    | value |\n| ---- | ----- |\n| x    | 1 ± 2 |\n| long |       |",
  );
  assertThrows(() => markdownTable(["a"], [["x", "y"]]), TypeError, "2 cells");
});

Deno.test("tableMarkdown() shows units and numbers as the table's columns say", () => {
  assertEquals(
    tableMarkdown({
      title: "left out",
      columns: [
        { header: "load" },
        { header: "delay", unit: "ms", format: (value) => value.toFixed(1) },
      ],
      rows: [[0.5, 2], [0.25, NaN]],
    }),
    "| load   | delay (ms) |\n| ------ | ---------- |\n| 0.5000 | 2.0        |\n| 0.2500 | –          |",
  );
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
