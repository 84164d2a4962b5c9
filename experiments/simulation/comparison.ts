/**
 * Simulations compared over their runs: a table, figures, a page.
 *
 * @module
 */
import type { Figure } from "../../analysis/figures/figure.ts";
import { barFigure } from "../../analysis/figures/bar_figure.ts";
import { displayFigure } from "../../analysis/figures/display.ts";
import {
  lineFigure,
  type LineSeries,
} from "../../analysis/figures/line_figure.ts";
import { writeFigurePage } from "../../analysis/figures/page.ts";
import { subplots } from "../../analysis/figures/subplots.ts";
import {
  type PerformanceProfile,
  performanceProfile,
} from "../../analysis/performance_profiles.ts";
import {
  bootstrapInterval,
  interquartileMean,
  type Interval,
  mean,
} from "../../analysis/statistics.ts";
import { Random } from "../../core/random.ts";
import { formatTable, type Table } from "../../core/table.ts";
import {
  readScores,
  type ScoreOptions,
  type SimulationScores,
  type TreeScores,
} from "./run_scores.ts";

export type { ScoreOptions } from "./run_scores.ts";

/** Options of {@linkcode compareRuns}. */
export interface ComparisonOptions extends ScoreOptions {
  /** How often the intervals hold the truth. Default 0.95. */
  confidence?: number;
  /** Resamples of the bootstrap. Default 2000. */
  resamples?: number;
  /** Seeds the resamples. Default 0. */
  seed?: number;
}

/** One simulation in a comparison. */
export interface ComparedSimulation extends SimulationScores {
  /** Mean of the scores, with its bootstrap interval. */
  readonly mean: Interval;
  /** Interquartile mean of the scores, with its bootstrap interval. */
  readonly interquartileMean: Interval;
  /** Share of runs above each score. */
  readonly profile: PerformanceProfile;
  /** Mean of the metric over the runs, along the steps. */
  readonly curve: {
    readonly steps: Float64Array;
    readonly mean: Float64Array;
    readonly low: Float64Array;
    readonly high: Float64Array;
  };
}

/** Simulations, compared. */
export interface Comparison extends Omit<TreeScores, "simulations"> {
  /** How often the intervals hold the truth. */
  readonly confidence: number;
  /** The simulations. */
  readonly simulations: readonly ComparedSimulation[];
}

/** Points of a curve and of a profile, at most. */
const CURVE_POINTS = 100;
const PROFILE_POINTS = 100;

interface Bootstrap {
  readonly random: Random;
  readonly resamples: number;
  readonly confidence: number;
}

/** Averages over stretches of steps, so that long runs stay light. */
function stretches(series: Float64Array, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const start = Math.floor(i * series.length / count);
    const end = Math.floor((i + 1) * series.length / count);
    return mean(series.subarray(start, end));
  });
}

function curveOf(
  series: readonly Float64Array[],
  bootstrap: Bootstrap,
): ComparedSimulation["curve"] {
  const length = Math.min(...series.map(({ length }) => length));
  const count = Math.min(CURVE_POINTS, length);
  const runs = series.map((each) => stretches(each.subarray(0, length), count));
  const intervals = Array.from(
    { length: count },
    (_, i) =>
      bootstrapInterval(runs.map((run) => run[i]), mean, {
        ...bootstrap,
        resamples: Math.min(bootstrap.resamples, 500),
      }),
  );
  return {
    steps: Float64Array.from(
      { length: count },
      (_, i) => (i + 1) * length / count,
    ),
    mean: Float64Array.from(intervals, ({ estimate }) => estimate),
    low: Float64Array.from(intervals, ({ low }) => low),
    high: Float64Array.from(intervals, ({ high }) => high),
  };
}

/** Thresholds that all profiles share: from below the least score to the most. */
function thresholdsOf(scores: TreeScores): Float64Array {
  const all = scores.simulations.flatMap((each) => [...each.scores])
    .filter(Number.isFinite);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const margin = (high - low) * 0.05 || Math.abs(high) * 0.05 || 1;
  const step = (high - low + 2 * margin) / (PROFILE_POINTS - 1);
  return Float64Array.from(
    { length: PROFILE_POINTS },
    (_, i) => low - margin + i * step,
  );
}

/**
 * Compares the finished runs of a tree.
 *
 * @param root The tree. Throws a one-line error where it or a file in it cannot
 * be read.
 * @param options Metric, confidence, resamples. Throws `RangeError` where
 * nothing is finished or the metric is unknown.
 */
export async function compareRuns(
  root: string,
  options: ComparisonOptions = {},
): Promise<Comparison> {
  const { confidence = 0.95, resamples = 2000, seed = 0 } = options;
  const scores = await readScores(root, options);
  const thresholds = thresholdsOf(scores);
  const simulations = scores.simulations.map((each) => {
    const bootstrap = { random: new Random(seed), resamples, confidence };
    return {
      ...each,
      mean: bootstrapInterval(each.scores, mean, bootstrap),
      interquartileMean: bootstrapInterval(
        each.scores,
        interquartileMean,
        bootstrap,
      ),
      profile: performanceProfile([each.scores], { ...bootstrap, thresholds }),
      curve: curveOf(each.series, bootstrap),
    };
  });
  return { ...scores, confidence, simulations };
}

function percent(confidence: number): string {
  return `${Number((confidence * 100).toFixed(2))} %`;
}

/** A row for each simulation. */
export function comparisonTable(comparison: Comparison): Table {
  const { metric, confidence, simulations } = comparison;
  return {
    title: `${metric} at the end of the runs, intervals of ${
      percent(confidence)
    }`,
    columns: [
      { header: "simulation" },
      { header: "runs" },
      { header: "mean" },
      { header: "from" },
      { header: "to" },
      { header: "interquartile mean" },
      { header: "from" },
      { header: "to" },
      { header: "least" },
      { header: "most" },
    ],
    rows: simulations.map((each) => [
      each.simulationId,
      `${each.scores.length} of ${each.runs}`,
      each.mean.estimate,
      each.mean.low,
      each.mean.high,
      each.interquartileMean.estimate,
      each.interquartileMean.low,
      each.interquartileMean.high,
      Math.min(...each.scores),
      Math.max(...each.scores),
    ]),
  };
}

/** The metric along the runs, the scores, and their distributions. */
export function comparisonFigures(comparison: Comparison): Figure[] {
  const { metric, simulations, confidence } = comparison;
  const band = `mean and ${percent(confidence)} interval over runs`;
  const lines = (
    line: (each: ComparedSimulation) => Omit<LineSeries, "name">,
  ) => simulations.map((each) => ({ name: each.simulationId, ...line(each) }));
  const bars = (name: string, key: "mean" | "interquartileMean") => ({
    name,
    values: simulations.map((each) => each[key].estimate),
    low: simulations.map((each) => each[key].low),
    high: simulations.map((each) => each[key].high),
  });
  return [
    lineFigure(
      lines(({ curve }) => ({
        x: curve.steps,
        y: curve.mean,
        low: curve.low,
        high: curve.high,
      })),
      { title: `${metric}: ${band}`, x: "Recorded step", y: metric },
    ),
    barFigure(
      [bars("Mean", "mean"), bars("Interquartile mean", "interquartileMean")],
      {
        title: `${metric} at the end of the runs`,
        categories: simulations.map(({ simulationId }) => simulationId),
        y: metric,
      },
    ),
    lineFigure(
      lines(({ profile }) => ({
        x: profile.thresholds,
        y: profile.share,
        low: profile.low,
        high: profile.high,
        steps: true,
      })),
      {
        title: "Performance profiles",
        x: `${metric} at the end of the run`,
        y: { title: "Share of runs above", range: [-0.02, 1.02] },
      },
    ),
  ];
}

/**
 * Writes a comparison as a page that needs no network.
 *
 * @param path The page's place. Throws a one-line error where it cannot be
 * written.
 * @param comparison What it shows.
 */
export async function writeComparisonPage(
  path: string,
  comparison: Comparison,
): Promise<void> {
  await writeFigurePage(path, comparisonFigures(comparison), {
    title: `Comparison by ${comparison.metric}`,
    notes: comparison.notes.join("\n\n"),
    tables: [comparisonTable(comparison)],
  });
}

const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

/** What a notebook's cell shows when it is the cell's last value. */
export interface DisplayedComparison {
  /** Figures and table by MIME type. */
  mimeBundle(): Record<string, unknown>;
}

/**
 * A comparison that Deno's Jupyter kernel displays: let it be the last value of
 * a cell.
 *
 * @param comparison What is shown.
 */
export function displayComparison(comparison: Comparison): DisplayedComparison {
  const mimeBundle = () => ({
    ...displayFigure(subplots(comparisonFigures(comparison), { columns: 1 }))
      .mimeBundle(),
    "text/plain": formatTable(comparisonTable(comparison)),
  });
  return { mimeBundle, [JUPYTER_DISPLAY]: mimeBundle } as DisplayedComparison;
}
