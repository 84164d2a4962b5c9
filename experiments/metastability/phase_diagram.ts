/**
 * For which loads and triggers a system stays down.
 *
 * @module
 */
import type { Figure } from "../../analysis/figures/figure.ts";
import { heatMapFigure } from "../../analysis/figures/heat_map_figure.ts";
import { studyFault } from "./simulation_answer.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";

export type { Figure, QueueingOptions };

/** What is varied, and how it is looked at. */
export interface PhaseDiagramOptions {
  /** Loads: arrival rate over service rate. */
  readonly loads: readonly number[];
  /** Durations of the trigger. */
  readonly durations: readonly number[];
  /** Factor on arrivals during the trigger. */
  readonly factor: number;
  /** Time before the trigger. */
  readonly before: number;
  /** Time after it. */
  readonly after: number;
  /** Runs of each cell. */
  readonly runs: number;
  /** Seed of each cell's runs, so that cells share their draws. */
  readonly seed: number;
  /** Called after each cell; awaited. */
  readonly onCell?: (done: number, total: number) => void | Promise<void>;
  /** Ends it between two runs. */
  readonly signal?: AbortSignal;
}

/** Shares of runs that were down at the end. */
export interface PhaseDiagram {
  /** Loads, from low to high. */
  readonly loads: readonly number[];
  /** Durations, from short to long. */
  readonly durations: readonly number[];
  /** Shape [durations, loads]. */
  readonly stuck: readonly Float64Array[];
  /** Share that was down before the trigger, by load. */
  readonly stuckBefore: Float64Array;
}

/**
 * Simulates every load with every trigger. A run is down where its queue is
 * over 0.9 of the waiting room on average in the last tenth of the time after.
 *
 * @param system Its faults are not used; the loads replace its arrival rates.
 * @param options What is varied.
 */
export async function phaseDiagram(
  system: QueueingOptions,
  options: PhaseDiagramOptions,
): Promise<PhaseDiagram> {
  const { loads, durations, factor, before, after } = options;
  const [server = {}] = system.servers ?? [];
  const rate = (server.threads ?? 1) / (server.service?.mean ?? 0.1);
  const stuck = durations.map(() => new Float64Array(loads.length));
  const stuckBefore = new Float64Array(loads.length);
  let done = 0;
  for (const [column, load] of loads.entries()) {
    for (const [row, duration] of durations.entries()) {
      const found = await studyFault({
        ...system,
        clients: system.clients.map((client) => ({
          ...client,
          arrivalRate: load * rate / system.clients.length,
        })),
        faults: [{ target: "arrivalRate", start: before, duration, factor }],
      }, {
        fault: { start: before, end: before + duration },
        horizon: before + duration + after,
        runs: options.runs,
        seed: options.seed,
        signal: options.signal,
      });
      stuck[row][column] = found.stuckAfter;
      stuckBefore[column] += found.stuckBefore / durations.length;
      await options.onCell?.(++done, loads.length * durations.length);
    }
  }
  return { loads, durations, stuck, stuckBefore };
}

/**
 * The diagram as a heat map.
 *
 * @param diagram What was simulated.
 * @param options Factor of the trigger and time after it, for the title.
 */
export function phaseFigure(
  { loads, durations, stuck }: PhaseDiagram,
  { factor, after }: { factor: number; after: number },
): Figure {
  return heatMapFigure({
    values: stuck,
    columns: loads.map((load) => load.toFixed(2)),
    rows: durations.map(String),
  }, {
    title:
      `Share of runs still down ${after} time units after a trigger of ${factor} times the load`,
    x: "Load",
    y: "Duration of the trigger",
    valueTitle: "Share of runs",
    valueRange: [0, 1],
  });
}
