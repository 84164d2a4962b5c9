/**
 * Learns a Koopman model of a queue from generated data.
 *
 * @module
 */
import {
  booleanOption,
  choiceOption,
  integerOption,
  numberOption,
} from "../core/options.ts";
import { runScript, trainingOptions } from "../core/script.ts";
import {
  dataScriptOptions,
  modelScriptOptions,
} from "../experiments/queueing_learning/learning_options.ts";
import { runLearning } from "../experiments/queueing_learning/learning_run.ts";

await runScript({
  name: "learning_from_simulation_data",
  task: "learn-koopman",
  description:
    "Learns a Koopman model of a queue from what data_generator wrote, and compares its timescale with simpler methods and with the queue's own autocorrelation time.",
  options: {
    ...dataScriptOptions,
    mode: choiceOption(["default", "reference"], {
      description:
        "The better model, from runs where there are rows; or the original's architecture and loss, from means.",
      default: "default",
    }),
    epochs: integerOption({
      description:
        "Epochs of the reference (default 1000) or updates of the default model (2000).",
      minimum: 1,
    }),
    from_means: booleanOption({
      description: "Learns from means over runs though rows are there.",
    }),
    resamples: integerOption({
      description:
        "Sets of runs drawn for intervals of learned times; none with fewer than 2.",
      default: 200,
      minimum: 0,
    }),
    stationary_runs: integerOption({
      description:
        "Long runs for the autocorrelation time, where generation.json says what to simulate; 0 for none.",
      default: 20,
      minimum: 0,
    }),
    stationary_time: numberOption({
      description: "Length of each of them.",
      default: 100_000,
      minimum: 1,
      unit: "time units",
    }),
    ...modelScriptOptions,
    device: trainingOptions.device,
    checkpoint_every: integerOption({
      description: "Epochs or updates between checkpoints.",
      default: 200,
      minimum: 1,
    }),
    resume: trainingOptions.resume,
  },
  examples: [
    "",
    "--mode reference",
    "--data runs/tandem --server 2",
    "--kind pickles --data old_results",
    "--resume learned_model.checkpoint.zip",
  ],
}, (options, context) => runLearning(options, context));
