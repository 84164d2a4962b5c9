/**
 * How fast queues with retries are simulated, written and solved.
 *
 * Run by itself it prints its numbers as JSON.
 *
 * @module
 */
import { queueingChain } from "../analysis/markov/queueing_chain.ts";
import { stationaryLaw } from "../analysis/markov/stationary_law.ts";
import type { QueueingOptions, RetryModel } from "../envs/queueing/options.ts";
import { createQueueingSimulator } from "../envs/queueing/simulator.ts";
import { generate } from "../experiments/queueing_data/generation.ts";
import {
  formatRows,
  headerLine,
  roundTimes,
  rowBuffer,
} from "../experiments/queueing_data/row_format.ts";
import type { Measurement } from "./measure.ts";

export type { Measurement };

const HORIZON = 10_000;
const REPEATS = 15;
const RUNS = 100;
const FORMAT = { decimals: 11, withServer: false };

function systemOf(retryModel: RetryModel): QueueingOptions {
  return {
    clients: [{ arrivalRate: 9.7 }],
    faults: [{
      target: "arrivalRate",
      start: 0.45 * HORIZON,
      duration: 0.01 * HORIZON,
      factor: 10,
    }],
    retryModel,
  };
}

/** Least milliseconds of several: machines are noisy in one direction only. */
function bestTime(repeats: number, work: (repeat: number) => void): number {
  let best = Infinity;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const started = performance.now();
    work(repeat);
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/** One run, its rows counted. */
function measureRun(retryModel: RetryModel): Measurement[] {
  let rows = 0;
  const value = bestTime(REPEATS, (seed) => {
    rows = 0;
    const simulator = createQueueingSimulator(
      { ...systemOf(retryModel), seed },
      { rows: ({ size }) => rows += size },
    );
    simulator.advanceTo(HORIZON);
    simulator.flushRows();
  });
  const name = `queueing, a run of ${HORIZON} as ${retryModel}`;
  return [
    { name, value, unit: "ms", target: 40, moreIsBetter: false },
    { name: `${name}: rows`, value: rows, unit: "rows" },
  ];
}

/** One run with its file, and the same bytes alone. */
function measureFile(folder: string): Measurement[] {
  const bytes = rowBuffer();
  const path = `${folder}/rows.csv`;
  let size = 0;
  const value = bestTime(REPEATS, (seed) => {
    using file = Deno.openSync(path, {
      write: true,
      create: true,
      truncate: true,
    });
    file.writeSync(new TextEncoder().encode(headerLine(FORMAT)));
    size = 0;
    const simulator = createQueueingSimulator(
      { ...systemOf("reference"), seed },
      {
        rows(block) {
          roundTimes(block, FORMAT.decimals);
          const length = formatRows(block, bytes, { ...FORMAT, runtime: 0 });
          file.writeSync(bytes.subarray(0, length));
          size += length;
        },
      },
    );
    simulator.advanceTo(HORIZON);
    simulator.flushRows();
  });
  const content = new Uint8Array(size).fill(48);
  const disk = bestTime(REPEATS, () => Deno.writeFileSync(path, content));
  return [
    {
      name: "queueing, a run as reference with its file",
      value,
      unit: "ms",
      target: 120,
      moreIsBetter: false,
    },
    { name: "queueing, size of the file", value: size / 1e6, unit: "MB" },
    {
      name: "queueing, as many bytes written at once",
      value: disk,
      unit: "ms",
    },
  ];
}

/** All that generate-data does, on two cores, and its bytes alone. */
async function measureGeneration(folder: string): Promise<Measurement[]> {
  const out = `${folder}/runs`;
  const started = performance.now();
  await generate({
    folder: out,
    system: systemOf("reference"),
    runs: RUNS,
    seed: 0,
    horizon: HORIZON,
    step: 0.5,
    fault: [0.45 * HORIZON, 0.46 * HORIZON],
    rho: 0.97,
    rates: [9.7, 97, 9.7],
    multi: false,
    pickles: false,
    piEvery: 10,
    measureRuntime: false,
    jobs: 2,
    resume: false,
  });
  const value = (performance.now() - started) / 1000;
  let bytes = 0;
  for (const { name } of Deno.readDirSync(out)) {
    bytes += Deno.statSync(`${out}/${name}`).size;
  }
  const piece = new Uint8Array(1 << 23).fill(48);
  const begun = performance.now();
  using file = Deno.openSync(`${folder}/bytes`, { write: true, create: true });
  for (let done = 0; done < bytes; done += piece.length) file.writeSync(piece);
  const disk = (performance.now() - begun) / 1000;
  return [
    {
      name: `queueing, ${RUNS} runs with all files, two jobs`,
      value,
      unit: "s",
      target: 7,
      moreIsBetter: false,
    },
    { name: "queueing, size of all files", value: bytes / 1e6, unit: "MB" },
    {
      name: "queueing, as many bytes written in one file",
      value: disk,
      unit: "s",
    },
  ];
}

/** Stationary distributions of 20,000 states, of two shapes. */
function measureChains(): Measurement[] {
  return [[400, 50], [142, 141]].map(([queueStates, orbitStates]) => ({
    name: `queueing chain, stationary law of ${queueStates} x ${orbitStates}`,
    value: bestTime(3, () => {
      const { chain } = queueingChain({
        arrivalRate: 9.5,
        serviceRate: 10,
        queueStates,
        orbitStates,
      });
      stationaryLaw(chain);
    }) / 1000,
    unit: "s",
    target: 2,
    moreIsBetter: false,
  }));
}

/** Simulation, files and chains. */
export async function measureQueueing(): Promise<Measurement[]> {
  const folder = await Deno.makeTempDir();
  try {
    return [
      ...measureRun("reference"),
      ...measureRun("attempt"),
      ...measureFile(folder),
      ...await measureGeneration(folder),
      ...measureChains(),
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  console.log(JSON.stringify(await measureQueueing(), undefined, 2));
}
