import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { sampleFigures } from "./_sample_figures.ts";
import type { Figure } from "./figure.ts";
import { lineFigure } from "./line_figure.ts";
import { figureSvg } from "./svg.ts";

/** Throws unless tags are closed in order and attributes are quoted. */
function checkXml(text: string): void {
  const open: string[] = [];
  const rest = text.replace(
    /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, closing, name, _attributes, empty) => {
      if (closing) assertEquals(open.pop(), name);
      else if (!empty) open.push(name);
      return "";
    },
  );
  assertEquals(open, []);
  assert(!/[<>]|&(?!(?:amp|lt|gt|quot);)/.test(rest), "stray markup");
}

Deno.test("figureSvg() is well-formed and finite for every figure", () => {
  for (const [name, figure] of Object.entries(sampleFigures())) {
    const svg = figureSvg(figure);
    checkXml(svg);
    assert(!/NaN|Infinity|undefined|null/.test(svg), name);
  }
});

Deno.test("figureSvg() gives the same bytes for the same figure", () => {
  const { fourInOne } = sampleFigures();
  assertEquals(figureSvg(fourInOne), figureSvg(sampleFigures().fourInOne));
});

Deno.test("figureSvg() writes markup in names as text", () => {
  const svg = figureSvg(lineFigure([
    { name: 'a "&" <script>', y: [1] },
    { name: "\u0000b", y: [2] },
  ], { title: "x < y" }));
  checkXml(svg);
  assert(!svg.includes("<script"));
  assertStringIncludes(svg, "<title>x &lt; y</title>");
});

Deno.test("figureSvg() sets several figures below each other", () => {
  const { lines, bars } = sampleFigures();
  assertStringIncludes(figureSvg([lines, bars]), 'width="720" height="880"');
  assertThrows(() => figureSvg([]), RangeError, "Cannot draw no figures");
});

Deno.test("figureSvg() draws clips under the given prefix", () => {
  const svg = figureSvg(sampleFigures().lines, { idPrefix: "p7" });
  assertStringIncludes(svg, 'clip-path="url(#p7-clip-1)"');
});

Deno.test("figureSvg() draws plain plotly figures too", () => {
  const figures: Figure[] = [
    { data: [{ type: "histogram", x: [1, 2, 2, 3] }], layout: {} },
    {
      data: [{ y: [1, 3, 2] }, { y: [0, 1, 1], fill: "tonexty" }],
      layout: { title: { text: "two" }, yaxis: { title: { text: "y" } } },
    },
    { data: [{ x: ["a", "b"], y: [1, 2], fill: "tozeroy" }], layout: {} },
    {
      data: [{
        x: [1, 2],
        y: [10, 1000],
        mode: "text+markers",
        text: ["low", "high"],
        error_y: { type: "percent", value: 10 },
      }],
      layout: { yaxis: { type: "log" } },
    },
  ];
  for (const figure of figures) checkXml(figureSvg(figure));
  assertStringIncludes(figureSvg(figures[3]), ">high<");
});

Deno.test("figureSvg() throws for what only plotly can draw", () => {
  const table: [Figure, string][] = [
    [{ data: [{ type: "pie" }], layout: {} }, 'a trace of type "pie"'],
    [
      { data: [{ x: [new Date(0)], y: [1] }], layout: {} },
      "Cannot draw dates",
    ],
    [
      { data: [{ y: [1] }], layout: { xaxis: { type: "date" } } },
      'an axis of type "date"',
    ],
    [
      { data: [{ type: "heatmap", z: [[1]], colorscale: "Jet" }], layout: {} },
      'the colour scale "Jet"',
    ],
    [
      {
        data: [{ y: [1], mode: "markers", marker: { color: ["red"] } }],
        layout: {},
      },
      "a colour for each mark",
    ],
  ];
  for (const [figure, message] of table) {
    assertThrows(() => figureSvg(figure), TypeError, message);
  }
});
