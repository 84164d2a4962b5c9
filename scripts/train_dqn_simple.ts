/**
 * Trains a deep Q-network to scale a service, with settings as they are.
 *
 * @module
 */
import { DQN_AUTOSCALING } from "../agents/settings/autoscaling.ts";
import { runScript, trainingOptions } from "../core/script.ts";
import { autoscalingScriptOptions } from "../experiments/autoscaling/options.ts";
import { reportRuns } from "../experiments/autoscaling/report.ts";
import {
  runOptions,
  trainAutoscaling,
} from "../experiments/autoscaling/training.ts";

await runScript({
  name: "train_dqn_simple",
  task: "train-dqn-simple",
  description:
    "Trains a deep Q-network to scale a service, with the settings of train_dqn as they are.",
  options: { ...runOptions, ...autoscalingScriptOptions, ...trainingOptions },
  examples: ["--timesteps 200000 --pattern RANDOM", "--pattern STEADY"],
}, async (options, context) => {
  const finished = await trainAutoscaling(options, {
    agent: "dqn",
    task: "train-dqn-simple",
    copies: 1,
    settings: DQN_AUTOSCALING,
  }, context);
  return await reportRuns(finished, { randomStarts: options.eval });
});
