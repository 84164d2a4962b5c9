/**
 * What a queue with retries does before, during and after a trigger: means
 * over runs in windows of time.
 *
 * @module
 */
import { mean, standardDeviation } from "../../analysis/statistics.ts";
import { Random } from "../../core/random.ts";
import type { Table } from "../../core/table.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";
import type { RowBlock } from "../../envs/queueing/rows.ts";
import { createQueueingSimulator } from "../../envs/queueing/simulator.ts";

export type { QueueingOptions, Table };

/** A window of time, its end not included. */
export type TimeWindow = readonly [from: number, to: number];

/** What is measured. */
export interface WindowOptions {
  /** The system of one server, without its seed. */
  system: QueueingOptions;
  /** Windows, in order. */
  windows: readonly TimeWindow[];
  /** Independent runs. */
  runs: number;
  /** Seed of all runs. */
  seed: number;
  /** A queue is stuck from this length on. */
  stuckFrom: number;
}

/** Means over runs in one window. */
export interface WindowMeans {
  /** The window. */
  readonly window: TimeWindow;
  /** Services completed per unit of time. */
  readonly throughput: number;
  /** Jobs waiting, as rows say. */
  readonly queueLength: number;
  /** Standard error of the queue length. */
  readonly queueError: number;
  /** Time from request to completion. */
  readonly latency: number;
  /** Attempts lost per unit of time. */
  readonly drops: number;
  /** Share of completions that are retries. */
  readonly retriedShare: number;
  /** Completions in time, over the requests that come without a fault. */
  readonly goodput: number;
  /** Share of runs whose mean queue is stuck. */
  readonly stuckShare: number;
}

/** Sums over the rows of one run in one window. */
interface Sums {
  rows: number;
  queue: number;
  latency: number;
  retried: number;
  inTime: number;
  firstDropped: number;
  lastDropped: number;
}

function emptySums(): Sums {
  return {
    rows: 0,
    queue: 0,
    latency: 0,
    retried: 0,
    inTime: 0,
    firstDropped: NaN,
    lastDropped: NaN,
  };
}

function addRows(
  sums: readonly Sums[],
  block: RowBlock,
  { windows, system }: WindowOptions,
): void {
  const { timeout = 9, maxRetries = 3 } = system.clients[0];
  for (let i = 0; i < block.size; i++) {
    const time = block.timestamp[i];
    const place = windows.findIndex(([from, to]) => time >= from && time < to);
    if (place < 0) continue;
    const sum = sums[place];
    sum.rows++;
    sum.queue += block.queueLength[i];
    sum.latency += block.latency[i];
    if (block.retriesLeft[i] < maxRetries) sum.retried++;
    if (block.latency[i] <= timeout) sum.inTime++;
    if (sum.rows === 1) sum.firstDropped = block.dropped[i];
    sum.lastDropped = block.dropped[i];
  }
}

/**
 * Runs a system and averages its rows in windows of time.
 *
 * @param options System, windows, runs.
 */
export function windowMeans(options: WindowOptions): WindowMeans[] {
  const { system, windows, runs, seed, stuckFrom } = options;
  const random = new Random(seed);
  const all = Array.from({ length: runs }, () => {
    const sums = windows.map(emptySums);
    const simulator = createQueueingSimulator(
      { ...system, seed: random.integer(0, Number.MAX_SAFE_INTEGER) },
      { rows: (block) => addRows(sums, block, options) },
    );
    simulator.advanceTo(Math.max(...windows.map(([, to]) => to)));
    simulator.flushRows();
    return sums;
  });
  return windows.map((window, place): WindowMeans => {
    const duration = window[1] - window[0];
    const each = all.map((sums) => sums[place]);
    const over = (of: (sums: Sums) => number) => mean(each.map(of));
    const queues = each.map(({ queue, rows }) => queue / rows);
    return {
      window,
      throughput: over(({ rows }) => rows) / duration,
      queueLength: mean(queues),
      queueError: standardDeviation(queues) / Math.sqrt(runs),
      latency: over(({ latency, rows }) => latency / rows),
      drops: over(({ firstDropped, lastDropped }) =>
        lastDropped - firstDropped
      ) / duration,
      retriedShare: over(({ retried, rows }) => retried / rows),
      goodput: over(({ inTime }) => inTime) / duration /
        system.clients[0].arrivalRate,
      stuckShare: mean(queues.map((queue) => queue > stuckFrom ? 1 : 0)),
    };
  });
}

const two = (value: number) => value.toFixed(2);

/**
 * Means as a table, a window a row.
 *
 * @param title Above the table.
 * @param means From {@linkcode windowMeans}.
 */
export function windowTable(
  title: string,
  means: readonly WindowMeans[],
): Table {
  return {
    title,
    columns: [
      { header: "window" },
      { header: "completions", format: two },
      { header: "queue", format: two },
      { header: "±", format: two },
      { header: "latency", format: two },
      { header: "drops", format: two },
      { header: "retried", format: two },
      { header: "in time", format: two },
      { header: "stuck", format: two },
    ],
    rows: means.map((each) => [
      each.window.join("-"),
      each.throughput,
      each.queueLength,
      each.queueError,
      each.latency,
      each.drops,
      each.retriedShare,
      each.goodput,
      each.stuckShare,
    ]),
  };
}
