/**
 * Comparisons of load balancing as tables.
 *
 * @module
 */
import type { Table } from "../../core/table.ts";
import {
  type ContenderOutcome,
  type EpisodeMeasures,
  measureInterval,
  pairedDifference,
} from "./comparison.ts";

export type { ContenderOutcome, Table };

const MILLISECONDS = 1000;
const PERCENT = 100;

/**
 * All contenders, best first by their mean completion time.
 *
 * @param outcomes What was compared.
 * @param title Above the table.
 */
export function loadBalancingTable(
  outcomes: readonly ContenderOutcome[],
  title: string,
): Table {
  const digits = (count: number) => (value: number) => value.toFixed(count);
  const mean = (outcome: ContenderOutcome, name: keyof EpisodeMeasures) =>
    measureInterval(outcome, name).estimate;
  const half = (outcome: ContenderOutcome) => {
    const { estimate, high } = measureInterval(outcome, "mean");
    return MILLISECONDS * (high - estimate);
  };
  const sorted = outcomes.toSorted((one, two) =>
    mean(one, "mean") - mean(two, "mean")
  );
  return {
    title,
    columns: [
      { header: "who" },
      { header: "mean", unit: "ms", format: digits(2) },
      { header: "±95 %", unit: "ms", format: digits(2) },
      { header: "p90", unit: "ms", format: digits(1) },
      { header: "p95", unit: "ms", format: digits(1) },
      { header: "p99", unit: "ms", format: digits(1) },
      { header: "rejected", unit: "%", format: digits(3) },
      { header: "Jain", format: digits(3) },
      { header: "product", format: digits(3) },
      { header: "over-provision", format: digits(2) },
      { header: "reward a step", format: digits(4) },
    ],
    rows: sorted.map((outcome) => [
      outcome.oracle ? `${outcome.name} (knows all)` : outcome.name,
      MILLISECONDS * mean(outcome, "mean"),
      half(outcome),
      ...(["p90", "p95", "p99"] as const).map((name) =>
        MILLISECONDS * mean(outcome, name)
      ),
      PERCENT * mean(outcome, "rejected"),
      mean(outcome, "jain"),
      mean(outcome, "product"),
      mean(outcome, "overProvision"),
      mean(outcome, "reward"),
    ]),
  };
}

/**
 * Each trained contender against rules, on the same flows: negative is faster.
 *
 * @param outcomes What was compared.
 * @param rules Names of rules among them.
 */
export function differenceTable(
  outcomes: readonly ContenderOutcome[],
  rules: readonly string[],
): Table {
  const found = rules.flatMap((name) =>
    outcomes.filter((outcome) => outcome.name === name && !outcome.learned)
  );
  const digits = (value: number) => value.toFixed(2);
  return {
    title: "Mean completion time, paired differences with 95 % intervals",
    columns: [
      { header: "who" },
      { header: "against" },
      { header: "difference", unit: "ms", format: digits },
      { header: "from", unit: "ms", format: digits },
      { header: "to", unit: "ms", format: digits },
      { header: "relative", unit: "%", format: digits },
    ],
    rows: outcomes.filter(({ learned }) => learned).flatMap((one) =>
      found.map((other) => {
        const { estimate, low, high } = pairedDifference(one, other);
        return [
          one.name,
          other.name,
          MILLISECONDS * estimate,
          MILLISECONDS * low,
          MILLISECONDS * high,
          PERCENT * estimate / measureInterval(other, "mean").estimate,
        ];
      })
    ),
  };
}
