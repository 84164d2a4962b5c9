/**
 * What scripts show of agents that balance load: tables in which they stand
 * beside the rules, and a page of figures.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { barFigure } from "../../analysis/figures/bar_figure.ts";
import type { Figure } from "../../analysis/figures/figure.ts";
import { writeFigurePage } from "../../analysis/figures/page.ts";
import type { ScriptContext, ScriptResult } from "../../core/script.ts";
import type { Table } from "../../core/table.ts";
import { learningFigures } from "../training/learning_figures.ts";
import {
  compareLoadBalancing,
  type ContenderOutcome,
  measureInterval,
  ruleContenders,
  withIntervals,
} from "./comparison.ts";
import { differenceTable, loadBalancingTable } from "./tables.ts";
import type { FinishedRun } from "../training/training_run.ts";

export type {
  ContenderOutcome,
  Figure,
  FinishedRun,
  ScriptContext,
  ScriptResult,
  Table,
};

/** Seed of the first episode that trained agents are tested on. */
export const TEST_SEED = 20_000;

/** Rules that trained agents are compared with one by one. */
export const COMPARED_RULES: readonly string[] = [
  "ecmp",
  "wcmp",
  "awcmp",
  "lsq",
  "sed",
];

/** Times of the best mean; beside longer ones, others cannot be told apart. */
const LONGEST_SHOWN = 4;

/**
 * Completion times as bars, best first; those of more than four times the best
 * mean are left out.
 *
 * @param outcomes What was compared.
 * @param title Above the figure.
 */
export function loadBalancingFigure(
  outcomes: readonly ContenderOutcome[],
  title: string,
): Figure {
  const meanOf = (outcome: ContenderOutcome) =>
    measureInterval(outcome, "mean").estimate;
  const sorted = outcomes.toSorted((one, two) => meanOf(one) - meanOf(two));
  const shown = sorted.filter((outcome) =>
    meanOf(outcome) <= LONGEST_SHOWN * meanOf(sorted[0])
  );
  const left = sorted.slice(shown.length).map(({ name }) => name);
  const bars = (name: "mean" | "p95") => ({
    name: name === "mean" ? "mean" : "95th percentile",
    values: shown.map((outcome) =>
      1000 * measureInterval(outcome, name).estimate
    ),
  });
  return barFigure([bars("mean"), bars("p95")], {
    categories: shown.map(({ name }) => name),
    title: left.length > 0 ? `${title}, without ${left.join(", ")}` : title,
    y: { title: "Completion time (ms)" },
  });
}

/**
 * The tables of a comparison: all contenders, then the trained ones against
 * {@linkcode COMPARED_RULES}.
 *
 * @param outcomes What was compared.
 * @param title Above the first.
 */
export function loadBalancingTables(
  outcomes: readonly ContenderOutcome[],
  title: string,
): Table[] {
  const all = loadBalancingTable(outcomes, title);
  return outcomes.some(({ learned }) => learned)
    ? [all, differenceTable(outcomes, COMPARED_RULES)]
    : [all];
}

/**
 * The few numbers that are told of an agent by itself.
 *
 * @param outcome The agent's.
 */
export function summaryLines(outcome: ContenderOutcome): string[] {
  const mean = (name: Parameters<typeof measureInterval>[1]) =>
    measureInterval(outcome, name).estimate;
  const milliseconds = (seconds: number) => `${(1000 * seconds).toFixed(1)} ms`;
  return [
    `Average reward: ${mean("reward").toFixed(4)} a step`,
    `Fairness: Jain ${mean("jain").toFixed(3)}, product ${
      mean("product").toFixed(3)
    }`,
    `Latency: ${milliseconds(mean("mean"))} avg, ${
      milliseconds(mean("p95"))
    } P95`,
  ];
}

/**
 * Compares finished runs with the rules on the same flows, and writes
 * `figures/NAME.html`.
 *
 * @param finished Runs that differ in their seed.
 * @param options Episodes of the comparison (with several runs of each), and
 * the script's context.
 */
export async function reportLoadBalancing(
  finished: readonly FinishedRun[],
  options: { episodes: number; context: ScriptContext },
): Promise<ScriptResult> {
  const [{ run, paths }] = finished;
  const { episodes, context } = options;
  const outcomes = await compareLoadBalancing(
    [
      {
        name: `${run.agent} last`,
        policies: finished.map(({ policy }) => policy),
      },
      {
        name: `${run.agent} best`,
        policies: finished.map(({ bestPolicy }) => bestPolicy),
      },
      ...ruleContenders(),
    ],
    {
      spec: run.evaluationEnvironment,
      blocks: finished.length,
      episodes,
      firstSeed: TEST_SEED,
    },
    context,
  );
  const title = `${
    finished.length * episodes
  } episodes that nobody was trained on`;
  const tables = loadBalancingTables(outcomes, title);
  const lines: string[] = [];
  if (paths) {
    const page = join(
      dirname(dirname(paths.model)),
      "figures",
      `${run.name}.html`,
    );
    await writeFigurePage(page, [
      loadBalancingFigure(outcomes, title),
      ...await learningFigures(paths),
    ], { title: run.name, tables });
    for (const { paths } of finished) {
      lines.push(
        `Model: ${paths!.model}`,
        `Best in validation: ${paths!.best}`,
      );
    }
    lines.push(`Figures: ${page}`);
  }
  return {
    tables,
    lines,
    json: {
      runs: finished.map(({ run, bestTimesteps, bestScore, paths }) => ({
        run: {
          ...run,
          environment: undefined,
          evaluationEnvironment: undefined,
        },
        environment: describedEnvironment(run.environment),
        bestTimesteps,
        bestScore,
        paths: paths ?? null,
      })),
      outcomes: outcomes.map(withIntervals),
    },
  };
}

/** A spec without the arrays of recorded traffic. */
function describedEnvironment(
  { id, options }: FinishedRun["run"]["environment"],
) {
  const { traffic } = options;
  if (traffic === null || typeof traffic !== "object") return { id, options };
  const { type, trace } = traffic as { type: string; trace?: { name: string } };
  return {
    id,
    options: { ...options, traffic: { type, trace: trace?.name ?? null } },
  };
}
