import { assert, assertEquals, assertThrows } from "@std/assert";
import { sampleFigures } from "./_sample_figures.ts";
import { lineFigure } from "./line_figure.ts";
import { subplots } from "./subplots.ts";

type Domains = Record<string, { domain: [number, number] }>;

Deno.test("subplots() gives each figure a rectangle of its own", () => {
  const { lines, bars, heat } = sampleFigures();
  const { data, layout } = subplots([lines, bars, heat]);
  const axes = layout as unknown as Domains;
  const boxes = ["", "2", "3"].map((suffix) => [
    ...axes[`xaxis${suffix}`].domain,
    ...axes[`yaxis${suffix}`].domain,
  ]);
  boxes.forEach((one, i) => {
    assert(one.every((value) => value >= 0 && value <= 1));
    for (const other of boxes.slice(i + 1)) {
      assert(
        one[1] < other[0] || other[1] < one[0] || one[3] < other[2] ||
          other[3] < one[2],
      );
    }
  });
  assertEquals(data.at(-1)!.xaxis, "x3");
  assertEquals(layout.shapes?.[0].xref as string, "x domain");
});

Deno.test("subplots() shows a common legend once", () => {
  const one = lineFigure([{ name: "a", y: [1] }, { name: "b", y: [2] }]);
  const other = lineFigure([{ name: "a", y: [1] }, { name: "c", y: [2] }]);
  const shown = (figure: ReturnType<typeof subplots>) =>
    figure.data.filter(({ showlegend }) => showlegend !== false).length;
  assertEquals(shown(subplots([one, one])), 2);
  assertEquals(shown(subplots([one, other])), 4);
  assert("legend2" in subplots([one, other]).layout);
});

Deno.test("subplots() leaves its input as it was", () => {
  const { lines } = sampleFigures();
  const before = JSON.stringify(lines);
  subplots([lines, lines]);
  assertEquals(JSON.stringify(lines), before);
});

Deno.test("subplots() throws without figures and for odd columns", () => {
  const figure = lineFigure([]);
  assertThrows(() => subplots([]), RangeError, "Cannot arrange no figures");
  for (const columns of [0, 1.5, NaN]) {
    assertThrows(() => subplots([figure], { columns }), RangeError);
  }
});
