/**
 * Compares trained agents with each other and with every rule of dispatch.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFigurePage } from "../analysis/figures/page.ts";
import { integerOption, stringOption } from "../core/options.ts";
import { userPath } from "../core/paths.ts";
import { runScript, UsageError } from "../core/script.ts";
import {
  compareLoadBalancing,
  ruleContenders,
  withIntervals,
} from "../experiments/load_balancing/comparison.ts";
import { loadContenders } from "../experiments/load_balancing/models.ts";
import {
  changedSpec,
  changeOptions,
} from "../experiments/load_balancing/options.ts";
import {
  loadBalancingFigure,
  loadBalancingTables,
  TEST_SEED,
} from "../experiments/load_balancing/report.ts";

await runScript({
  name: "compare_agents",
  task: "compare-agents",
  description:
    "Lets several trained agents balance the same load, and every rule of dispatch too.",
  options: {
    models: stringOption({
      description:
        "Models of the same servers and balancers, separated by commas.",
      placeholder: "FILE,FILE,...",
    }),
    episodes: integerOption({
      description: "Episodes, each with flows of its own.",
      default: 20,
      minimum: 1,
    }),
    seed: integerOption({
      description: "Seed of the first episode.",
      default: TEST_SEED,
      minimum: 0,
    }),
    ...changeOptions,
  },
  examples: [
    "--models checkpoints/qmix_best.zip,checkpoints/independent_best.zip",
    "--models checkpoints/qmix_best.zip --load 0.95 --out runs/compare",
  ],
}, async (options, context) => {
  if (options.models === undefined) {
    throw new UsageError(
      "Cannot compare agents without models, expected --models FILE,FILE",
    );
  }
  const paths = options.models.split(",").map((path) => userPath(path.trim()));
  const { contenders, spec: trained } = await loadContenders(paths);
  const spec = await changedSpec(trained, options);
  const outcomes = await compareLoadBalancing(
    [...contenders, ...ruleContenders()],
    { spec, episodes: options.episodes, firstSeed: options.seed },
    context,
  );
  const title = `${options.episodes} episodes`;
  const tables = loadBalancingTables(outcomes, title);
  const lines: string[] = [];
  if (options.out !== undefined) {
    const page = join(options.out, "figures", "compare_agents.html");
    await writeFigurePage(page, [loadBalancingFigure(outcomes, title)], {
      title,
      tables,
    });
    lines.push(`Figures: ${page}`);
  }
  return {
    tables,
    lines,
    json: {
      models: paths,
      episodes: options.episodes,
      outcomes: outcomes.map(withIntervals),
    },
  };
});
