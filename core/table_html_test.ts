import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { tableHtml } from "./table_html.ts";

Deno.test("tableHtml() aligns numbers right and names missing values", () => {
  const html = tableHtml({
    title: "Two <policies>",
    columns: [{ header: "policy" }, { header: "wait", unit: "s" }],
    rows: [["a & b", 1.5], ["c", undefined]],
  });
  assertStringIncludes(html, "Two &lt;policies&gt;</caption>");
  assertStringIncludes(html, '<th style="text-align:left">policy</th>');
  assertStringIncludes(html, '<th style="text-align:right">wait (s)</th>');
  assertStringIncludes(html, ">a &amp; b</td>");
  assertStringIncludes(html, '<td style="text-align:right">1.500</td>');
  assertStringIncludes(html, '<td style="text-align:right">–</td>');
  assertEquals(html.match(/<tr>/g)?.length, 3);
});

Deno.test("tableHtml() refuses a row without one value a column", () => {
  assertThrows(
    () => tableHtml({ columns: [{ header: "a" }], rows: [[1, 2]] }),
    TypeError,
    "row of 2 values",
  );
});
