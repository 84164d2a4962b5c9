/**
 * Trains a deep Q-network to scale a service.
 *
 * @module
 */
import { DQN_DEFAULTS } from "../agents/dqn/dqn.ts";
import { DQN_AUTOSCALING } from "../agents/settings/autoscaling.ts";
import {
  booleanOption,
  integerListOption,
  integerOption,
  numberOption,
} from "../core/options.ts";
import { runScript, trainingOptions } from "../core/script.ts";
import { autoscalingScriptOptions } from "../experiments/autoscaling/options.ts";
import { reportRuns } from "../experiments/autoscaling/report.ts";
import {
  runOptions,
  trainAutoscaling,
} from "../experiments/autoscaling/training.ts";

const defaults = { ...DQN_DEFAULTS, ...DQN_AUTOSCALING };

await runScript({
  name: "train_dqn",
  task: "train-dqn",
  description:
    "Trains a deep Q-network to scale a service, and compares it with the hand-written rules and the exact optimum.",
  options: {
    ...runOptions,
    hidden: integerListOption({
      description: "Widths of the hidden layers.",
      default: defaults.netArch,
      minimum: 1,
    }),
    "learning-rate": numberOption({
      description: "Adam's learning rate.",
      default: defaults.learningRate,
      minimum: 0,
    }),
    gamma: numberOption({
      description: "Discount factor.",
      default: defaults.gamma,
      minimum: 0,
      maximum: 1,
    }),
    "batch-size": integerOption({
      description: "Transitions of an update.",
      default: defaults.batchSize,
      minimum: 1,
    }),
    "n-steps": integerOption({
      description: "Steps of a return.",
      default: defaults.nSteps,
      minimum: 1,
    }),
    double: booleanOption({
      description: "Whether the online network chooses the target's action.",
      default: defaults.doubleQ,
    }),
    dueling: booleanOption({
      description: "Separate heads for the value and the advantages.",
      default: defaults.dueling,
    }),
    prioritized: booleanOption({
      description: "Learns more often from transitions with large errors.",
      default: defaults.prioritizedReplay,
    }),
    ...autoscalingScriptOptions,
    ...trainingOptions,
  },
  examples: [
    "--timesteps 200000 --eval",
    "--pattern SPIKE --name my_dqn_model",
    "--trace requests.csv --test-days 2",
    "--resume models/checkpoints/my_dqn_model_50000_steps.zip",
  ],
}, async (options, context) => {
  const finished = await trainAutoscaling(options, {
    agent: "dqn",
    task: "train-dqn",
    copies: 1,
    settings: {
      ...DQN_AUTOSCALING,
      netArch: options.hidden,
      learningRate: options.learningRate,
      gamma: options.gamma,
      batchSize: options.batchSize,
      nSteps: options.nSteps,
      doubleQ: options.double,
      dueling: options.dueling,
      prioritizedReplay: options.prioritized,
    },
  }, context);
  return await reportRuns(finished, { randomStarts: options.eval });
});
