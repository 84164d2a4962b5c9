/**
 * The table that a demonstration ends with.
 *
 * @module
 */
import type { Table } from "../../core/table.ts";
import { comparePolicies, type Comparison } from "../autoscaling/comparison.ts";
import type { DemoLoad } from "./load.ts";
import { type DemoPolicy, environmentSpec } from "./policies.ts";

export type { Comparison, DemoLoad, DemoPolicy, Table };

/** Longest episode whose optimum is worth the wait. */
const LONGEST_FOR_OPTIMUM = 2000;

/**
 * Runs every policy through the whole episode, each in its own service under
 * the load of all, with the exact optimum where there is one.
 *
 * @param policies Who steers.
 * @param load What all of them meet.
 */
export function compareDemo(
  policies: readonly DemoPolicy[],
  load: DemoLoad,
): Comparison {
  const seeds = [load.seed];
  const results = policies.flatMap((policy) =>
    comparePolicies([policy.contender], {
      specs: [environmentSpec(policy, load)],
      seeds,
      optimum: false,
    }).results
  );
  const best = load.demand.length - 1 <= LONGEST_FOR_OPTIMUM
    ? comparePolicies([], {
      specs: [environmentSpec({ options: {} }, load)],
      seeds,
    })
    : { results: [], noOptimum: "the episode is long" };
  return {
    results: [...results, ...best.results]
      .toSorted((a, b) => b.return - a.return),
    noOptimum: best.noOptimum,
  };
}

/**
 * A comparison as the table at the end, the best policy first.
 *
 * @param comparison One episode a policy.
 * @param load Gives the title.
 */
export function closingTable(comparison: Comparison, load: DemoLoad): Table {
  const digits = (count: number) => (value: number) => value.toFixed(count);
  return {
    title: `${load.name}, ${load.demand.length - 1} steps`,
    columns: [
      { header: "policy" },
      { header: "return", format: digits(4) },
      { header: "bill", unit: "$", format: digits(2) },
      { header: "legacy cost", unit: "$", format: digits(3) },
      { header: "max queue" },
      { header: "instances", format: digits(1) },
      { header: "load", unit: "%", format: digits(1) },
      { header: "wait", unit: "s", format: digits(2) },
      { header: "late", unit: "%", format: digits(2) },
      { header: "steps" },
    ],
    rows: comparison.results.map((result) => [
      result.name,
      result.return,
      result.billPerSecond,
      result.legacyCost,
      result.largestQueue,
      result.meanInstances,
      result.meanLoad,
      result.meanWaitSeconds,
      result.violations,
      result.steps,
    ]),
  };
}
