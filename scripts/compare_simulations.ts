/**
 * Overlays simulations at several loads.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFigure } from "../analysis/figures/export.ts";
import {
  booleanOption,
  integerOption,
  numberOption,
  pathOption,
  stringOption,
} from "../core/options.ts";
import { userPath } from "../core/paths.ts";
import { runScript, UsageError } from "../core/script.ts";
import {
  faultTimes,
  systemScriptOptions,
} from "../experiments/queueing_data/generator_options.ts";
import {
  loadFigure,
  loadTable,
  readLoadResults,
} from "../experiments/queueing_learning/load_comparison.ts";
import { generateLoad } from "../experiments/queueing_learning/load_generation.ts";

const { rho: _, ...systemOptions } = systemScriptOptions(0.97);

await runScript({
  name: "compare_simulations",
  task: "compare-simulations",
  description:
    "Overlays mean latency and queue length of simulations at several loads: discrete_results_10.npz is the one at load 0.10, and so on. Where there is none in the current folder, or with --simulate, those that are missing are made.",
  options: {
    data: pathOption({
      description:
        "Folder of discrete_results_10.npz and so on (or .pkl). Default: the current one.",
    }),
    suffixes: stringOption({
      description:
        "What the files' names end in, separated by commas; with --simulate, loads in percent.",
      default: "10,20,50,75,90,97",
    }),
    prefix: stringOption({
      description:
        "What they begin with; discrete_results_multi_ for servers of a line.",
      default: "discrete_results_",
    }),
    simulate: booleanOption({
      description: "Simulates the loads whose files are missing.",
    }),
    runs: integerOption({
      description: "Runs of each load that is simulated.",
      default: 20,
      minimum: 1,
    }),
    step_time: numberOption({
      description: "Time between points of what is simulated.",
      default: 0.5,
      exclusiveMinimum: 0,
      unit: "time units",
    }),
    ...systemOptions,
  },
  examples: [
    "--simulate --runs 10 --out runs/loads",
    "--prefix discrete_results_multi_ --suffixes 1,2",
  ],
}, async (options, context) => {
  const suffixes = options.suffixes.split(",").map((text) => text.trim());
  const where = { prefix: options.prefix, suffixes };
  const folder = options.data ?? userPath(".");
  let { found, missing } = await readLoadResults(folder, where);
  const out = userPath(options.out ?? ".");
  const isEmpty = found.length === 0 && options.data === undefined;
  if (isEmpty && !options.simulate) {
    context.note(
      `There is nothing to compare here: simulating ${options.runs} runs of each load`,
    );
  }
  if (options.simulate || isEmpty) {
    for (const suffix of missing) {
      await generateLoad({ ...options, suffix, folder }, context);
    }
    ({ found, missing } = await readLoadResults(folder, where));
  }
  if (found.length === 0) {
    throw new UsageError(
      `Cannot find ${options.prefix}${
        suffixes[0]
      }.npz or any other of the loads in ${
        JSON.stringify(folder)
      }, expected --data, or --simulate to make them`,
    );
  }
  if (missing.length > 0) context.note(`Not there: ${missing.join(", ")}`);
  const { step, queueMean } = found[0].results;
  const simTime = (queueMean.length - 1) * step;
  const fault = faultTimes({ ...options, rho: 1, simTime });
  const files = {
    latency: join(out, "plot_latency.pdf"),
    queue: join(out, "plot_qlen.pdf"),
  };
  for (const curve of ["latency", "queue"] as const) {
    await writeFigure(files[curve], loadFigure(found, { curve, fault }));
  }
  const table = loadTable(found, fault);
  return {
    tables: [table],
    lines: Object.values(files).map((path) => `Wrote ${path}`),
    json: {
      files,
      loads: found.map(({ path, results }, i) => ({
        path,
        rho: results.rho,
        levels: table.rows[i].slice(1),
      })),
    },
  };
});
