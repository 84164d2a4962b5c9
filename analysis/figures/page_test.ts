import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sampleFigures } from "./_sample_figures.ts";
import type { Figure } from "./figure.ts";
import { lineFigure } from "./line_figure.ts";
import { figurePage } from "./page.ts";

Deno.test("figurePage() needs nothing from elsewhere", async () => {
  const { lines, heat } = sampleFigures();
  const html = await figurePage([lines, heat], {
    notes: "One.\n\nTwo.",
    tables: [{ columns: [{ header: "a < b" }], rows: [[1]] }],
  });
  assert(html.length > 4_000_000);
  assert(!/<(?:script|link|img)[^>]*(?:src|href)=/.test(html));
  assertEquals(html.match(/<svg xmlns[^>]*role="img"/g)?.length, 2);
  assertEquals(html.match(/<\/script>/g)?.length, 2);
  assertStringIncludes(html, "<p>One.</p>\n<p>Two.</p>");
  assertStringIncludes(html, "<pre>a &lt; b\n-----\n    1</pre>");
  assertStringIncludes(html, "<title>Mean return over 10 seeds</title>");
});

Deno.test("figurePage() keeps markup in texts from becoming markup", async () => {
  const evil = "</script><script>alert(1)</script><!--";
  const html = await figurePage(
    lineFigure([{ name: evil, y: [1] }, { name: "b", y: [2] }]),
    { title: evil, notes: evil },
  );
  assertEquals(html.match(/<\/script>/g)?.length, 2);
  assertEquals(html.match(/<script>/g)?.length, 2);
  assert(!html.includes("alert(1)</script>"));
  const data = /const figures = (.*);\n/.exec(html)![1];
  assertEquals(JSON.parse(data)[0].data[0].name, evil);
});

Deno.test("figurePage() holds figures that only plotly can draw", async () => {
  const pie: Figure = { data: [{ type: "pie", values: [1, 2] }], layout: {} };
  const html = await figurePage(pie);
  assertStringIncludes(html, "This figure needs JavaScript.");
});
