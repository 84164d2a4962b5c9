/**
 * Learning curves of several agents in one figure.
 *
 * @module
 */
import type { Figure, FigureOptions } from "../../analysis/figures/figure.ts";
import {
  lineFigure,
  type LineSeries,
} from "../../analysis/figures/line_figure.ts";
import { mean } from "../../analysis/statistics.ts";
import type { EvaluationRecord } from "./evaluation_record.ts";

export type { EvaluationRecord, Figure, FigureOptions };

/** Evaluations of a training, such as a finished run's `evaluations`. */
export interface EvaluatedAgent {
  /** Name in the legend. */
  readonly name: string;
  /** Steps and mean returns. */
  readonly evaluations: Pick<EvaluationRecord, "timesteps" | "means">;
}

/** Returns of a training's own episodes, exploration included. */
export interface TrainedAgent {
  /** Name in the legend. */
  readonly name: string;
  /** Return of each episode. */
  readonly returns: Float64Array;
  /** Steps of an episode. */
  readonly episodeSteps: number;
}

/** Points of the curve of an agent that was not evaluated. */
const POINTS = 50;

function seriesOf(agent: EvaluatedAgent | TrainedAgent): LineSeries {
  if ("evaluations" in agent) {
    const { timesteps, means } = agent.evaluations;
    return { name: agent.name, x: timesteps, y: means, markers: true };
  }
  const { name, returns, episodeSteps } = agent;
  const points = Math.min(POINTS, returns.length);
  const end = (point: number) => Math.floor(point * returns.length / points);
  const parts = Array.from({ length: points }, (_, i) => [end(i), end(i + 1)]);
  return {
    name,
    x: parts.map(([, last]) => last * episodeSteps),
    y: parts.map(([first, last]) => mean(returns.subarray(first, last))),
  };
}

/**
 * A curve an agent: mean returns of evaluations, or means over stretches of its
 * own episodes.
 *
 * @param agents Whose.
 * @param options Titles, axes, lines across.
 */
export function learningCurves(
  agents: readonly (EvaluatedAgent | TrainedAgent)[],
  options: FigureOptions = {},
): Figure {
  return lineFigure(agents.map(seriesOf), {
    title: "Learning curves",
    x: "Environment steps",
    y: "Return of an episode",
    ...options,
  });
}
