/**
 * Regenerates the numbers of docs/queueing.md and docs/markov_chains.md.
 *
 * @module
 */
import {
  chainErrors,
  type ChainMeasure,
} from "../analysis/markov/chain_error.ts";
import { queueingChain } from "../analysis/markov/queueing_chain.ts";
import { integerOption } from "../core/options.ts";
import { runScript } from "../core/script.ts";
import type { Table } from "../core/table.ts";
import type { QueueingOptions, RetryModel } from "../envs/queueing/options.ts";
import {
  lineQueues,
  lineTable,
} from "../experiments/queueing_data/line_queues.ts";
import {
  windowMeans,
  windowTable,
} from "../experiments/queueing_data/windows.ts";

const WINDOWS = [
  [500, 4500],
  [4500, 4600],
  [4600, 4700],
  [4700, 5000],
  [5000, 6000],
  [6000, 8000],
  [8000, 10_000],
] as const;

const CASES: readonly [RetryModel, number][] = [
  ["reference", 9.7],
  ["reference", 9],
  ["attempt", 9.5],
  ["attempt", 9],
  ["attempt", 8.5],
  ["attempt", 8],
  ["attempt", 7],
];

function systemOf(
  retryModel: RetryModel,
  arrivalRate: number,
): QueueingOptions {
  return {
    clients: [{ arrivalRate }],
    faults: [
      { target: "arrivalRate", start: 4500, duration: 100, factor: 10 },
    ],
    retryModel,
  };
}

function chainTable(title: string, measures: readonly ChainMeasure[]): Table {
  const digits = (value: number) => value.toPrecision(4);
  return {
    title,
    columns: [
      { header: "mean" },
      { header: "chain", format: digits },
      { header: "simulated", format: digits },
      { header: "from", format: digits },
      { header: "to", format: digits },
      { header: "error", format: (value) => `${(100 * value).toFixed(1)} %` },
    ],
    rows: measures.map(({ name, chain, simulated, relativeError }) => [
      name,
      chain,
      simulated.estimate,
      simulated.low,
      simulated.high,
      relativeError,
    ]),
  };
}

await runScript({
  name: "reproduce_queueing_simulator",
  task: "reproduce:queueing-simulator",
  description:
    "Regenerates the numbers of docs/queueing.md and docs/markov_chains.md.",
  options: {
    runs: integerOption({
      description: "Runs of each case.",
      default: 24,
      minimum: 2,
    }),
  },
}, async ({ runs, seed }, { progress, breathe, signal }) => {
  const models = ["orbit", "attempt", "reference"] as const;
  const rates = [8, 9, 9.5];
  const total = CASES.length + models.length * rates.length;
  using shown = progress({ total, label: "Measuring", unit: "cases" });
  const tables: Table[] = [];
  const windows: unknown[] = [];
  const chains: unknown[] = [];
  for (const [retryModel, rate] of CASES) {
    if (signal.aborted) break;
    const means = windowMeans({
      system: systemOf(retryModel, rate),
      windows: WINDOWS,
      runs,
      seed,
      stuckFrom: 90,
    });
    windows.push({ retryModel, rate, means });
    tables.push(windowTable(`${retryModel}, arrival rate ${rate}`, means));
    shown.update(windows.length);
    await breathe();
  }
  for (const arrivalRate of rates) {
    const chain = queueingChain({ arrivalRate, serviceRate: 10 });
    for (const retryModel of models) {
      if (signal.aborted) break;
      const measures = chainErrors(chain, { retryModel, runs, seed });
      chains.push({ retryModel, arrivalRate, measures });
      tables.push(
        chainTable(`the chain and ${retryModel} at ${arrivalRate}`, measures),
      );
      shown.update(windows.length + chains.length);
      await breathe();
    }
  }
  const line = lineQueues({ runs, seed });
  tables.push(lineTable(line));
  return { tables, json: { windows, chains, line } };
});
