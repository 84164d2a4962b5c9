import { assertEquals, assertStringIncludes } from "@std/assert";
import { sampleFigures } from "./_sample_figures.ts";
import { displayFigure } from "./display.ts";

type Displayable = Record<symbol, () => Record<string, unknown>>;

Deno.test("displayFigure() gives plotly's data and an SVG", () => {
  const { lines } = sampleFigures();
  const shown = displayFigure(lines) as unknown as Displayable;
  const bundle = shown[Symbol.for("Jupyter.display")]();
  assertEquals(Object.keys(bundle), [
    "application/vnd.plotly.v1+json",
    "image/svg+xml",
    "text/html",
  ]);
  const plotly = bundle["application/vnd.plotly.v1+json"] as typeof lines;
  assertEquals(plotly.data, lines.data);
  const svg = String(bundle["image/svg+xml"]);
  assertStringIncludes(svg, "</svg>");
  const source = /src="data:image\/svg\+xml,([^"]+)"/
    .exec(String(bundle["text/html"]))?.[1];
  assertEquals(decodeURIComponent(source!), svg);
});

Deno.test("displayFigure() leaves the SVG out when only plotly can draw", () => {
  const shown = displayFigure({ data: [{ type: "pie" }], layout: {} });
  assertEquals(Object.keys(shown.mimeBundle()), [
    "application/vnd.plotly.v1+json",
  ]);
});

Deno.test("drawings of two figures have ids of their own", () => {
  const { lines, scatter } = sampleFigures();
  const ids = [lines, scatter].map((figure) => {
    const svg = String(displayFigure(figure).mimeBundle()["image/svg+xml"]);
    return /id="([^"]+)"/.exec(svg)?.[1];
  });
  assertEquals(new Set(ids).size, 2);
  assertEquals(ids.includes(undefined), false);
});
