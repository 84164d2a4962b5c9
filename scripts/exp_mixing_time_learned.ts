/**
 * Settling times of a learned model's own dynamics.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFigure } from "../analysis/figures/export.ts";
import { choiceOption, numberListOption, pathOption } from "../core/options.ts";
import { userPath } from "../core/paths.ts";
import { runScript } from "../core/script.ts";
import { readLearnedModel } from "../experiments/queueing_learning/learned_models.ts";
import {
  learnedFigure,
  learnedTable,
  settleModel,
} from "../experiments/queueing_learning/learned_settling_report.ts";

await runScript({
  name: "exp_mixing_time_learned",
  task: "mixing-time-learned",
  description:
    "How long a learned Koopman model takes to come near its fixed point, from each of the states before the fault: mean and deviation.",
  options: {
    model: pathOption({
      description: "The learned model.",
      default: "learned_model.zip",
    }),
    deltas: numberListOption({
      description: "Distances from the fixed point.",
      default: [0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1],
      exclusiveMinimum: 0,
    }),
    norm: choiceOption(["latent", "feature"], {
      description:
        "What is near: all latent values, in latent units, or the decoded queue length, in jobs.",
      default: "latent",
    }),
    mode: choiceOption(["default", "reference"], {
      description:
        "With the model's fixed point, in time units; or as the original has it, without its bias, in steps of 0.5.",
      default: "default",
    }),
  },
  examples: ["", "--norm feature --deltas 1,5,10,20", "--mode reference"],
}, async (options) => {
  const model = await readLearnedModel(options.model);
  const settled = settleModel(model, options.deltas, options);
  const figure = join(userPath(options.out ?? "."), "Mixing_times_learned.pdf");
  await writeFigure(
    figure,
    learnedFigure([{ name: "learned model", settled }], options),
  );
  return {
    tables: [learnedTable([{ name: "", settled }], options)],
    lines: [
      `Slowest timescale ${model.timescale.toFixed(0)} time units`,
      `Wrote ${figure}`,
    ],
    json: {
      timescale: model.timescale,
      settling: settled.map(({ times: _, ...rest }) => rest),
      figure,
    },
  };
});
