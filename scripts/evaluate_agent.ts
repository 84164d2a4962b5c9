/**
 * Compares a trained agent with every rule of dispatch.
 *
 * @module
 */
import { integerOption, pathOption } from "../core/options.ts";
import { runScript, UsageError } from "../core/script.ts";
import {
  changedSpec,
  changeOptions,
} from "../experiments/load_balancing/options.ts";
import { loadContender } from "../experiments/load_balancing/models.ts";
import {
  loadBalancingTables,
  summaryLines,
  TEST_SEED,
} from "../experiments/load_balancing/report.ts";
import {
  compareLoadBalancing,
  ruleContenders,
  withIntervals,
} from "../experiments/load_balancing/comparison.ts";

await runScript({
  name: "evaluate_agent",
  task: "evaluate-agent",
  description:
    "Lets a trained agent balance load, and every rule of dispatch the same flows: reward, fairness, completion times, rejections.",
  options: {
    model: pathOption({
      description: "The model, such as checkpoints/qmix_best.zip.",
    }),
    episodes: integerOption({
      description: "Episodes, each with flows of its own.",
      default: 20,
      minimum: 1,
    }),
    seed: integerOption({
      description:
        "Seed of the first episode. Training draws its own, and validates from 10,000.",
      default: TEST_SEED,
      minimum: 0,
    }),
    ...changeOptions,
  },
  examples: [
    "--model checkpoints/qmix_best.zip --episodes 100",
    "--model checkpoints/qmix_best.zip --load 0.95 --trace-type poisson",
  ],
}, async (options, context) => {
  if (options.model === undefined) {
    throw new UsageError(
      "Cannot evaluate an agent without a model, expected --model FILE",
    );
  }
  const { contender, spec: trained } = await loadContender(options.model);
  const spec = await changedSpec(trained, options);
  const outcomes = await compareLoadBalancing(
    [contender, ...ruleContenders()],
    { spec, episodes: options.episodes, firstSeed: options.seed },
    context,
  );
  const title = `${options.episodes} episodes`;
  return {
    tables: loadBalancingTables(outcomes, title),
    lines: summaryLines(outcomes[0]),
    json: {
      model: options.model,
      episodes: options.episodes,
      outcomes: outcomes.map(withIntervals),
    },
  };
});
