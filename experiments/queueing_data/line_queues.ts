/**
 * Queues of two servers in a line, in the original's first version, beside
 * what ten runs of the original gave.
 *
 * @module
 */
import { mean, standardDeviation } from "../../analysis/statistics.ts";
import { Random } from "../../core/random.ts";
import type { Table } from "../../core/table.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";
import { createQueueingSimulator } from "../../envs/queueing/simulator.ts";

export type { Table };

/** Times, and the original's mean queues of both servers then. */
export const ORIGINAL_QUEUES: readonly (readonly [
  time: number,
  first: number,
  second: number,
])[] = [
  [100, 22.5, 13.8],
  [1000, 17, 29],
  [4000, 27, 49],
  [4550, 100, 100],
  [4650, 93.5, 98.9],
  [4800, 64, 99.3],
  [5000, 40, 99],
  [6000, 29, 92],
  [8000, 30, 83],
  [9900, 37, 81],
];

const SYSTEM: QueueingOptions = {
  clients: [{ arrivalRate: 9.5 }],
  servers: [{ next: [1] }, {}],
  retryModel: "reference",
  referenceVersion: "first",
  faults: [{ target: "arrivalRate", start: 4500, duration: 100, factor: 10 }],
};

/** Queues at one time. */
export interface LineQueues {
  /** The time. */
  readonly time: number;
  /** Mean over runs of the jobs that wait at each server. */
  readonly means: readonly number[];
  /** Their standard errors. */
  readonly errors: readonly number[];
}

/** Mean queues at the original's times. */
export function lineQueues(
  { runs, seed }: {
    /** Independent runs, at least 2. */
    runs: number;
    /** Seed of all runs. */
    seed: number;
  },
): LineQueues[] {
  const seeds = new Random(seed);
  const queues = ORIGINAL_QUEUES.map(() => [0, 1].map((): number[] => []));
  for (let run = 0; run < runs; run++) {
    const simulator = createQueueingSimulator({
      ...SYSTEM,
      seed: seeds.nextUint32(),
    });
    ORIGINAL_QUEUES.forEach(([time], i) => {
      simulator.advanceTo(time);
      queues[i].forEach((values, server) =>
        values.push(simulator.waiting(server))
      );
    });
  }
  return ORIGINAL_QUEUES.map(([time], i) => ({
    time,
    means: queues[i].map((values) => mean(values)),
    errors: queues[i].map((values) =>
      standardDeviation(values) / Math.sqrt(runs)
    ),
  }));
}

/** The queues beside the original's. */
export function lineTable(queues: readonly LineQueues[]): Table {
  const jobs = (value: number) => value.toFixed(1);
  const servers = ["first", "second"];
  return {
    title: "reference, first version: two servers, arrival rate 9.5",
    columns: [
      { header: "time" },
      ...servers.flatMap((name) => [
        { header: `${name} queue`, format: jobs },
        { header: "±", format: jobs },
        { header: "original", format: jobs },
      ]),
    ],
    rows: queues.map(({ time, means, errors }, i) => [
      time,
      ...servers.flatMap((_, server) => [
        means[server],
        errors[server],
        ORIGINAL_QUEUES[i][server + 1],
      ]),
    ]),
  };
}
