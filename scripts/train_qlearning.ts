/**
 * Trains a table of action values to scale a service.
 *
 * @module
 */
import { Q_LEARNING_ORIGINAL } from "../agents/settings/autoscaling.ts";
import { DISCRETISER_NAMES } from "../agents/q_learning/discretisers.ts";
import {
  booleanOption,
  choiceOption,
  integerOption,
  numberOption,
  pathOption,
  stringOption,
} from "../core/options.ts";
import { runScript } from "../core/script.ts";
import { autoscalingScriptOptions } from "../experiments/autoscaling/options.ts";
import { reportTables } from "../experiments/autoscaling/report.ts";
import { trainTables } from "../experiments/autoscaling/table_training.ts";

const share = { minimum: 0, maximum: 1 };

await runScript({
  name: "train_qlearning",
  task: "train-qlearning",
  description:
    "Trains a table of action values to scale a service, and compares it with the hand-written rules and the exact optimum.",
  options: {
    episodes: integerOption({
      description: "Episodes of 200 steps to train for.",
      default: 10_000,
      minimum: 1,
      unit: "episodes",
    }),
    name: stringOption({
      description: "Name of the model. Default: agent, load, date and time.",
    }),
    eval: booleanOption({
      description: "Also compares policies over ten episodes at random starts.",
    }),
    states: choiceOption(DISCRETISER_NAMES, {
      description:
        "The original's 400 states, or pending action and demand over capacity.",
      default: "original",
    }),
    alpha: numberOption({
      description: "Step size.",
      default: Q_LEARNING_ORIGINAL.alpha,
      ...share,
    }),
    gamma: numberOption({
      description: "Discount factor.",
      default: Q_LEARNING_ORIGINAL.gamma,
      ...share,
    }),
    "epsilon-decay": numberOption({
      description: "Factor of exploration after each episode.",
      default: Q_LEARNING_ORIGINAL.epsilonDecay,
      ...share,
    }),
    resume: pathOption({ description: "Goes on from this checkpoint." }),
    seeds: integerOption({
      description: "Repeats the run with this many seeds, from --seed.",
      default: 1,
      minimum: 1,
    }),
    ...autoscalingScriptOptions,
  },
  examples: ["--episodes 15000 --eval", "--states demand-ratio --seeds 20"],
}, async (options, context) => {
  const { alpha, gamma, epsilonDecay } = options;
  const settings = { alpha, gamma, epsilonDecay };
  const finished = await trainTables(options, settings, context);
  return await reportTables(finished, { randomStarts: options.eval });
});
