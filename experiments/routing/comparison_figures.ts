/**
 * Routing policies side by side, as figures.
 *
 * @module
 */
import { barFigure } from "../../analysis/figures/bar_figure.ts";
import type { Figure } from "../../analysis/figures/figure.ts";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import { meanInterval } from "../../analysis/statistics.ts";
import type { RoutingScore } from "./comparison.ts";

export type { Figure, RoutingScore };

/**
 * Mean largest utilisations with 95 % intervals over matrices, best first.
 *
 * @param scores On the same matrices.
 */
export function routingBars(scores: readonly RoutingScore[]): Figure {
  const bars = scores.map(({ name, utilisations }) => ({
    name,
    ...meanInterval(utilisations.map((share) => 100 * share)),
  })).toSorted((one, two) => one.estimate - two.estimate);
  return barFigure([{
    name: "mean",
    values: bars.map(({ estimate }) => estimate),
    low: bars.map(({ low }) => low),
    high: bars.map(({ high }) => high),
  }], {
    title: "Busiest link, mean over traffic matrices",
    categories: bars.map(({ name }) => name),
    y: { title: "Utilisation", unit: "%" },
  });
}

/**
 * For each policy the share of matrices whose busiest link is fuller than a
 * level.
 *
 * @param scores On the same matrices.
 */
export function utilisationCurves(scores: readonly RoutingScore[]): Figure {
  const all = scores.flatMap(({ utilisations }) => [...utilisations]);
  return lineFigure(
    scores.map(({ name, utilisations }) => {
      const sorted = [...utilisations.map((share) => 100 * share).sort()];
      const count = sorted.length;
      return {
        name,
        // All of them are fuller than less than the least.
        x: [sorted[0], ...sorted],
        y: [1, ...sorted.map((_, i) => 1 - (i + 1) / count)],
        steps: true,
      };
    }),
    {
      title: "How often the busiest link is fuller than that",
      x: {
        title: "Utilisation",
        unit: "%",
        // The label of full links stands to the right of their line.
        range: [95 * Math.min(...all), Math.max(105, 102 * Math.max(...all))],
      },
      y: { title: "Share of matrices", range: [0, 1.02] },
      verticalLines: [{ value: 100, label: "full" }],
      legend: "right",
    },
  );
}
