/**
 * Compares trained routing with fixed weights, searches and the optimum.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFigurePage } from "../analysis/figures/page.ts";
import { integerOption, stringOption } from "../core/options.ts";
import { userPath } from "../core/paths.ts";
import { runScript } from "../core/script.ts";
import {
  routingBars,
  utilisationCurves,
} from "../experiments/routing/comparison_figures.ts";
import {
  compareRouting,
  readRoutingModels,
  routingLines,
  routingTable,
} from "../experiments/routing/evaluation.ts";
import {
  compareLive,
  liveTable,
} from "../experiments/routing/live_comparison.ts";
import { networkOptions, userNetwork } from "../experiments/sdn/options.ts";

await runScript({
  name: "evaluate_routing",
  task: "evaluate-routing",
  description:
    "Compares trained models, on the same traffic matrices, with unit weights, inverse capacity, the best static weights, local search and the least largest utilisation of any routing; or, with --ryu, in a network that a controller steers, with unit weights and inverse capacity.",
  options: {
    models: stringOption({
      description:
        "Models of one network, separated by commas; network and traffic are theirs. Default: none, baselines alone.",
      placeholder: "FILE,FILE,...",
    }),
    ryu: stringOption({
      description:
        "The controller: embedded, or an address such as http://127.0.0.1:8080, whose traffic is its own. Capacities are those of the models or --topology.",
      default: "embedded",
    }),
    "first-day": integerOption({
      description:
        "First day that is tested on; static weights are found on those before it that the first model learned from, with its seed.",
      default: 7,
      minimum: 1,
      unit: "days",
    }),
    days: integerOption({
      description: "How many days are tested on.",
      default: 2,
      minimum: 1,
      unit: "days",
    }),
    episodes: integerOption({
      description: "Episodes, which begin at random intervals of these days.",
      default: 10,
      minimum: 1,
    }),
    steps: integerOption({
      description: "Steps of each: a matrix a step.",
      default: 10,
      minimum: 1,
    }),
    "search-evaluations": integerOption({
      description: "Sets of weights that searches try for each matrix.",
      default: 600,
      minimum: 1,
    }),
    "static-evaluations": integerOption({
      description: "Sets tried for the best static weights.",
      default: 2500,
      minimum: 1,
    }),
    ...networkOptions,
  },
  examples: [
    "--models models/actor_pretrained.zip,models/ddpg_routing.zip",
    "--topology geant2 --load 0.9",
    "--ryu http://127.0.0.1:8080 --models models/ddpg_routing.zip",
  ],
}, async (options, context) => {
  const paths = options.models?.split(",").map((path) => userPath(path.trim()));
  const models = await readRoutingModels(paths ?? []);
  const network = models[0]?.options ??
    await userNetwork(options, { trafficSeed: options.seed });
  const { firstDay, days, episodes, steps, seed, ryu } = options;
  if (ryu !== "embedded") {
    const scores = await compareLive(
      models,
      { options: network, ryu, episodes, steps, seed },
      context,
    );
    return { tables: [liveTable(scores)], json: { scores } };
  }
  const scores = await compareRouting(
    models,
    { options: network, firstDay, days, episodes, steps, seed },
    {
      effort: {
        evaluations: options.searchEvaluations,
        staticEvaluations: options.staticEvaluations,
        staticMatrices: 48,
      },
      context,
    },
  );
  const routed = routingLines(scores);
  const tables = [routingTable(routed, episodes * steps)];
  const lines = [
    "gain: share of what local search from the best static weights wins over unit weights",
  ];
  if (options.out !== undefined) {
    const page = join(options.out, "figures", "evaluate_routing.html");
    const figures = [routingBars(scores), utilisationCurves(scores)];
    await writeFigurePage(page, figures, {
      title: "Largest utilisations",
      tables,
    });
    lines.push(`Figures: ${page}`);
  }
  return { tables, lines, json: { lines: routed, scores } };
});
