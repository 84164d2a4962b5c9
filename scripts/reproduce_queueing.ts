/**
 * Regenerates the published numbers about metastable queues.
 *
 * @module
 */
import {
  choiceOption,
  integerOption,
  numberListOption,
  numberOption,
} from "../core/options.ts";
import { runScript, trainingOptions } from "../core/script.ts";
import { claimTable } from "../experiments/metastability/timescale_study.ts";
import {
  reproduceControl,
  reproduceTimescale,
} from "../experiments/metastability/reproduction.ts";

await runScript({
  name: "reproduce_queueing",
  task: "reproduce:queueing",
  description:
    "Learns the timescale of the original's queue from many runs and from few, beside its autocorrelation time; holds the bound against settling; trains agents that bring a collapsed service back, over several seeds.",
  options: {
    part: choiceOption(["all", "timescale", "reference", "control"], {
      description: "What to run.",
      default: "all",
    }),
    counts: numberListOption({
      description: "Numbers of runs that are learned from.",
      default: [1000, 100],
      minimum: 2,
    }),
    updates: integerOption({
      description: "Updates of the default model.",
      default: 2000,
      minimum: 1,
    }),
    epochs: integerOption({
      description: "Epochs of the reference model.",
      default: 1000,
      minimum: 1,
    }),
    resamples: integerOption({
      description: "Sets of runs drawn for each interval.",
      default: 200,
      minimum: 2,
    }),
    stationary_runs: integerOption({
      description: "Long runs for the autocorrelation time.",
      default: 120,
      minimum: 4,
    }),
    stationary_time: numberOption({
      description: "Length of each of them.",
      default: 100_000,
      minimum: 1,
      unit: "time units",
    }),
    timesteps: integerOption({
      description: "Steps of each agent's training.",
      default: 20_000,
      minimum: 1,
    }),
    seeds: integerOption({
      description: "Seeds of each agent.",
      default: 5,
      minimum: 1,
    }),
    episodes: integerOption({
      description: "Episodes that agents and rules are compared on.",
      default: 100,
      minimum: 1,
    }),
    device: trainingOptions.device,
  },
  examples: ["--part control", "--json > docs/results/queueing.json"],
}, async (options, context) => {
  const wanted = (part: string) => ["all", part].includes(options.part);
  const parts = [
    ...wanted("timescale") || wanted("reference")
      ? [await reproduceTimescale({ ...options, wanted }, context)]
      : [],
    ...wanted("control") ? [await reproduceControl(options, context)] : [],
  ];
  const claims = parts.flatMap(({ claims }) => claims);
  return {
    tables: [...parts.flatMap(({ tables }) => tables), claimTable(claims)],
    json: { parts: parts.map(({ json }) => json), claims },
  };
});
