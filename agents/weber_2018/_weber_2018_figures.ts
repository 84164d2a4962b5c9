/** What rates look like over a room. */
import type { Figure } from "../../analysis/figures/figure.ts";
import { heatMapFigure } from "../../analysis/figures/heat_map_figure.ts";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import { subplots } from "../../analysis/figures/subplots.ts";
import type { InputArea } from "./weber_2018_inputs.ts";

function centers(length: number, pixels: number): Float64Array {
  return Float64Array.from(
    { length: pixels },
    (_, i) => ((i + 0.5) / pixels - 0.5) * length,
  );
}

function mapFigure(
  area: InputArea,
  [title, map]: readonly [string, Float64Array],
): Figure {
  const { width, depth, pixelsX, pixelsY } = area;
  const x = centers(width, pixelsX);
  if (depth === undefined) {
    return lineFigure([{ name: title, x, y: map }], {
      title,
      x: "x",
      y: { title: "rate", unit: "Hz" },
    });
  }
  return heatMapFigure({
    values: Array.from(
      { length: pixelsY },
      (_, y) => map.subarray(y * pixelsX, (y + 1) * pixelsX),
    ),
    columns: x,
    rows: centers(depth, pixelsY),
  }, {
    title,
    x: "x",
    y: "y",
    valueTitle: "rate (Hz)",
    showValues: false,
    width: 520,
  });
}

/** Rates as heat maps, or as lines where the room is one. */
export function rateMapFigure(
  area: InputArea,
  maps: readonly (readonly [title: string, map: Float64Array])[],
): Figure {
  const figures = maps.map((map) => mapFigure(area, map));
  return figures.length === 1
    ? figures[0]
    : subplots(figures, { columns: 3, width: 1140 });
}
