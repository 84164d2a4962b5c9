/**
 * What a training script shows at its end: tables in which the agent stands
 * beside the rules and the optimum, and a page of figures.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { barFigure } from "../../analysis/figures/bar_figure.ts";
import type { Figure } from "../../analysis/figures/figure.ts";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import { writeFigurePage } from "../../analysis/figures/page.ts";
import type { ScriptResult } from "../../core/script.ts";
import type { Table } from "../../core/table.ts";
import type { EnvironmentSpec } from "../../envs/registry.ts";
import {
  allRules,
  comparePolicies,
  type Comparison,
  comparisonJson,
  comparisonTable,
  type Contender,
  type ContenderResult,
  policyContender,
} from "./comparison.ts";
import { learningFigures } from "../training/learning_figures.ts";
import type { FinishedQLearning } from "../training/q_learning_run.ts";
import type {
  FinishedRun,
  NamedEnvironment,
} from "../training/training_run.ts";

/** Seed of the first random start that trained agents are tested on. */
const TEST_SEED = 20_000;

/** What is reported. */
export interface ReportOptions {
  /** Trained agents; rules and optimum are added. */
  readonly agents: readonly Contender[];
  /** What policies are compared in, each from its beginning. */
  readonly tests: readonly NamedEnvironment[];
  /** Also ten episodes in it, at random starts. */
  readonly randomStarts?: EnvironmentSpec;
  /** Where the page of figures goes; none without. */
  readonly page?: { path: string; title: string; figures: readonly Figure[] };
  /** Lines below the tables. */
  readonly lines?: readonly string[];
  /** Further fields of the JSON document. */
  readonly json?: Record<string, unknown>;
}

const RANDOM_STARTS = 10;

/**
 * Compares, writes the page, and returns what the script prints.
 *
 * @param options What is reported.
 */
export async function reportAutoscaling(
  options: ReportOptions,
): Promise<ScriptResult> {
  const contenders = [...options.agents, ...allRules()];
  const compared = compareAll(contenders, options);
  const lines = [...options.lines ?? []];
  const json = compared.map(({ title, comparison }) => ({
    title,
    ...comparisonJson(comparison) as Record<string, unknown>,
  }));
  const reason = compared[0].comparison.noOptimum;
  if (reason !== undefined) {
    lines.push(`There is no exact optimum: ${reason}`);
  }
  const tables = compared.map(({ title, comparison }): Table =>
    comparisonTable(comparison, title)
  );
  if (options.page) {
    const { path, title, figures } = options.page;
    const [first] = compared;
    await writeFigurePage(
      path,
      [
        ...comparisonFigures(first.comparison, {
          title: first.title,
          named: options.agents.map(({ name }) => name),
        }),
        ...figures,
      ],
      { title, tables },
    );
    lines.push(`Figures: ${path}`);
  }
  return {
    tables,
    lines,
    json: { ...options.json, comparisons: json },
  };
}

function compareAll(
  contenders: readonly Contender[],
  { tests, randomStarts }: ReportOptions,
): { title: string; comparison: Comparison }[] {
  const single = tests.length === 1;
  const compared = [{
    title: single
      ? `${tests[0].name}, from its beginning`
      : `${tests.length} held-out days (mean of a day)`,
    comparison: comparePolicies(contenders, {
      specs: tests.map(({ spec }) => spec),
    }),
  }];
  if (randomStarts) {
    compared.push({
      title: `${RANDOM_STARTS} episodes at random starts (mean)`,
      comparison: comparePolicies(contenders, {
        specs: [randomStarts],
        seeds: Array.from({ length: RANDOM_STARTS }, (_, i) => TEST_SEED + i),
      }),
    });
  }
  return compared;
}

/** Policies whose episode is drawn beside those that are named. */
const ALSO_DRAWN = 2;

/**
 * Returns of all policies, and how some of them scaled.
 *
 * @param comparison What was compared.
 * @param options Title, and which policies are drawn beside the two best of
 * the others.
 */
export function comparisonFigures(
  comparison: Comparison,
  options: { title: string; named?: readonly string[] },
): Figure[] {
  const { title, named = [] } = options;
  const others = comparison.results.filter(({ name }) => !named.includes(name))
    .slice(0, ALSO_DRAWN);
  const drawn = comparison.results.filter((result) =>
    named.includes(result.name) || others.includes(result)
  );
  const step = { title: "Step" };
  const items = { title: "Items a step" };
  const { infos } = drawn[0].firstEpisode;
  const demand = {
    name: "demand",
    y: infos.map(({ influx }) => influx),
    color: "#000000",
  };
  const longestQueue = Math.max(
    ...drawn.flatMap(({ firstEpisode }) =>
      firstEpisode.infos.map(({ queue }) => queue)
    ),
  );
  const lines = (value: (result: ContenderResult) => number[]) =>
    drawn.map((result) => ({
      name: result.name,
      y: value(result),
      steps: true,
    }));
  return [
    barFigure([{
      name: "return",
      values: comparison.results.map((result) => result.return),
    }], {
      categories: comparison.results.map(({ name }) => name),
      title: `Return: ${title}`,
      y: { title: "Return of an episode" },
    }),
    lineFigure([
      demand,
      ...lines(({ firstEpisode }) =>
        firstEpisode.infos.map(({ capacity }) => capacity)
      ),
    ], { title: `Demand and capacity: ${title}`, x: step, y: items }),
    lineFigure(
      lines(({ firstEpisode }) => firstEpisode.infos.map(({ queue }) => queue)),
      {
        title: "Queue",
        x: step,
        y: {
          title: "Items that wait",
          range: [0, 1.05 * Math.max(1, longestQueue)],
        },
        height: 300,
      },
    ),
    lineFigure(
      lines(({ firstEpisode }) => runningSum(firstEpisode.rewards)),
      { title: "Reward so far", x: step, y: { title: "Sum of rewards" } },
    ),
  ];
}

/**
 * Compares the last and the best policies of finished runs with rules and
 * optimum, and writes `figures/NAME.html`.
 *
 * @param finished Runs that differ in their seed.
 * @param options `randomStarts`: also ten episodes at random starts.
 */
export async function reportRuns(
  finished: readonly FinishedRun[],
  options: { randomStarts: boolean },
): Promise<ScriptResult> {
  const [{ run, paths }] = finished;
  const agent = run.agent.toUpperCase();
  return await reportAutoscaling({
    agents: [
      policyContender(`${agent} last`, finished.map(({ policy }) => policy)),
      policyContender(
        `${agent} best`,
        finished.map(({ bestPolicy }) => bestPolicy),
      ),
    ],
    tests: run.tests,
    randomStarts: options.randomStarts ? run.evaluationEnvironment : undefined,
    page: paths && {
      path: figurePath(paths.model, run.name),
      title: run.name,
      figures: await learningFigures(paths),
    },
    lines: finished.flatMap(({ paths }) =>
      paths
        ? [`Model: ${paths.model}`, `Best in validation: ${paths.best}`]
        : []
    ),
    json: {
      runs: finished.map(({ run, bestTimesteps, bestScore, paths }) => ({
        run,
        bestTimesteps,
        bestScore,
        paths: paths ?? null,
      })),
    },
  });
}

/**
 * Compares learned tables with rules and optimum, and writes
 * `figures/NAME.html`.
 *
 * @param finished Tables that differ in their seed.
 * @param options `randomStarts`: also ten episodes at random starts.
 */
export async function reportTables(
  finished: readonly FinishedQLearning[],
  options: { randomStarts: boolean },
): Promise<ScriptResult> {
  const [{ run, path }] = finished;
  const { environment } = run;
  return await reportAutoscaling({
    agents: [
      policyContender(
        "Q-learning",
        finished.map(({ policy }) => policy),
        environment.options.mode === "reference" ? "reference" : "default",
      ),
    ],
    tests: run.tests,
    randomStarts: options.randomStarts
      ? {
        id: environment.id,
        options: { ...environment.options, randomStart: true },
      }
      : undefined,
    page: path === undefined ? undefined : {
      path: figurePath(path, run.name),
      title: run.name,
      figures: [tableLearningCurve(finished)],
    },
    lines: finished.flatMap(({ path }) =>
      path === undefined ? [] : [`Model: ${path}`]
    ),
    json: {
      runs: finished.map(({ run, path }) => ({ run, path: path ?? null })),
    },
  });
}

/** `ROOT/figures/NAME.html` for a model in `ROOT/models/`. */
function figurePath(modelPath: string, name: string): string {
  return join(dirname(dirname(modelPath)), "figures", `${name}.html`);
}

const AVERAGED_EPISODES = 100;

function tableLearningCurve(finished: readonly FinishedQLearning[]): Figure {
  return lineFigure(
    finished.map(({ run, returns }) => {
      const points = Math.floor(returns.length / AVERAGED_EPISODES);
      const mean = (point: number) =>
        returns.subarray(
          point * AVERAGED_EPISODES,
          (point + 1) * AVERAGED_EPISODES,
        ).reduce((sum, value) => sum + value, 0) / AVERAGED_EPISODES;
      return {
        name: `seed ${run.seed}`,
        x: Array.from(
          { length: points },
          (_, point) => (point + 1) * AVERAGED_EPISODES,
        ),
        y: Array.from({ length: points }, (_, point) => mean(point)),
      };
    }),
    {
      title: "Learning curve, means of 100 episodes",
      x: { title: "Episode" },
      y: { title: "Return, exploration included" },
    },
  );
}

function runningSum(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => sum += value);
}
