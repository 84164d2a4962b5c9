/**
 * Lines, with bands around them.
 *
 * @module
 */
import { rgbaText } from "./_color.ts";
import {
  checkSameLength,
  concatenated,
  isolatedPoints,
  plainNumbers,
} from "./_values.ts";
import { styledLayout } from "./_layout.ts";
import type { Figure, FigureOptions, Trace } from "./figure.ts";

import {
  BAND_OPACITY,
  LINE_WIDTH,
  type LineDash,
  MARKER_SIZE,
  seriesColor,
  seriesDash,
} from "./style.ts";

export type * from "./figure.ts";
export type { LineDash } from "./style.ts";

/** One line. */
export interface LineSeries {
  /** Name in the legend. */
  name: string;
  /** Where the points lie across. Default: 0, 1, 2 and so on. */
  x?: ArrayLike<number>;
  /** Height of the points; the line has a gap where one is not finite. */
  y: ArrayLike<number>;
  /** Lower edge of a band, such as a confidence interval's end. */
  low?: ArrayLike<number>;
  /** Upper edge of the band. */
  high?: ArrayLike<number>;
  /** Colour. Default: the next of the palette. */
  color?: string;
  /** Dash. Default: solid while the palette lasts. */
  dash?: LineDash;
  /** Whether every point has a marker. Default false. */
  markers?: boolean;
  /** Whether the line keeps its height up to the next point. Default false. */
  steps?: boolean;
}

/** The outlines of a band, one for each run without gaps. */
function bandOutline(
  x: readonly (number | null)[],
  low: readonly (number | null)[],
  high: readonly (number | null)[],
): { x: (number | null)[]; y: (number | null)[] } {
  const outline = { x: [] as (number | null)[], y: [] as (number | null)[] };
  for (let start = 0; start < x.length; start++) {
    let end = start;
    while (
      end < x.length && x[end] !== null && low[end] !== null &&
      high[end] !== null
    ) end++;
    if (end - start >= 2) {
      if (outline.x.length > 0) {
        outline.x.push(null);
        outline.y.push(null);
      }
      for (let i = start; i < end; i++) {
        outline.x.push(x[i]);
        outline.y.push(high[i]);
      }
      for (let i = end - 1; i >= start; i--) {
        outline.x.push(x[i]);
        outline.y.push(low[i]);
      }
    }
    start = end;
  }
  return outline;
}

/** Heights that are kept up to the next point, as points of their own. */
function stepped(values: readonly (number | null)[]): (number | null)[] {
  return values.flatMap((value, i) =>
    i === 0 ? [value] : [values[i - 1], value]
  );
}

function checkSeries(series: LineSeries): void {
  const { name, x, y, low, high } = series;
  for (const [label, values] of Object.entries({ x, low, high })) {
    checkSameLength(name, ["y", y], [label, values]);
  }
  if ((low === undefined) !== (high === undefined)) {
    throw new TypeError(
      `Cannot draw the band of "${name}" with one edge, expected both low and high`,
    );
  }
}

function seriesTraces(series: LineSeries, index: number): Trace[] {
  checkSeries(series);
  const { name, low, high, markers = false, steps = false } = series;
  const color = series.color ?? seriesColor(index);
  const y = plainNumbers(series.y);
  const x = series.x === undefined
    ? y.map((_, i) => i)
    : plainNumbers(series.x);
  const traces: Trace[] = [];
  if (low !== undefined && high !== undefined) {
    const edges = [plainNumbers(low), plainNumbers(high)] as const;
    const outline = steps
      ? bandOutline(
        x.flatMap((at, i) => i === 0 ? [at] : [at, at]),
        stepped(edges[0]),
        stepped(edges[1]),
      )
      : bandOutline(x, ...edges);
    traces.push({
      type: "scatter",
      mode: "lines",
      name,
      ...outline,
      line: { width: 0, color },
      fill: "toself",
      fillcolor: rgbaText(color, BAND_OPACITY),
      legendgroup: name,
      showlegend: false,
      hoverinfo: "skip",
    });
  }
  const line: Trace = {
    type: "scatter",
    mode: markers ? "lines+markers" : "lines",
    name,
    x,
    y,
    line: {
      color,
      width: LINE_WIDTH,
      dash: series.dash ?? seriesDash(index),
      ...(steps ? { shape: "hv" as const } : {}),
    },
    legendgroup: name,
  };
  const isolated = isolatedPoints(x, y);
  if (markers) line.marker = { color, size: MARKER_SIZE };
  else if (isolated.some(Boolean)) {
    // A point between two gaps has no line that would show it.
    line.mode = "lines+markers";
    line.marker = { color, size: isolated.map((alone) => alone ? 5 : 0) };
  }
  return [...traces, line];
}

/**
 * Lines over a common axis, each with a band around it where `low` and `high`
 * are given.
 *
 * @param series The lines; without any, the axes stay empty. Throws
 * `TypeError` when arrays of a series differ in length.
 * @param options Titles, axes, legend, size.
 *
 * @example A learning curve with its interval
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lineFigure } from "./line_figure.ts";
 *
 * const figure = lineFigure([
 *   { name: "DQN", y: [10, 20, 30], low: [8, 15, 28], high: [12, 25, 32] },
 * ], { title: "CartPole", x: "Episode", y: "Return" });
 * assertEquals(figure.data.length, 2);
 * ```
 */
export function lineFigure(
  series: readonly LineSeries[],
  options: FigureOptions = {},
): Figure {
  // A line with a colour of its own takes none from the others, so that they
  // look as they do in a figure without it.
  let next = 0;
  const data = series.flatMap((one) =>
    seriesTraces(one, one.color === undefined ? next++ : next)
  );
  return {
    data,
    layout: styledLayout(options, {
      names: series.map(({ name }) => name),
      x: concatenated(data.map(({ x }) => x as (number | null)[])),
      y: concatenated(data.map(({ y }) => y as (number | null)[])),
    }),
  };
}
