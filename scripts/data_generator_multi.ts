/**
 * Generates data of a line of servers with retries that is hit by a fault.
 *
 * @module
 */
import { integerOption } from "../core/options.ts";
import { runScript } from "../core/script.ts";
import { systemScriptOptions } from "../experiments/queueing_data/generator_options.ts";
import {
  runGenerator,
  runScriptOptions,
} from "../experiments/queueing_data/generator_script.ts";

await runScript({
  name: "data_generator_multi",
  task: "generate-data-multi",
  description:
    "Simulates servers one behind the other with retries and a fault, many times, and writes rows, and means and sequences of each server.",
  options: {
    ...systemScriptOptions(0.95),
    ...runScriptOptions,
    num_servers: integerOption({
      description: "Servers, one behind the other.",
      default: 2,
      minimum: 1,
    }),
  },
  examples: ["--runs 10 --out runs/tandem", "--num-servers 3 --rho 0.8"],
}, (options, context) => runGenerator(options, context, options.numServers));
