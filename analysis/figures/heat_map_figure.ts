/**
 * Heat maps.
 *
 * @module
 */
import { shortNumber } from "./_ticks.ts";
import { concatenated, finiteExtent, plainNumbers } from "./_values.ts";
import { styledLayout } from "./_layout.ts";
import type { Figure, FigureOptions, Trace } from "./figure.ts";

import { DIVERGING_COLORS, FONT_SIZE, SEQUENTIAL_COLORS } from "./style.ts";

export type * from "./figure.ts";

/** What is mapped. */
export interface HeatMap {
  /**
   * A value for each cell, rows from the bottom. Shape [rows, columns]; cells
   * that are not finite stay white.
   */
  values: ArrayLike<ArrayLike<number>>;
  /** Centre or name of each column. Default: 0, 1, 2 and so on. */
  columns?: ArrayLike<number> | readonly string[];
  /** Centre or name of each row. Default: 0, 1, 2 and so on. */
  rows?: ArrayLike<number> | readonly string[];
}

/** What {@linkcode heatMapFigure} takes. */
export interface HeatMapFigureOptions extends FigureOptions {
  /** What the colours measure, with its unit; stands beside the scale. */
  valueTitle?: string;
  /**
   * Dark blue to yellow, or blue over white to red with white at zero.
   * Default sequential.
   */
  colors?: "sequential" | "diverging";
  /** Values at the ends of the colour scale. Default: those of the data. */
  valueRange?: [number, number];
  /** Whether cells show their values. Default: up to 150 cells. */
  showValues?: boolean;
  /** Whether the first row is on top, as in a matrix. Default false. */
  firstRowOnTop?: boolean;
}

function labels(
  given: HeatMap["rows"],
  count: number,
  what: string,
): (number | string | null)[] {
  if (given === undefined) return Array.from({ length: count }, (_, i) => i);
  if (given.length !== count) {
    throw new TypeError(
      `Cannot label ${count} ${what} of a heat map with ${given.length} ${what}, expected as many`,
    );
  }
  return typeof given[0] === "string"
    ? [...given as readonly string[]]
    : plainNumbers(given as ArrayLike<number>);
}

function valueExtent(
  z: readonly (readonly (number | null)[])[],
  options: HeatMapFigureOptions,
): [number, number] {
  if (options.valueRange !== undefined) {
    const [low, high] = options.valueRange;
    if (!(low < high)) {
      throw new RangeError(
        `Cannot colour values from ${low} to ${high}, expected the smaller first`,
      );
    }
    return [low, high];
  }
  const [low, high] = finiteExtent(concatenated(z));
  if (options.colors === "diverging") {
    const reach = Math.max(Math.abs(low), Math.abs(high));
    return Number.isFinite(reach) && reach > 0 ? [-reach, reach] : [-1, 1];
  }
  if (!(low <= high)) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/**
 * A heat map with its colour scale.
 *
 * @param map Values and what the rows and columns are. Throws `TypeError` when
 * rows differ in length or labels do not fit.
 * @param options Colours, titles, axes, size.
 */
export function heatMapFigure(
  map: HeatMap,
  options: HeatMapFigureOptions = {},
): Figure {
  const z = Array.from(map.values, plainNumbers);
  const width = z[0]?.length ?? 0;
  const ragged = z.find((row) => row.length !== width);
  if (ragged !== undefined) {
    throw new TypeError(
      `Cannot map rows of ${width} and ${ragged.length} values, expected rows of one length`,
    );
  }
  const x = labels(map.columns, width, "columns");
  const y = labels(map.rows, z.length, "rows");
  const [zmin, zmax] = valueExtent(z, options);
  const { showValues = z.length * width <= 150 } = options;
  const trace: Trace = {
    type: "heatmap",
    x,
    y,
    z,
    zmin,
    zmax,
    colorscale: options.colors === "diverging"
      ? DIVERGING_COLORS
      : SEQUENTIAL_COLORS,
    hoverongaps: false,
    colorbar: {
      title: {
        text: options.valueTitle ?? "",
        side: "right",
        font: { size: FONT_SIZE },
      },
      thickness: 14,
      outlinewidth: 0,
      ticks: "outside",
      ticklen: 4,
      len: 1,
      xpad: 10,
      ypad: 0,
      exponentformat: "power",
    } as Trace["colorbar"],
  };
  if (showValues) {
    const digits = cellDigits(zmin, zmax);
    const cellText = z.map((row) =>
      row.map((value) => value === null ? "" : cellNumber(value, digits))
    );
    // The types know texts of one dimension only.
    trace.text = cellText as unknown as string[];
    trace.texttemplate = "%{text}";
    trace.textfont = { size: FONT_SIZE - 2 };
  }
  const layout = styledLayout(options, { names: [] });
  for (const [axis, along] of [[layout.xaxis, x], [layout.yaxis, y]] as const) {
    axis!.showgrid = false;
    if (typeof along[0] === "string") {
      axis!.type = "category";
      axis!.ticks = "";
    }
  }
  if (options.firstRowOnTop) layout.yaxis!.autorange = "reversed";
  return { data: [trace], layout };
}

/** Digits behind the point that tell about a hundredth of the range apart. */
function cellDigits(low: number, high: number): number {
  return Math.max(0, Math.min(6, 2 - Math.round(Math.log10(high - low))));
}

function cellNumber(value: number, digits: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1e5 || (magnitude > 0 && magnitude < 1e-4)) {
    return shortNumber(value);
  }
  return value.toFixed(digits).replace("-", "\u2212");
}
