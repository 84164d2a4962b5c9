/**
 * Histograms.
 *
 * @module
 */
import { rgbaText } from "./_color.ts";
import { niceStep } from "./_ticks.ts";
import { concatenated, finiteExtent } from "./_values.ts";
import { styledLayout } from "./_layout.ts";
import type { Figure, FigureOptions, Trace } from "./figure.ts";

import { seriesColor } from "./style.ts";

export type * from "./figure.ts";

/** One sample. */
export interface HistogramSeries {
  /** Name in the legend. */
  name: string;
  /** The sample; what is not finite is left out. */
  values: ArrayLike<number>;
  /** Colour. Default: the next of the palette. */
  color?: string;
}

/** Bins of one width, each with its lower edge and without its upper one. */
export interface Bins {
  /** Lower edge of the first bin, a multiple of `width`. */
  start: number;
  /** Width of each bin. */
  width: number;
  /** Number of bins. */
  count: number;
}

/** What {@linkcode histogramFigure} takes. */
export interface HistogramFigureOptions extends FigureOptions {
  /** About how many bins. Default: by the rule of Freedman and Diaconis. */
  bins?: number;
  /** Whether bars have the total area 1 instead of counting. Default false. */
  density?: boolean;
}

function finiteSorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).filter(Number.isFinite).sort();
}

/** Width 2 IQR / n^(1/3) (Freedman and Diaconis 1981), 5 to 60 bins. */
function roughWidth(sorted: Float64Array): number {
  const spread = sorted[sorted.length - 1] - sorted[0];
  const quarter = Math.floor(sorted.length / 4);
  const middle = sorted[sorted.length - 1 - quarter] - sorted[quarter];
  const rule = 2 * middle / Math.cbrt(sorted.length);
  return Math.min(spread / 5, Math.max(spread / 60, rule));
}

/**
 * Bins with round edges that hold all finite values of a sample.
 *
 * @param values The sample; without finite values there is one bin from 0
 * to 1.
 * @param count About how many bins, from 1. Default: by the rule of Freedman
 * and Diaconis. Throws `RangeError` when it is not a number from 1 to 10000.
 */
export function chooseBins(values: ArrayLike<number>, count?: number): Bins {
  if (count !== undefined && !(count >= 1 && count <= 10_000)) {
    throw new RangeError(
      `Cannot make ${count} bins, expected a number from 1 to 10000`,
    );
  }
  const sorted = finiteSorted(values);
  if (sorted.length === 0) return { start: 0, width: 1, count: 1 };
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  const rough = count === undefined ? roughWidth(sorted) : (high - low) / count;
  if (!(rough > Math.abs(high) * 1e-12)) {
    const width = niceStep(Math.max(1, Math.abs(high)) / 10);
    return { start: low - width / 2, width, count: 1 };
  }
  const width = niceStep(rough);
  const first = Math.floor(low / width + 1e-9);
  const last = Math.floor(high / width + 1e-9);
  return { start: first * width, width, count: last - first + 1 };
}

/**
 * How many values lie in each bin.
 *
 * @param values The sample; what lies outside all bins is left out.
 * @param bins The bins.
 */
export function countInBins(
  values: ArrayLike<number>,
  bins: Bins,
): Float64Array {
  const counts = new Float64Array(bins.count);
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i] - bins.start) / bins.width + 1e-9);
    if (bin >= 0 && bin < bins.count) counts[bin]++;
  }
  return counts;
}

/**
 * Histograms of one or several samples over the same bins. They are drawn as
 * bars, so that a page holds counts and not the samples.
 *
 * @param series The samples; without any, the axes stay empty.
 * @param options Bins, titles, axes, legend, size. The vertical axis is called
 * Count or Density unless it is named.
 */
export function histogramFigure(
  series: readonly HistogramSeries[],
  options: HistogramFigureOptions = {},
): Figure {
  const { density = false } = options;
  const everything = Float64Array.from(
    concatenated(series.map(({ values }) => Array.from(values))),
  );
  const bins = chooseBins(everything, options.bins);
  const data = series.map((one, index) =>
    seriesTrace(one, { index, bins, density, alone: series.length === 1 })
  );
  const heights = concatenated<number>(data.map(({ y }) => y as number[]));
  const [, largest] = finiteExtent(everything);
  const layout = styledLayout(
    { y: density ? "Density" : "Count", ...options },
    {
      names: series.map(({ name }) => name),
      x: [bins.start, largest],
      y: heights,
    },
  );
  layout.barmode = "overlay";
  layout.bargap = 0;
  return { data, layout };
}

function seriesTrace(
  series: HistogramSeries,
  place: { index: number; bins: Bins; density: boolean; alone: boolean },
): Trace {
  const { index, bins, density, alone } = place;
  const counts = countInBins(series.values, bins);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const scale = density && total > 0 ? 1 / (total * bins.width) : 1;
  const color = series.color ?? seriesColor(index);
  return {
    type: "bar",
    name: series.name,
    x: Array.from(
      counts,
      (_, i) => Number((bins.start + (i + 0.5) * bins.width).toPrecision(12)),
    ),
    y: Array.from(counts, (count) => count * scale),
    width: bins.width,
    marker: {
      color: rgbaText(color, alone ? 0.85 : 0.5),
      line: { color: alone ? "#ffffff" : color, width: 1 },
    },
  };
}
