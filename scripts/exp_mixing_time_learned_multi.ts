/**
 * Settling times of the learned models of several servers.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFigure } from "../analysis/figures/export.ts";
import {
  choiceOption,
  integerOption,
  numberListOption,
  pathOption,
} from "../core/options.ts";
import { userPath } from "../core/paths.ts";
import { runScript } from "../core/script.ts";
import { readLearnedModel } from "../experiments/queueing_learning/learned_models.ts";
import {
  jointSettling,
  learnedFigure,
  learnedTable,
  settleModel,
} from "../experiments/queueing_learning/learned_settling_report.ts";

await runScript({
  name: "exp_mixing_time_learned_multi",
  task: "mixing-time-learned-multi",
  description:
    "The same as mixing-time-learned for each server of a line, whose models are learned one by one (learn-koopman --server K), and for the slowest of them.",
  options: {
    models: pathOption({
      description: "Folder of learned_model_multi_1.zip and so on.",
      default: ".",
    }),
    num_servers: integerOption({
      description: "Servers.",
      default: 2,
      minimum: 1,
    }),
    deltas: numberListOption({
      description: "Distances from the fixed point.",
      default: [0.0001, 0.001, 0.005, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1],
      exclusiveMinimum: 0,
    }),
    norm: choiceOption(["latent", "feature"], {
      description:
        "What is near: all latent values, in latent units, or the decoded queue length, in jobs.",
      default: "latent",
    }),
  },
  examples: ["", "--num-servers 3 --models runs/tandem"],
}, async (options) => {
  const servers = [];
  for (let k = 1; k <= options.numServers; k++) {
    const path = join(options.models, `learned_model_multi_${k}.zip`);
    const model = await readLearnedModel(path, k);
    const settled = settleModel(model, options.deltas, options);
    servers.push({ name: `server ${k}`, settled, timescale: model.timescale });
  }
  const all = [...servers, {
    name: "slowest server",
    dashed: true,
    settled: jointSettling(servers.map(({ settled }) => settled)),
  }];
  const figure = join(
    userPath(options.out ?? "."),
    "Mixing_times_learned_multi.pdf",
  );
  await writeFigure(figure, learnedFigure(all, options));
  return {
    tables: [learnedTable(all, options)],
    lines: [
      ...servers.map(({ name, timescale }) =>
        `${name}: slowest timescale ${timescale.toFixed(0)} time units`
      ),
      "The models know nothing of each other: a line settles no sooner than its slowest server.",
      `Wrote ${figure}`,
    ],
    json: {
      servers: all.map(({ name, settled }) => ({
        name,
        settling: settled.map(({ times: _, ...rest }) => rest),
      })),
      figure,
    },
  };
});
