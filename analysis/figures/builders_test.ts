import { assert, assertEquals, assertThrows } from "@std/assert";
import { sampleFigures } from "./_sample_figures.ts";
import { barFigure } from "./bar_figure.ts";
import { heatMapFigure } from "./heat_map_figure.ts";
import { lineFigure } from "./line_figure.ts";
import { scatterFigure } from "./scatter_figure.ts";
import { SEQUENTIAL_COLORS } from "./style.ts";

Deno.test("builders give plain data that JSON keeps", () => {
  for (const [name, figure] of Object.entries(sampleFigures())) {
    assertEquals(JSON.parse(JSON.stringify(figure)), figure, name);
  }
});

Deno.test("builders give the same figure for the same input", () => {
  assertEquals(
    JSON.stringify(sampleFigures()),
    JSON.stringify(sampleFigures()),
  );
});

Deno.test("lineFigure() splits bands at gaps and keeps them from the legend", () => {
  const { data } = lineFigure([
    {
      name: "a",
      x: new Float32Array([0, 1, 2, 3, 4]),
      y: [1, 2, NaN, 4, 5],
      low: [0, 1, 2, 3, 4],
      high: [2, 3, NaN, 5, 6],
    },
  ]);
  assertEquals(data[0].x, [0, 1, 1, 0, null, 3, 4, 4, 3]);
  assertEquals(data[0].y, [2, 3, 1, 0, null, 5, 6, 4, 3]);
  assertEquals(data[0].showlegend, false);
  assertEquals(data[1].y, [1, 2, null, 4, 5]);
});

Deno.test("lineFigure() writes titles with units, ranges and reference lines", () => {
  const { layout } = lineFigure([{ name: "a", y: [1, 2] }], {
    title: "T",
    x: "Step",
    y: { title: "Time", unit: "s", log: true, range: [1, 100] },
    horizontalLines: [{ value: 5, label: "limit" }],
    width: 500,
  });
  const title = (axis: typeof layout.xaxis) =>
    (axis?.title as { text: string }).text;
  assertEquals(title(layout.xaxis), "Step");
  assertEquals(title(layout.yaxis), "Time (s)");
  assertEquals(layout.yaxis?.type, "log");
  assertEquals(layout.yaxis?.range, [0, 2]);
  assertEquals(layout.shapes?.[0].y0, 5);
  assertEquals([layout.width, layout.height], [500, undefined]);
});

Deno.test("lineFigure() puts the legend where there is room", () => {
  const legend = (count: number, name: string) => {
    const { layout } = lineFigure(
      Array.from({ length: count }, (_, i) => ({ name: name + i, y: [1] })),
    );
    return layout.showlegend ? layout.legend?.orientation : "none";
  };
  assertEquals(legend(1, "a"), "none");
  assertEquals(legend(3, "a"), "h");
  assertEquals(legend(12, "a name of some length "), "v");
});

Deno.test("builders throw when a series does not fit together", () => {
  const table = [
    () => lineFigure([{ name: "a", x: [1], y: [1, 2] }]),
    () => lineFigure([{ name: "a", y: [1], low: [1, 2], high: [1] }]),
    () => lineFigure([{ name: "a", y: [1], low: [1] }]),
    () => scatterFigure([{ name: "a", x: [1, 2], y: [1] }]),
    () => barFigure([{ name: "a", values: [1] }], { categories: ["x", "y"] }),
    () => barFigure([{ name: "a", values: [1], high: [1, 2] }]),
    () => heatMapFigure({ values: [[1, 2], [3]] }),
    () => heatMapFigure({ values: [[1, 2]], columns: ["a"] }),
  ];
  for (const build of table) assertThrows(build, TypeError, "expected");
});

Deno.test("builders throw when an option is outside its range", () => {
  const line = [{ name: "a", y: [1, 2] }];
  const table = [
    () => lineFigure(line, { x: { range: [1, NaN] } }),
    () => lineFigure(line, { y: { range: [2, 2] } }),
    () => lineFigure(line, { y: { range: [0, 2], log: true } }),
    () => lineFigure(line, { width: 5 }),
    () => lineFigure(line, { height: NaN }),
    () => heatMapFigure({ values: [[1]] }, { valueRange: [1, 1] }),
  ];
  for (const build of table) assertThrows(build, RangeError, "expected");
});

Deno.test("scatterFigure() draws error bars from ends", () => {
  const { data } = scatterFigure([
    { name: "a", x: [1, 2], y: [5, NaN], low: [4, 1], high: [8, 2] },
  ]);
  const error = data[0].error_y as { array: number[]; arrayminus: number[] };
  assertEquals(error.array, [3, 0]);
  assertEquals(error.arrayminus, [1, 0]);
});

Deno.test("barFigure() lays bars down when horizontal", () => {
  const { data, layout } = barFigure([{
    name: "a",
    values: [1, 2],
    low: [0, 1],
  }], {
    categories: ["x", "y"],
    horizontal: true,
  });
  assertEquals(data[0].x, [1, 2]);
  assertEquals(data[0].y, ["x", "y"]);
  assert(data[0].error_x !== undefined && data[0].error_y === undefined);
  assertEquals(layout.yaxis?.type, "category");
});

Deno.test("heatMapFigure() spans its colours over the values", () => {
  const span = (
    values: number[][],
    options: Parameters<typeof heatMapFigure>[1] = {},
  ) => {
    const { zmin, zmax } = heatMapFigure({ values }, options).data[0];
    return [zmin, zmax];
  };
  assertEquals(span([[1, 2], [NaN, 5]]), [1, 5]);
  assertEquals(span([[1, -4]], { colors: "diverging" }), [-4, 4]);
  assertEquals(span([[3, 3]]), [2.5, 3.5]);
  assertEquals(span([[NaN]]), [0, 1]);
  assertEquals(span([]), [0, 1]);
  assertEquals(span([[0]], { colors: "diverging" }), [-1, 1]);
  assertEquals(span([[1, 2]], { valueRange: [0, 10] }), [0, 10]);
  assertEquals(
    heatMapFigure({ values: [[1]] }).data[0].colorscale,
    SEQUENTIAL_COLORS,
  );
});

Deno.test("scatterFigure() draws no two of many series alike", () => {
  const { data } = scatterFigure(
    Array.from({ length: 20 }, (_, i) => ({ name: `${i}`, x: [i], y: [i] })),
  );
  const looks = data.map(({ marker }) => `${marker?.color} ${marker?.symbol}`);
  assertEquals(new Set(looks).size, 20);
});

Deno.test("lineFigure() gives the band of steps steps, too", () => {
  const { data: [band] } = lineFigure([
    { name: "a", y: [1, 2], low: [0, 1], high: [2, 3], steps: true },
  ]);
  assertEquals(band.x, [0, 1, 1, 1, 1, 0]);
  assertEquals(band.y, [2, 2, 3, 1, 0, 0]);
});

Deno.test("lineFigure() leaves the palette to lines without a colour", () => {
  const { data: [, one] } = lineFigure([
    { name: "demand", y: [1], color: "#000000" },
    { name: "one", y: [2] },
  ]);
  assertEquals(
    one.line?.color,
    lineFigure([{ name: "one", y: [2] }]).data[0].line?.color,
  );
});
