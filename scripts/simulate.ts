/**
 * Runs simulations many times, shows how they stand, and compares them.
 *
 * @module
 */
import { choiceOption, pathOption } from "../core/options.ts";
import { runScript } from "../core/script.ts";
import {
  compareCommand,
  logsCommand,
  makeCommand,
  rerunCommand,
  statusCommand,
} from "../experiments/simulation/commands.ts";
import { simulateOptions } from "../experiments/simulation/command_options.ts";

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
    options: simulateOptions,
    examples: [
      "run example_simulation --simulations stachenfeldIn2d --jobs 2",
      "status example_simulation",
      "logs example_simulation --simulation 0 --log-type run",
      "rerun example_simulation --simulation 0 --set lr_td=0.001",
      "compare example_simulation --out figures",
    ],
  },
  ({ command, ...options }, context) => COMMANDS[command](options, context),
);
