import { assertEquals, assertStringIncludes } from "@std/assert";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import { memoryKernel } from "./_test_kernel.ts";
import { show, showIn } from "./show.ts";

Deno.test("show() sends figures, tables and paragraphs by MIME type", async () => {
  const kernel = memoryKernel();
  const table = { columns: [{ header: "a" }], rows: [[1]] };
  const figure = lineFigure([{ name: "a", y: [1, 2] }]);
  await showIn(kernel, [figure, table, "**so**"]);
  assertEquals(kernel.sent.map(({ type, data }) => [type, Object.keys(data)]), [
    ["display_data", [
      "application/vnd.plotly.v1+json",
      "image/svg+xml",
      "text/html",
    ]],
    ["display_data", ["text/html", "text/plain"]],
    ["display_data", ["text/markdown", "text/plain"]],
  ]);
  assertStringIncludes(String(kernel.sent[1].data["text/html"]), "<table>");
});

Deno.test("show() prints texts outside of a notebook", async () => {
  const printed: unknown[] = [];
  const { log } = console;
  console.log = (...values) => printed.push(...values);
  try {
    await show("so", { columns: [{ header: "a" }], rows: [[1]] });
  } finally {
    console.log = log;
  }
  assertEquals(printed, ["so", "a\n-\n1"]);
});
