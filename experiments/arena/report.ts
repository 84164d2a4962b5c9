/**
 * What the models of arenas did, as tables.
 *
 * @module
 */
import { type McNemarTest, mcnemarTest } from "../../analysis/mcnemar.ts";
import { mean, standardDeviation } from "../../analysis/statistics.ts";
import type { Table } from "../../core/table.ts";
import type { GridCellRun, SuccessorComparison } from "./reproduction.ts";

export type { GridCellRun, McNemarTest, SuccessorComparison, Table };

/** Changes whose probability is below this are taken for real. */
const SIGNIFICANCE = 0.01;
/** How far from the law a spacing may be. */
const TOLERANCE = 0.05;

const fixed = (digits: number) => (value: number) => value.toFixed(digits);

/**
 * Learned successor matrices, one line a discount factor.
 *
 * @param title Above the table.
 * @param comparisons By discount factor.
 */
export function successorTable(
  title: string,
  comparisons: readonly (SuccessorComparison & { discount: number })[],
): Table {
  return {
    title,
    columns: [
      { header: "gamma" },
      { header: "mean square of t", format: fixed(3) },
      { header: "expected", format: fixed(3) },
      { header: "largest difference", format: fixed(4) },
    ],
    rows: comparisons.map((one) => [
      one.discount,
      one.meanSquare,
      one.expected,
      one.largestDifference,
    ]),
  };
}

/**
 * Spacings along lines over those of the law, one line a set.
 *
 * @param title Above the table.
 * @param sets Names, and the ratio of each neuron.
 */
export function spacingTable(
  title: string,
  sets: readonly { set: string; ratios: readonly number[] }[],
): Table {
  return {
    title,
    columns: [
      { header: "set" },
      { header: "neurons" },
      { header: "mean", format: fixed(3) },
      { header: "standard deviation", format: fixed(3) },
      { header: "within 5 %" },
    ],
    rows: sets.map(({ set, ratios }) => [
      set,
      ratios.length,
      mean(ratios),
      standardDeviation(ratios),
      Math.abs(mean(ratios) - 1) <= TOLERANCE ? "yes" : "no",
    ]),
  };
}

/**
 * Whether grid scores rose above 0; those that are NaN are not above.
 *
 * @param runs One a seed.
 */
export function gridScoreTest(
  runs: readonly Pick<GridCellRun, "before" | "after">[],
): McNemarTest {
  return mcnemarTest(runs.map(({ before, after }) => [before > 0, after > 0]));
}

/**
 * Grid cells of one set.
 *
 * @param set Its name.
 * @param runs One a seed.
 */
export function gridTable(set: string, runs: readonly GridCellRun[]): Table {
  const test = gridScoreTest(runs);
  const of = (key: Exclude<keyof GridCellRun, "rates">) =>
    runs.map((run) => run[key]).filter(Number.isFinite);
  const meanOf = (key: Parameters<typeof of>[0]) =>
    of(key).length > 0 ? mean(of(key)) : NaN;
  const spacings = of("spacing");
  const positive = (key: "before" | "after") =>
    `${of(key).filter((score) => score > 0).length} of ${runs.length}`;
  const rises = test.won > test.lost && test.probability < SIGNIFICANCE;
  return {
    title: `Grid cells of ${set}, ${runs.length} seeds`,
    columns: [{ header: "what" }, { header: "measured" }],
    rows: [
      ["score above 0 before learning", positive("before")],
      ["score above 0 after", positive("after")],
      ["became so, and no more so", `${test.won}, ${test.lost}`],
      ["McNemar's probability", test.probability],
      ["the share rises", rises ? "yes" : "no"],
      ["mean score before", meanOf("before")],
      ["mean score after", meanOf("after")],
      ["spacing, part of the room", meanOf("spacing")],
      [
        "its standard deviation",
        spacings.length > 1 ? standardDeviation(spacings) : NaN,
      ],
      ["mean rate, Hz", meanOf("meanRate")],
      ["peak rate, Hz", meanOf("peakRate")],
    ],
  };
}
