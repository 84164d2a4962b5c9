/**
 * Bars, with error bars on them.
 *
 * @module
 */
import {
  checkSameLength,
  concatenated,
  errorBars,
  plainNumbers,
} from "./_values.ts";
import { styledLayout } from "./_layout.ts";
import type { Figure, FigureOptions, Trace } from "./figure.ts";

import { AXIS_COLOR, seriesColor } from "./style.ts";

export type * from "./figure.ts";

/** One bar in each category. */
export interface BarSeries {
  /** Name in the legend. */
  name: string;
  /** Length of the bars; one that is not finite is left out. */
  values: ArrayLike<number>;
  /** Lower ends of error bars. */
  low?: ArrayLike<number>;
  /** Upper ends of error bars. */
  high?: ArrayLike<number>;
  /** Colour. Default: the next of the palette. */
  color?: string;
}

/** What {@linkcode barFigure} takes. */
export interface BarFigureOptions extends FigureOptions {
  /** Names along the axis, one a bar. Default: 1, 2, 3 and so on. */
  categories?: readonly string[];
  /** Bars of several series beside or on top of each other. Default group. */
  mode?: "group" | "stack";
  /** Bars to the right, the first category on top. Default false. */
  horizontal?: boolean;
}

function seriesTrace(
  series: BarSeries,
  place: { index: number; categories: readonly string[]; horizontal: boolean },
): Trace {
  const { name, low, high } = series;
  const { index, categories, horizontal } = place;
  checkSameLength(name, ["categories", categories], ["values", series.values]);
  checkSameLength(name, ["values", series.values], ["low", low]);
  checkSameLength(name, ["values", series.values], ["high", high]);
  const values = plainNumbers(series.values);
  const bars = errorBars(values, { low, high });
  const error = bars && {
    type: "data" as const,
    ...bars,
    color: AXIS_COLOR,
    thickness: 1.5,
    width: 5,
  };
  const across = [...categories];
  return {
    type: "bar",
    name,
    orientation: horizontal ? "h" : "v",
    x: horizontal ? values : across,
    y: horizontal ? across : values,
    marker: { color: series.color ?? seriesColor(index) },
    ...(error && (horizontal ? { error_x: error } : { error_y: error })),
  };
}

/**
 * A bar for each category and series, with error bars where `low` and `high`
 * are given.
 *
 * @param series The series. Throws `TypeError` when a series has more or fewer
 * values than there are categories.
 * @param options Categories, arrangement, titles, axes, legend, size.
 *
 * @example Two policies under three loads
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { barFigure } from "./bar_figure.ts";
 *
 * const figure = barFigure([
 *   { name: "Threshold", values: [3, 4, 9] },
 *   { name: "DQN", values: [2, 3, 5] },
 * ], { categories: ["steady", "sine", "spike"], y: "Cost" });
 * assertEquals(figure.layout.barmode, "group");
 * ```
 */
export function barFigure(
  series: readonly BarSeries[],
  options: BarFigureOptions = {},
): Figure {
  const { mode = "group", horizontal = false } = options;
  const longest = Math.max(0, ...series.map(({ values }) => values.length));
  const categories = options.categories ??
    Array.from({ length: longest }, (_, i) => `${i + 1}`);
  const data = series.map((one, index) =>
    seriesTrace(one, { index, categories, horizontal })
  );
  const values = concatenated<number>(
    series.map((one) => Array.from(one.values)),
  );
  const layout = styledLayout(options, {
    names: series.map(({ name }) => name),
    ...(horizontal ? { x: values } : { y: values }),
  });
  const categoryAxis = horizontal ? layout.yaxis! : layout.xaxis!;
  categoryAxis.type = "category";
  categoryAxis.showgrid = false;
  categoryAxis.ticks = "";
  if (horizontal) categoryAxis.autorange = "reversed";
  layout.barmode = mode;
  layout.bargap = 0.3;
  layout.bargroupgap = 0.06;
  return { data, layout };
}
