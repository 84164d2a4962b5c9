/**
 * A learned model beside the data it was learned from.
 *
 * @module
 */
import type { Figure } from "../../analysis/figures/figure.ts";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import { subplots } from "../../analysis/figures/subplots.ts";
import type { KoopmanModel } from "../../analysis/koopman/model.ts";
import {
  featureColumn,
  sampleCount,
} from "../../analysis/koopman/trajectories.ts";

export type { Figure, KoopmanModel };

/** Names of features on axes. */
const LABELS: Readonly<Record<string, string>> = {
  q: "Queue length",
  o: "Retries",
  l: "Latency",
  d: "Dropped",
  r: "Retries left",
  s: "Service time",
};

const PARTS = ["before the fault", "after the fault"];

/**
 * For each series the first feature with the model's rollout from its first
 * state, and the latent states of that rollout.
 *
 * @param model The model with its data.
 */
export function modelFigure(model: KoopmanModel): Figure {
  const { data, interval, latent } = model;
  const width = data.features.length;
  const label = LABELS[data.features[0]] ?? data.features[0];
  const figures = data.series.flatMap((values, series) => {
    const samples = sampleCount(data, series);
    const x = Float64Array.from({ length: samples }, (_, t) => t * interval);
    const states = model.rollout(model.encode(values.slice(0, width)), samples);
    const predicted = model.decode(states);
    const part = PARTS[series] ?? `series ${series}`;
    return [
      lineFigure([
        {
          name: "mean of the runs",
          x,
          y: featureColumn(data, { series, feature: 0 }),
        },
        {
          name: "model's rollout",
          x,
          y: predicted.filter((_, i) => i % width === 0),
        },
      ], { title: `Time ${part}`, x: "Time", y: label }),
      lineFigure(
        slowestLatents(model).map((k) => ({
          name: `z${k + 1}`,
          x,
          y: states.filter((_, i) => i % latent === k),
        })),
        { title: `Latent states ${part}`, x: "Time", y: "Latent state" },
      ),
    ];
  });
  return subplots(figures, { columns: 2 });
}

/** The latent states with the two largest entries on K's diagonal. */
function slowestLatents({ latent, matrix }: KoopmanModel): number[] {
  return Array.from({ length: latent }, (_, k) => k)
    .sort((a, b) => matrix[b * (latent + 1)] - matrix[a * (latent + 1)])
    .slice(0, 2);
}
