/**
 * Figures of a training run, drawn from its logs.
 *
 * @module
 */
import { parse } from "@std/csv";
import type { Figure } from "../../analysis/figures/figure.ts";
import {
  lineFigure,
  type LineSeries,
} from "../../analysis/figures/line_figure.ts";
import { readNpz } from "../../core/npz.ts";
import type { RunPaths } from "./run_paths.ts";

/** The columns of `progress.csv`, by name; NaN where a field is empty. */
async function readProgress(
  path: string,
): Promise<Record<string, Float64Array>> {
  const [names, ...rows] = parse(await Deno.readTextFile(path));
  return Object.fromEntries(
    names.map((name, column) => [
      name,
      Float64Array.from(
        rows,
        (row) => row[column] === "" ? NaN : Number(row[column]),
      ),
    ]),
  );
}

/** Mean, smallest and largest return of each evaluation. */
async function evaluationSeries(path: string): Promise<LineSeries> {
  const { timesteps, results } = await readNpz(path);
  const returns = results.data as Float64Array;
  const episodes = results.shape[1];
  const rows = Array.from(
    { length: results.shape[0] },
    (_, i) => returns.subarray(i * episodes, (i + 1) * episodes),
  );
  return {
    name: "evaluation, greedy (mean and range)",
    x: Float64Array.from(timesteps.data as BigInt64Array, Number),
    y: rows.map((row) => row.reduce((sum, value) => sum + value, 0) / episodes),
    low: rows.map((row) => Math.min(...row)),
    high: rows.map((row) => Math.max(...row)),
    markers: true,
  };
}

/** What each logged number means; others are drawn under their own name. */
const MEANINGS: Record<string, string> = {
  loss: "Loss",
  meanQ: "Mean Q of the batch",
  entropy: "Entropy of the policy",
  approximateKl: "Approximate KL divergence",
  explainedVariance: "Explained variance of the value",
};

/**
 * Learning curve, and one figure for each number that tells how learning goes.
 *
 * @param paths Files of a finished run.
 */
export async function learningFigures(paths: RunPaths): Promise<Figure[]> {
  const progress = await readProgress(paths.progress);
  const x = { title: "Environment steps" };
  const curve = lineFigure([
    {
      name: "training, last 100 episodes",
      x: progress.timesteps,
      y: progress.mean_return,
    },
    await evaluationSeries(paths.evaluations),
  ], { title: "Learning curve", x, y: { title: "Return of an episode" } });
  const others = Object.keys(MEANINGS)
    .filter((name) => progress[name]?.some(Number.isFinite))
    .map((name) =>
      lineFigure([{ name, x: progress.timesteps, y: progress[name] }], {
        title: MEANINGS[name],
        x,
        y: { title: MEANINGS[name] },
        height: 300,
      })
    );
  return [curve, ...others];
}
