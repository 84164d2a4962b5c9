/**
 * A queue that is hit by a fault, as a figure.
 *
 * @module
 */
import type { Figure } from "../../analysis/figures/figure.ts";
import { lineFigure } from "../../analysis/figures/line_figure.ts";
import type { FaultWindow } from "../queueing_learning/run_files.ts";
import { meanPath } from "../queueing_learning/simulated_paths.ts";

export type { FaultWindow, Figure };

/** What {@linkcode faultFigure} is told of the runs. */
export interface FaultFigureOptions {
  /** When the fault began and ended. */
  readonly fault: FaultWindow;
  /** Time between samples. */
  readonly interval: number;
}

/**
 * The mean queue over time with its 95 % interval, no further than queues were
 * seen, and one run.
 *
 * @param paths Queue lengths of each run, the first at time 0.
 * @param options Fault and interval.
 */
export function faultFigure(
  paths: readonly Float64Array[],
  { fault, interval }: FaultFigureOptions,
): Figure {
  const { mean, standardError } = meanPath(paths);
  const x = mean.map((_, i) => i * interval);
  const most = paths.reduce(
    (most, path) => path.reduce((a, b) => Math.max(a, b), most),
    0,
  );
  // A mean lies where queues lie, whatever a normal interval says.
  const edge = (side: number) =>
    mean.map((value, i) =>
      Math.min(
        most,
        Math.max(0, value + side * 1.96 * (standardError[i] || 0)),
      )
    );
  return lineFigure(
    [
      {
        name: "mean of the runs, 95 % interval",
        x,
        y: mean,
        low: edge(-1),
        high: edge(1),
      },
      { name: "one run", x, y: paths[0] },
    ],
    {
      title: "Queue length",
      x: "Time",
      y: "Jobs waiting",
      verticalLines: [
        { value: fault.start, label: "fault" },
        { value: fault.end },
      ],
    },
  );
}
