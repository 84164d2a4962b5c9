/**
 * What a grid search comes to: a table and a figure.
 *
 * @module
 */
import type { Figure } from "../../analysis/figures/figure.ts";
import { heatMapFigure } from "../../analysis/figures/heat_map_figure.ts";
import {
  type Interval,
  mean,
  meanInterval,
} from "../../analysis/statistics.ts";
import type { Table } from "../../core/table.ts";
import { type Cell, cellName, type CellResult } from "./cell.ts";

export type { Cell, CellResult, Figure, Interval, Table };

/** All seeds of one learning rate and width. */
export interface GridPoint {
  /** Adam's learning rate. */
  readonly learningRate: number;
  /** Width of all layers. */
  readonly width: number;
  /** Number of seeds. */
  readonly seeds: number;
  /** Best evaluations, over the seeds: mean return of an episode. */
  readonly best: Interval;
  /** Mean of the last evaluations. */
  readonly last: number;
  /** Mean number of steps at the best evaluation. */
  readonly bestTimesteps: number;
  /** Model of the seed with the best evaluation. */
  readonly model: string;
}

/** The place of the greatest score, whatever is no number. */
function indexOfBest(scores: readonly number[]): number {
  return scores.reduce(
    (best, score, i) =>
      score > scores[best] || Number.isNaN(scores[best]) ? i : best,
    0,
  );
}

/** What diverged comes last. */
function rank({ best }: GridPoint): number {
  return Number.isNaN(best.estimate) ? 1 : 0;
}

/**
 * Results by learning rate and width, the best first and those with a score
 * that is no number last.
 *
 * @param results Of all trainings that have finished.
 */
export function gridPoints(results: readonly CellResult[]): GridPoint[] {
  const groups = Map.groupBy(
    results,
    ({ learningRate, width }) => `${learningRate} ${width}`,
  );
  return [...groups.values()].map((group): GridPoint => {
    const [{ learningRate, width }] = group;
    const scores = group.map(({ bestScore }) => bestScore);
    return {
      learningRate,
      width,
      seeds: group.length,
      best: meanInterval(scores),
      last: mean(group.map(({ lastScore }) => lastScore)),
      bestTimesteps: mean(group.map(({ bestTimesteps }) => bestTimesteps)),
      model: group[indexOfBest(scores)].model,
    };
  }).sort((a, b) =>
    rank(a) - rank(b) || b.best.estimate - a.best.estimate ||
    a.learningRate - b.learningRate || a.width - b.width
  );
}

/**
 * Where the best model is, unless all diverged, and what failed.
 *
 * @param points From {@linkcode gridPoints}.
 * @param failed Trainings, and why.
 */
export function reportLines(
  points: readonly GridPoint[],
  failed: readonly { readonly cell: Cell; readonly failed: string }[],
): string[] {
  const best = points.slice(0, 1).filter((point) => rank(point) === 0);
  return [
    ...best.map(({ model }) => `Best model: ${model}`),
    ...failed.map(({ cell, failed }) => `${cellName(cell)}: ${failed}`),
  ];
}

/**
 * A row for each learning rate and width, the best first.
 *
 * @param points From {@linkcode gridPoints}.
 * @param title Above the table.
 */
export function gridTable(
  points: readonly GridPoint[],
  title: string,
): Table {
  const several = points.some(({ seeds }) => seeds > 1);
  return {
    title,
    columns: [
      { header: "learning rate", format: String },
      { header: "width" },
      { header: "seeds" },
      { header: "best return" },
      ...several ? [{ header: "95% low" }, { header: "95% high" }] : [],
      { header: "at step" },
      { header: "last return" },
    ],
    rows: points.map(({ best, seeds, ...point }) => [
      point.learningRate,
      point.width,
      seeds,
      best.estimate,
      ...several
        ? [seeds > 1 ? best.low : NaN, seeds > 1 ? best.high : NaN]
        : [],
      Math.round(point.bestTimesteps),
      point.last,
    ]),
  };
}

const rising = (values: readonly number[]) =>
  [...new Set(values)].sort((a, b) => a - b);

/**
 * Returns over learning rates and widths; what is missing stays white.
 *
 * @param points From {@linkcode gridPoints}.
 * @param title Above the figure.
 */
export function gridFigure(
  points: readonly GridPoint[],
  title: string,
): Figure {
  const rates = rising(points.map(({ learningRate }) => learningRate));
  const widths = rising(points.map(({ width }) => width));
  const valueOf = (rate: number, width: number) =>
    points.find((point) => point.learningRate === rate && point.width === width)
      ?.best.estimate ?? NaN;
  return heatMapFigure({
    values: rates.map((rate) => widths.map((width) => valueOf(rate, width))),
    rows: rates.map(String),
    columns: widths.map(String),
  }, {
    title,
    x: { title: "Width of all layers" },
    y: { title: "Learning rate" },
    valueTitle: "Best return of an episode",
  });
}
