/**
 * Runs simulations many times, shows how they stand, and compares them.
 *
 * @module
 */
import {
  booleanOption,
  choiceOption,
  integerOption,
  numberOption,
  pathOption,
  stringOption,
} from "../core/options.ts";
import { runScript } from "../core/script.ts";
import { DEFAULT_SIMULATION_NAMES } from "../experiments/default_simulations.ts";
import {
  compareCommand,
  logsCommand,
  makeCommand,
  rerunCommand,
  type SimulateOptions,
  statusCommand,
} from "../experiments/simulation/commands.ts";
import { LOG_TYPES } from "../experiments/simulation/logs.ts";

const COMMANDS = {
  run: makeCommand,
  status: statusCommand,
  logs: logsCommand,
  rerun: rerunCommand,
  compare: compareCommand,
};

await runScript(
  {
    name: "simulate",
    task: "simulate",
    description:
      "Runs simulations of agents in arenas, several times each, in processes of their own. run makes a tree of runs or goes on with one; status, logs, rerun and compare look at it and mend it.",
    positionals: {
      command: choiceOption(
        Object.keys(COMMANDS) as (keyof typeof COMMANDS)[],
        {
          description: "What to do.",
          required: true,
        },
      ),
      tree: pathOption({
        description: "Folder of the runs.",
        default: "default_comparison",
      }),
    },
    options: {
      simulations: stringOption({
        description: `run: default simulations, with commas between them: ${
          DEFAULT_SIMULATION_NAMES.join(", ")
        }.`,
        placeholder: "NAME,...",
      }),
      file: pathOption({
        description: "run: a JSON file with a list of simulations.",
      }),
      "runs-per-sim": integerOption({
        description: "run: runs of each simulation, with seeds from --seed on.",
        default: 5,
        minimum: 1,
      }),
      jobs: integerOption({
        description:
          "Runs at a time. Default: one a processor; on a cluster no limit.",
        minimum: 1,
      }),
      "time-limit": numberOption({
        description: "Longest time of a run.",
        exclusiveMinimum: 0,
        unit: "s",
      }),
      "memory-limit": integerOption({
        description: "Most memory of a run.",
        minimum: 64,
        unit: "MiB",
      }),
      "fail-fast": booleanOption({
        description: "The first failed run stops the others.",
      }),
      "retry-failed": booleanOption({
        description: "run: begins failed runs anew as well.",
      }),
      "new-seeds": booleanOption({
        description: "Runs that are begun anew get other seeds.",
      }),
      launcher: choiceOption(["local", "slurm", "command"], {
        description: "Where runs are started.",
        default: "local",
      }),
      "runs-per-element": integerOption({
        description: "slurm: runs that an element of a job array does in turn.",
        default: 1,
        minimum: 1,
      }),
      sbatch: stringOption({
        description: 'slurm: more options of sbatch, as "--account=lab".',
      }),
      "launcher-command": stringOption({
        description:
          'command: what starts the lines of {tasks}, as "parallel -j 8 -a {tasks}".',
      }),
      "deno-flags": stringOption({
        description: 'More flags for the runs, as "--allow-net".',
      }),
      simulation: stringOption({
        description: "logs, rerun: place (from 0) or id of the simulation.",
      }),
      set: stringOption({
        description:
          "rerun: changed parameters, as lr_td=0.001,loop.n_steps=9.",
        placeholder: "NAME=VALUE,...",
      }),
      all: booleanOption({
        description: "rerun: begins finished runs anew as well.",
      }),
      "log-type": choiceOption(LOG_TYPES, {
        description: "logs: which log.",
        default: "error",
      }),
      follow: booleanOption({
        description: "Shows logs, or states, as they change.",
      }),
      metric: stringOption({
        description: "compare: a series of the training history.",
      }),
      "last-share": numberOption({
        description: "compare: the part at the end of a run that is averaged.",
        default: 0.1,
        exclusiveMinimum: 0,
        maximum: 1,
      }),
    },
    examples: [
      "run example_simulation --simulations stachenfeldIn2d --jobs 2",
      "status example_simulation",
      "logs example_simulation --simulation 0 --log-type run",
      "rerun example_simulation --simulation 0 --set lr_td=0.001",
      "compare example_simulation --out figures",
    ],
  },
  ({ command, ...options }, context) =>
    COMMANDS[command](options as SimulateOptions, context),
);
