/**
 * Says whether a queue with retries is metastable, and what would help.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFigurePage } from "../analysis/figures/page.ts";
import {
  integerOption,
  numberListOption,
  numberOption,
} from "../core/options.ts";
import { userPath } from "../core/paths.ts";
import { runScript } from "../core/script.ts";
import { analyse } from "../experiments/metastability/analysis.ts";
import { analysisNumbers } from "../experiments/metastability/analysis_numbers.ts";
import {
  answerTable,
  ASSUMPTIONS,
  mitigationTable,
  verdict,
} from "../experiments/metastability/answer_tables.ts";
import { phaseFigure } from "../experiments/metastability/phase_diagram.ts";
import {
  faultTimes,
  systemOf,
  systemScriptOptions,
} from "../experiments/queueing_data/generator_options.ts";

await runScript({
  name: "analyse_metastability",
  task: "analyse-metastability",
  description:
    "Parameters in, one page out: whether retries can hold the system down after a fault, how long it takes to settle or recover by three methods, for which loads and triggers it stays down, and what each mitigation buys.",
  options: {
    ...systemScriptOptions(0.9),
    runs: integerOption({
      description: "Runs of the fault, and of each mitigation.",
      default: 40,
      minimum: 2,
    }),
    cell_runs: integerOption({
      description: "Runs of each cell of the phase diagram.",
      default: 5,
      minimum: 1,
    }),
    loads: numberListOption({
      description: "Loads of the phase diagram.",
      default: [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95],
      exclusiveMinimum: 0,
    }),
    durations: numberListOption({
      description: "Durations of its triggers.",
      default: [0.2, 0.5, 1, 2, 5, 20, 100],
      exclusiveMinimum: 0,
      unit: "time units",
    }),
    updates: integerOption({
      description: "Updates of the learned model.",
      default: 2000,
      minimum: 1,
    }),
    resamples: integerOption({
      description:
        "Sets of runs drawn for intervals of its times; none with fewer than 2.",
      default: 200,
      minimum: 0,
    }),
    stationary_runs: integerOption({
      description: "Long runs for the autocorrelation time.",
      default: 20,
      minimum: 4,
    }),
    stationary_time: numberOption({
      description: "Length of each of them.",
      default: 50_000,
      minimum: 1,
      unit: "time units",
    }),
    epsilon: numberOption({
      description: "Half width of the band that the bound is for.",
      default: 5,
      exclusiveMinimum: 0,
      unit: "jobs",
    }),
  },
  examples: [
    "",
    "--rho 0.97 --retry-model reference",
    "--rho 0.8 --max-retries 5 --timeout-t 3 --out runs/mine",
  ],
}, async (options, context) => {
  const [start, end] = faultTimes(options);
  const factor = (options.rhoFault ?? 10 * options.rho) / options.rho;
  const found = await analyse({
    ...options,
    system: systemOf(options),
    fault: { start, end },
    factor,
    horizon: options.simTime,
    orbitStates: options.rsize,
    stationary: {
      runs: options.stationaryRuns,
      length: options.stationaryTime,
    },
  }, context);
  const tables = [
    answerTable(found.answers, options.epsilon),
    mitigationTable(found.outcomes),
  ];
  const sentence = verdict(found.answers);
  const page = join(userPath(options.out ?? "."), "metastability.html");
  await writeFigurePage(page, [
    found.figure,
    phaseFigure(found.diagram, { factor, after: found.diagramAfter }),
  ], {
    title:
      `Load ${options.rho}, time-out ${options.timeoutT}, ${options.maxRetries} retries, ${options.retryModel} model`,
    notes: [sentence, ...ASSUMPTIONS].join("\n\n"),
    tables,
  });
  return {
    tables,
    lines: [sentence, `Wrote ${page}`],
    json: {
      verdict: sentence,
      page,
      ...analysisNumbers(found, options.epsilon),
    },
  };
});
