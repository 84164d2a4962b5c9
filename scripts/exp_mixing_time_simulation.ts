/**
 * Compares the settling of simulated queues with a learned model's bound.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFigure } from "../analysis/figures/export.ts";
import {
  integerOption,
  numberListOption,
  numberOption,
  pathOption,
} from "../core/options.ts";
import { REFERENCE_CONSTANTS } from "../analysis/settling/reference_settling.ts";
import { userPath } from "../core/paths.ts";
import { runScript } from "../core/script.ts";
import { readLearnedModel } from "../experiments/queueing_learning/learned_models.ts";
import { observedPath } from "../experiments/queueing_learning/observed_path.ts";
import { recoverySummary } from "../experiments/queueing_learning/recovery_summary.ts";
import { referenceSettlingTable } from "../experiments/queueing_learning/reference_tables.ts";
import {
  compareSettling,
  settlingFigure,
  settlingTable,
} from "../experiments/queueing_learning/settling_comparison.ts";

/** A constant that the original has in its code. */
const constant = (
  name: "target" | "upper" | "lower" | "diameter",
  description: string,
) =>
  numberOption({
    description,
    default: REFERENCE_CONSTANTS[name],
    exclusiveMinimum: 0,
  });

await runScript({
  name: "exp_mixing_time_simulation",
  task: "mixing-time-simulation",
  description:
    "Settling times of the mean queue after a fault, from simulations, beside the bound under a learned model; and recovery times of single runs.",
  options: {
    data: pathOption({
      description: "Folder of generated data.",
      default: ".",
    }),
    results: pathOption({
      description:
        "Means over runs, npz or pickle. Default: discrete_results_ in the folder.",
    }),
    model: pathOption({
      description: "The learned model.",
      default: "learned_model.zip",
    }),
    epsilons: numberListOption({
      description: "Half widths of the band around the plateau.",
      default: [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 29],
      exclusiveMinimum: 0,
      unit: "jobs",
    }),
    runs: integerOption({
      description:
        "Runs that the means are of. Default: as many as there are files of rows.",
      minimum: 2,
    }),
    target: constant("target", "Plateau in the original's formula."),
    upper: constant("upper", "L in the original's formula."),
    lower: constant("lower", "L' in the original's formula."),
    diameter: constant("diameter", "D in the original's formula."),
  },
  examples: ["", "--model runs/learned_model.zip --epsilons 2,4,8,16"],
}, async (options, context) => {
  const model = await readLearnedModel(options.model);
  const { path, results } = await observedPath(options);
  const comparison = compareSettling(path, model, options);
  const { lower, upper, diameter, condition, timescale } = comparison.bound;
  const recovery = await recoverySummary(options.data, {
    epsilon: 5,
    onRun: context.breathe,
  });
  const figure = join(
    userPath(options.out ?? "."),
    "Mixing_times_simulation.pdf",
  );
  await writeFigure(figure, settlingFigure(comparison));
  const factors = { lower, upper, diameter, condition, timescale };
  return {
    tables: [
      settlingTable(comparison, path),
      referenceSettlingTable(results.queueMean, model, options),
      ...(recovery ? [recovery.table] : []),
    ],
    lines: [
      `The bound is an estimate under the learned model: timescale ${
        timescale.toFixed(0)
      }, stretch L ${upper.toFixed(2)} and L' ${
        lower.toFixed(2)
      } over the data's pairs, diameter ${diameter.toFixed(1)}, condition ${
        condition.toFixed(2)
      }.`,
      `Wrote ${figure}`,
    ],
    json: {
      factors,
      standardError: comparison.standardError,
      settling: comparison.rows,
      recovery: recovery?.summary,
      figure,
    },
  };
});
