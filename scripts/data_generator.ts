/**
 * Generates data of a server with retries that is hit by a fault.
 *
 * @module
 */
import { runScript } from "../core/script.ts";
import { systemScriptOptions } from "../experiments/queueing_data/generator_options.ts";
import {
  runGenerator,
  runScriptOptions,
} from "../experiments/queueing_data/generator_script.ts";

await runScript({
  name: "data_generator",
  task: "generate-data",
  description:
    "Simulates a server with retries that is hit by a fault, many times, and writes rows, means and sequences to learn from.",
  options: { ...systemScriptOptions(0.97), ...runScriptOptions },
  examples: [
    "--runs 100 --out runs/queueing",
    "--rho 0.9 --genpkl --seed 1",
    "--retry-model reference --throttle",
    "--runs 200 --resume",
  ],
}, (options, context) => runGenerator(options, context));
