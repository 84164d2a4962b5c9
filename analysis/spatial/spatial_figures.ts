/**
 * Maps over an arena as figures.
 *
 * @module
 */
import type { Figure } from "../figures/figure.ts";
import {
  heatMapFigure,
  type HeatMapFigureOptions,
} from "../figures/heat_map_figure.ts";
import type { GridScore } from "./grid_score.ts";
import type { BinOptions, SpatialMap } from "./spatial_map.ts";

function rowsOf({ values, columns, rows }: SpatialMap): Float64Array[] {
  return Array.from(
    { length: rows },
    (_, y) => values.subarray(y * columns, (y + 1) * columns),
  );
}

function binMiddles(limits: readonly number[], count: number): Float64Array {
  const [low, high] = limits;
  return Float64Array.from(
    { length: count },
    (_, i) => low + (high - low) * (i + 0.5) / count,
  );
}

/** Options of {@linkcode spatialMapFigure}. */
export interface SpatialMapFigureOptions extends HeatMapFigureOptions {
  /** The arena's limits; default bins are counted. */
  limits?: Pick<BinOptions, "xLimits" | "yLimits">;
}

/**
 * A map over an arena; bins of which nothing is known stay white.
 *
 * @param map The map.
 * @param options Limits, titles, colours, size.
 */
export function spatialMapFigure(
  map: SpatialMap,
  options: SpatialMapFigureOptions = {},
): Figure {
  const { limits, ...figureOptions } = options;
  const { columns, rows } = map;
  return heatMapFigure({
    values: rowsOf(map),
    ...(limits === undefined ? {} : {
      columns: binMiddles(limits.xLimits, columns),
      rows: binMiddles(limits.yLimits, rows),
    }),
  }, {
    x: "x",
    y: "y",
    valueTitle: "rate (Hz)",
    showValues: false,
    width: 520,
    height: Math.round(110 + 380 * rows / columns),
    ...figureOptions,
  });
}

/**
 * An autocorrelogram with its grid score, from -1 to 1.
 *
 * @param score What `gridScore` found.
 * @param options Titles, colours, size.
 */
export function autocorrelogramFigure(
  score: GridScore,
  options: HeatMapFigureOptions = {},
): Figure {
  const { columns, rows } = score.autocorrelogram;
  return spatialMapFigure(score.autocorrelogram, {
    title: `Grid score ${score.score.toFixed(2)}, spacing ${
      score.spacing.toFixed(1)
    } bins`,
    x: "bins along x",
    y: "bins along y",
    valueTitle: "correlation",
    colors: "diverging",
    valueRange: [-1, 1],
    limits: {
      xLimits: [-columns / 2, columns / 2],
      yLimits: [-rows / 2, rows / 2],
    },
    ...options,
  });
}
