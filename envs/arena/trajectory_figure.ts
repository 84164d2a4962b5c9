/**
 * Where somebody went in an arena, as a figure.
 *
 * @module
 */
import type { Figure, FigureOptions } from "../../analysis/figures/figure.ts";
import {
  lineFigure,
  type LineSeries,
} from "../../analysis/figures/line_figure.ts";
import { SEQUENTIAL_COLORS } from "../../analysis/figures/style.ts";
import type { Wall } from "./walls.ts";

/** What {@linkcode trajectoryFigure} draws. */
export interface DrawnTrajectory {
  /** Places one after another. Shape [places, 2]. */
  readonly places: Float64Array;
  /** Number of the first place's step. Default 0. */
  readonly firstStep?: number;
  /** Walls around the arena. */
  readonly outerWalls: readonly Wall[];
  /** Walls within it. Default none. */
  readonly innerWalls?: readonly Wall[];
}

/** Options of {@linkcode trajectoryFigure}. */
export interface TrajectoryFigureOptions extends FigureOptions {
  /** Draws every so many places. Default 1. */
  plotEvery?: number;
}

/** Parts of a trajectory that have colours of their own. */
const PARTS = 10;
/** Pixels around the plotting area: axes, title and legend. */
const MARGIN = { x: 240, y: 110 };

function wallSeries(
  name: string,
  walls: readonly Wall[],
  color: string,
): LineSeries {
  return {
    name,
    x: walls.flatMap(([x0, , x1]) => [x0, x1, NaN]),
    y: walls.flatMap(([, y0, , y1]) => [y0, y1, NaN]),
    color,
    dash: "solid",
  };
}

/** The trajectory in parts that follow each other without gaps. */
function trajectorySeries(
  { places, firstStep = 0 }: DrawnTrajectory,
  plotEvery: number,
): LineSeries[] {
  const last = places.length / 2 - 1;
  const drawn: number[] = [];
  for (let i = 0; i < last; i += plotEvery) drawn.push(i);
  if (last >= 0) drawn.push(last);
  const parts = Math.min(PARTS, drawn.length - 1);
  return Array.from({ length: Math.max(0, parts) }, (_, part) => {
    const start = Math.floor(part * (drawn.length - 1) / parts);
    const end = Math.floor((part + 1) * (drawn.length - 1) / parts);
    const indices = drawn.slice(start, end + 1);
    const stop = SEQUENTIAL_COLORS[Math.floor(part * PARTS / parts)];
    return {
      name: `steps ${firstStep + drawn[start]} to ${firstStep + drawn[end]}`,
      x: indices.map((i) => places[2 * i]),
      y: indices.map((i) => places[2 * i + 1]),
      color: stop[1],
      dash: "solid",
    };
  });
}

function extent(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const edge = (high - low) * 0.03 || 1;
  return [low - edge, high + edge];
}

/**
 * A trajectory from dark to light with time, and the walls around it, both axes
 * in one scale. Where somebody was put elsewhere, a straight line shows it.
 *
 * @param drawn Places and walls.
 * @param options Which places, titles, size. Throws `RangeError` where
 * `plotEvery` is not a whole number from 1.
 */
export function trajectoryFigure(
  drawn: DrawnTrajectory,
  options: TrajectoryFigureOptions = {},
): Figure {
  const { plotEvery = 1, ...figureOptions } = options;
  if (!(Number.isInteger(plotEvery) && plotEvery >= 1)) {
    throw new RangeError(
      `Cannot draw every ${plotEvery} places of a trajectory: expected a whole number from 1`,
    );
  }
  const { outerWalls, innerWalls = [] } = drawn;
  const walls = [...outerWalls, ...innerWalls];
  const xRange = extent(walls.flatMap(([x0, , x1]) => [x0, x1]));
  const yRange = extent(walls.flatMap(([, y0, , y1]) => [y0, y1]));
  const [width, height] = [xRange[1] - xRange[0], yRange[1] - yRange[0]];
  const pixels = 460 / Math.max(width, height);
  return lineFigure([
    ...trajectorySeries(drawn, plotEvery),
    wallSeries("walls", outerWalls, "#d55e00"),
    ...innerWalls.length > 0
      ? [wallSeries("inner walls", innerWalls, "#cc79a7")]
      : [],
  ], {
    x: { title: "x", range: xRange },
    y: { title: "y", range: yRange },
    legend: "right",
    width: Math.round(width * pixels) + MARGIN.x,
    height: Math.max(320, Math.round(height * pixels) + MARGIN.y),
    ...figureOptions,
  });
}
