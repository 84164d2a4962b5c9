/**
 * Trains a policy by PPO to scale a service.
 *
 * @module
 */
import { PPO_DEFAULTS } from "../agents/ppo/ppo.ts";
import {
  PPO_AUTOSCALING,
  PPO_AUTOSCALING_COPIES,
} from "../agents/settings/autoscaling.ts";
import {
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

const defaults = { ...PPO_DEFAULTS, ...PPO_AUTOSCALING };

await runScript({
  name: "train_ppo",
  task: "train-ppo",
  description:
    "Trains a policy by PPO to scale a service, and compares it with the hand-written rules and the exact optimum.",
  options: {
    ...runOptions,
    hidden: integerListOption({
      description: "Widths of the hidden layers of policy and value each.",
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
    envs: integerOption({
      description: "Copies of the environment.",
      default: PPO_AUTOSCALING_COPIES,
      minimum: 1,
      maximum: 65_536,
    }),
    "n-steps": integerOption({
      description: "Steps of each copy between updates.",
      default: defaults.nSteps,
      minimum: 1,
    }),
    "batch-size": integerOption({
      description: "Rows of a minibatch; divides copies x steps.",
      default: defaults.batchSize,
      minimum: 2,
    }),
    "ent-coef": numberOption({
      description: "Weight of the entropy bonus.",
      default: defaults.entCoef,
      minimum: 0,
    }),
    ...autoscalingScriptOptions,
    ...trainingOptions,
  },
  examples: [
    "--timesteps 200000 --pattern SPIKE --eval",
    "--name ppo_custom --timesteps 150000",
    "--resume models/checkpoints/ppo_custom_50000_steps.zip",
  ],
}, async (options, context) => {
  const finished = await trainAutoscaling(options, {
    agent: "ppo",
    task: "train-ppo",
    copies: options.envs,
    settings: {
      ...PPO_AUTOSCALING,
      netArch: options.hidden,
      learningRate: options.learningRate,
      gamma: options.gamma,
      nSteps: options.nSteps,
      batchSize: options.batchSize,
      entCoef: options.entCoef,
    },
  }, context);
  return await reportRuns(finished, { randomStarts: options.eval });
});
