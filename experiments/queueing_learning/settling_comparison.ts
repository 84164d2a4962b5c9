/**
 * Settling of simulated queues beside the bound of a learned model.
 *
 * @module
 */
import type { Figure } from "../../analysis/figures/figure.ts";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import type { KoopmanModel } from "../../analysis/koopman/model.ts";
import {
  type SettlingBound,
  settlingBound,
} from "../../analysis/koopman/settling_bound.ts";
import {
  type SettlingTime,
  settlingTime,
} from "../../analysis/settling/settling.ts";
import type { Table } from "../../core/table.ts";

export type { Figure, KoopmanModel, SettlingBound, SettlingTime, Table };

/** The mean path of a queue, and what is known of it. */
export interface ObservedPath {
  /** Mean queue length at each sample, the first at time 0. */
  readonly mean: Float64Array;
  /** Standard error of each. */
  readonly standardError: Float64Array;
  /** Time between samples. */
  readonly interval: number;
  /** When the fault ends. */
  readonly faultEnd: number;
  /** Number of runs. */
  readonly runs: number;
}

/** Settling within one band. */
export interface SettlingRow {
  /** Half its width, in jobs. */
  readonly epsilon: number;
  /** Of the mean path, from the end of the fault. */
  readonly empirical: SettlingTime;
  /** From anywhere after the fault: tau ln(L cond(V) D / (L' epsilon)). */
  readonly bound: number;
  /** From the state that the fault leaves. */
  readonly boundFromFault: number;
  /** L' over pairs that are at least epsilon apart. */
  readonly lower: number;
  /** `bound` over the empirical time; NaN where that is censored or 0. */
  readonly factor: number;
  /** Whether epsilon is at least three standard errors of the mean path. */
  readonly resolvable: boolean;
}

/** A comparison. */
export interface SettlingComparison {
  /** A row for each band. */
  readonly rows: readonly SettlingRow[];
  /** Root mean square of the path's standard errors after the fault. */
  readonly standardError: number;
  /** The bound's factors. */
  readonly bound: SettlingBound;
}

const RESOLVED = 3;

/**
 * Compares settling after the fault, to the path's own plateau, with a bound.
 *
 * @param path The mean path.
 * @param model The learned model.
 * @param options `epsilons` are half widths of bands, above 0.
 */
export function compareSettling(
  path: ObservedPath,
  model: KoopmanModel,
  { epsilons }: { epsilons: readonly number[] },
): SettlingComparison {
  const { mean, interval, faultEnd } = path;
  const bound = settlingBound(model, { series: [-1] });
  const standardError = errorAfter(path);
  const left = model.data.series.at(-1)!.slice(0, model.features.length);
  const rows = epsilons.map((epsilon) => {
    const empirical = settlingTime(mean, { interval, from: faultEnd, epsilon });
    const time = bound.time(epsilon);
    return {
      epsilon,
      empirical,
      bound: time,
      lower: bound.lowerFrom(epsilon),
      boundFromFault: bound.timeFrom(left, epsilon),
      factor: empirical.censored || empirical.time === 0
        ? NaN
        : time / empirical.time,
      resolvable: epsilon >= RESOLVED * standardError,
    };
  });
  return { rows, standardError, bound };
}

function errorAfter(
  { standardError, interval, faultEnd }: ObservedPath,
): number {
  const errors = standardError.subarray(Math.ceil(faultEnd / interval));
  return Math.sqrt(
    errors.reduce((sum, error) => sum + error * error, 0) / errors.length,
  );
}

/**
 * The comparison as a table. Bands that the number of runs does not resolve
 * are marked.
 *
 * @param comparison What was compared.
 * @param path Gives the number of runs.
 */
export function settlingTable(
  { rows, standardError }: SettlingComparison,
  { runs }: Pick<ObservedPath, "runs">,
): Table {
  const fixed = { format: (value: number) => value.toFixed(0) };
  return {
    title:
      `Settling after the fault, in time units; standard error of the mean path ${
        standardError.toFixed(2)
      } with ${runs} runs`,
    columns: [
      { header: "epsilon" },
      { header: "empirical", ...fixed },
      { header: "bound", ...fixed },
      { header: "factor", format: (value) => value.toFixed(2) },
      { header: "bound from the fault", ...fixed },
      { header: "remark" },
    ],
    rows: rows.map((
      { epsilon, empirical, bound, factor, boundFromFault, resolvable },
    ) => [
      epsilon,
      empirical.censored ? undefined : empirical.time,
      bound,
      factor,
      boundFromFault,
      [
        ...(resolvable ? [] : [`not resolvable with ${runs} runs`]),
        ...(empirical.censored ? ["did not settle within the horizon"] : []),
        ...(!empirical.censored && empirical.time > bound
          ? ["bound exceeded"]
          : []),
      ].join("; "),
    ]),
  };
}

/**
 * Both times over epsilon.
 *
 * @param comparison What was compared.
 */
export function settlingFigure({ rows }: SettlingComparison): Figure {
  const x = rows.map(({ epsilon }) => epsilon);
  return lineFigure([
    {
      name: "simulation",
      x,
      y: rows.map(({ empirical, resolvable }) =>
        empirical.censored || !resolvable ? NaN : empirical.time
      ),
      markers: true,
    },
    {
      name: "bound under the learned model",
      x,
      y: rows.map(({ bound }) => bound),
    },
    {
      name: "the same from the state after the fault",
      x,
      y: rows.map(({ boundFromFault }) => boundFromFault),
    },
  ], {
    title: "Settling time after the fault",
    x: "epsilon (jobs)",
    y: "Time",
  });
}
