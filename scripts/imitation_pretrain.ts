/**
 * Trains a policy to do what a recorded expert did.
 *
 * @module
 */
import {
  choiceOption,
  integerListOption,
  integerOption,
  numberOption,
  pathOption,
  stringOption,
} from "../core/options.ts";
import { runScript, trainingOptions } from "../core/script.ts";
import {
  IMITATION_TASK,
  trainImitation,
} from "../experiments/routing/imitation.ts";
import { imitationTable } from "../experiments/routing/training_report.ts";

await runScript({
  name: "imitation_pretrain",
  task: IMITATION_TASK,
  description:
    "Trains a policy to do what a recorded expert did (behaviour cloning), for train-ddpg --pretrained.",
  options: {
    data: pathOption({
      description:
        "Recorded steps: of generate-expert-dataset, or a Minari data set (its folder).",
      default: "expert_dataset.npz",
    }),
    epochs: integerOption({
      description: "How often each row is learned from.",
      default: 50,
      minimum: 1,
    }),
    "batch-size": integerOption({
      description: "Rows of an update.",
      default: 64,
      minimum: 1,
    }),
    lr: numberOption({
      description: "Adam's learning rate.",
      default: 1e-4,
      exclusiveMinimum: 0,
    }),
    hidden: integerListOption({
      description: "Widths of the hidden layers.",
      default: [256, 256],
      minimum: 1,
    }),
    "validation-share": numberOption({
      description:
        "Share of the rows held out, in whole episodes, to measure the policy by.",
      default: 0.1,
      minimum: 0,
      maximum: 0.9,
    }),
    mode: choiceOption(["default", "reference"], {
      description:
        "What actions are in files of states and actions alone: from -1 to 1, or from -0.5 to 0.5 as the original's. Other files say it.",
      default: "default",
    }),
    name: stringOption({
      description: "Name of the model.",
      default: "actor_pretrained",
    }),
    ...trainingOptions,
  },
  examples: ["--data expert_dataset.npz --epochs 50", "--lr 0.001 --seeds 3"],
}, async (options, context) => {
  const imitations = await trainImitation(options, context);
  return {
    tables: [imitationTable(imitations)],
    lines: imitations.map(({ finished }) => `Wrote ${finished.paths?.model}`),
    json: {
      models: imitations.map(({ finished, training, validation }) => ({
        path: finished.paths?.model,
        seed: finished.run.seed,
        updates: finished.run.totalTimesteps,
        bestScore: finished.bestScore,
        training,
        validation,
      })),
    },
  };
});
