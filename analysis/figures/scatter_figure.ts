/**
 * Points.
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

import { MARKER_SIZE, seriesColor } from "./style.ts";

export type * from "./figure.ts";

/** The shapes of markers, taken in turn. */
export const MARKER_SYMBOLS = [
  "circle",
  "square",
  "diamond",
  "triangle-up",
  "triangle-down",
  "cross",
  "x",
] as const;

/** The shape of a marker. */
export type MarkerSymbol = typeof MARKER_SYMBOLS[number];

/** One cloud of points. */
export interface ScatterSeries {
  /** Name in the legend. */
  name: string;
  /** Where the points lie across. */
  x: ArrayLike<number>;
  /** Height of the points; one that is not finite is left out. */
  y: ArrayLike<number>;
  /** Lower ends of error bars. */
  low?: ArrayLike<number>;
  /** Upper ends of error bars. */
  high?: ArrayLike<number>;
  /** Colour. Default: the next of the palette. */
  color?: string;
  /** Shape of the markers. Default: the next one. */
  symbol?: MarkerSymbol;
  /** Diameter in pixels. Default 7, smaller for many points. */
  size?: number;
}

/** Points fade and shrink where there are too many to be told apart. */
function markerSize(count: number): { size: number; opacity: number } {
  if (count <= 300) return { size: MARKER_SIZE, opacity: 0.9 };
  return count <= 3000 ? { size: 5, opacity: 0.6 } : { size: 3, opacity: 0.4 };
}

/**
 * The shape of the i-th series: the next one in turn, and one further whenever
 * the colours repeat, so that no two series look alike before the fiftieth.
 */
function seriesSymbol(index: number): MarkerSymbol {
  const { length } = MARKER_SYMBOLS;
  return MARKER_SYMBOLS[(index + Math.floor(index / length)) % length];
}

function seriesTrace(series: ScatterSeries, index: number): Trace {
  const { name, low, high } = series;
  for (const label of ["y", "low", "high"] as const) {
    checkSameLength(name, ["x", series.x], [label, series[label]]);
  }
  const color = series.color ?? seriesColor(index);
  const y = plainNumbers(series.y);
  const bars = errorBars(y, { low, high });
  const { size, opacity } = markerSize(y.length);
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: plainNumbers(series.x),
    y,
    marker: {
      color,
      symbol: series.symbol ?? seriesSymbol(index),
      size: series.size ?? size,
      opacity,
    },
    ...(bars === undefined ? {} : {
      error_y: { type: "data", ...bars, color, thickness: 1.5, width: 4 },
    }),
  };
}

/**
 * Points of one or several series, with error bars where `low` and `high` are
 * given.
 *
 * @param series The clouds; without any, the axes stay empty. Throws
 * `TypeError` when arrays of a series differ in length.
 * @param options Titles, axes, legend, size.
 */
export function scatterFigure(
  series: readonly ScatterSeries[],
  options: FigureOptions = {},
): Figure {
  const data = series.map(seriesTrace);
  return {
    data,
    layout: styledLayout(options, {
      names: series.map(({ name }) => name),
      x: concatenated(data.map(({ x }) => x as (number | null)[])),
      y: concatenated(data.map(({ y }) => y as (number | null)[])),
    }),
  };
}
