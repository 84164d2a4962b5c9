/**
 * What a data set is like, in numbers.
 *
 * @module
 */
import type { Table } from "../../core/table.ts";
import type { SDNEnv } from "../../envs/sdn/sdn_env.ts";

export type { SDNEnv, Table };

/** Means over steps; undefined where there are none. */
export interface DatasetMeans {
  /** Mean reward of a step. */
  readonly reward: number | undefined;
  /** Mean of the largest utilisation of each step. */
  readonly largestUtilisation: number | undefined;
  /** Mean of the mean delay of each step, in milliseconds. */
  readonly averageDelayMs: number | undefined;
  /** Mean throughput, in Mbit/s. */
  readonly throughputMbps: number | undefined;
}

/** Sums over steps. */
export interface DatasetTotals {
  /** How many steps were added. */
  readonly count: number;
  /** Adds a step. */
  add(result: ReturnType<SDNEnv["step"]>): void;
  /** The means. */
  means(): DatasetMeans;
}

/** Sums that nothing was added to. */
export function makeTotals(): DatasetTotals {
  const sums = { reward: 0, largest: 0, delay: 0, throughput: 0 };
  let count = 0;
  return {
    get count() {
      return count;
    },
    add({ reward, info }) {
      count++;
      sums.reward += reward;
      sums.largest += info.largestUtilisation ?? NaN;
      sums.delay += info.averageDelayMs;
      sums.throughput += info.throughputMbps;
    },
    means() {
      const mean = (sum: number) =>
        count === 0 || Number.isNaN(sum) ? undefined : sum / count;
      return {
        reward: mean(sums.reward),
        largestUtilisation: mean(sums.largest),
        averageDelayMs: mean(sums.delay),
        throughputMbps: mean(sums.throughput),
      };
    },
  };
}

/**
 * The means as a table.
 *
 * @param totals The sums.
 */
export function datasetTable(totals: DatasetTotals): Table {
  const means = totals.means();
  return {
    title: "Mean of the steps of this run",
    columns: [
      { header: "steps" },
      { header: "reward" },
      { header: "largest utilisation" },
      { header: "delay", unit: "ms" },
      { header: "throughput", unit: "Mbit/s" },
    ],
    rows: [[
      totals.count,
      means.reward,
      means.largestUtilisation,
      means.averageDelayMs,
      means.throughputMbps,
    ]],
  };
}
