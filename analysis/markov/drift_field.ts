/**
 * Where a queue and its orbit go on average, from each state.
 *
 * @module
 */
import type { Figure } from "../figures/figure.ts";
import { heatMapFigure } from "../figures/heat_map_figure.ts";
import { lineFigure } from "../figures/line_figure.ts";
import { generatorTimes } from "./markov_chain.ts";
import type { QueueingChain } from "./queueing_chain.ts";

export type { Figure, QueueingChain };

/** Mean changes per unit of time: sum over s' of Q(s, s') (s' - s). */
export interface DriftField {
  /** Of the jobs at the server, shape [N]. */
  readonly queue: Float64Array;
  /** Of the jobs in the orbit, shape [N]. */
  readonly orbit: Float64Array;
}

/**
 * The drift of a chain from each of its states.
 *
 * @param queueing The chain.
 */
export function driftField(queueing: QueueingChain): DriftField {
  const { chain, queue, orbit } = queueing;
  const drift = (of: Int32Array) =>
    generatorTimes(
      chain,
      Float64Array.from(of),
      new Float64Array(chain.states),
    );
  return { queue: drift(queue), orbit: drift(orbit) };
}

/** Options of {@linkcode driftFigure}. */
export interface DriftFigureOptions {
  /** Above the figure. Default `Drift of queue and orbit`. */
  title?: string;
  /** Arrows across. Default 20. */
  columns?: number;
  /** Arrows one above the other. Default 12. */
  rows?: number;
}

/** Evenly spread whole numbers from 0 to last, the ends included. */
function spread(last: number, count: number): number[] {
  const all = Array.from(
    { length: count },
    (_, i) => Math.round(i * last / Math.max(1, count - 1)),
  );
  return [...new Set(all)];
}

/**
 * Arrows as one line with gaps. All have the same length in cells, as drifts
 * near the ends are many times those in the middle: the colours say how fast.
 */
function arrows(
  queueing: QueueingChain,
  field: DriftField,
  { columns, rows }: { columns: number; rows: number },
): { x: number[]; y: number[] } {
  const { queueStates, orbitStates } = queueing.settings;
  const cell = [queueStates / columns, orbitStates / rows];
  const x: number[] = [];
  const y: number[] = [];
  for (const q of spread(queueStates - 1, columns)) {
    for (const o of spread(orbitStates - 1, rows)) {
      const state = queueing.state(q, o);
      const dx = field.queue[state] / cell[0];
      const dy = field.orbit[state] / cell[1];
      const length = Math.hypot(dx, dy);
      if (length === 0) continue;
      const [ux, uy] = [dx / length, dy / length];
      const at = (along: number, across: number) => {
        x.push(q + (along * ux - across * uy) * cell[0]);
        y.push(o + (along * uy + across * ux) * cell[1]);
      };
      at(0, 0);
      at(0.7, 0);
      x.push(NaN);
      y.push(NaN);
      at(0.45, 0.15);
      at(0.7, 0);
      at(0.45, -0.15);
      x.push(NaN);
      y.push(NaN);
    }
  }
  return { x, y };
}

/**
 * The drift field as a figure: colours for how fast the queue grows or
 * shrinks, arrows for where queue and orbit go. Where arrows meet the system
 * stays long; two such places are a healthy and a collapsed state.
 *
 * @param queueing The chain.
 * @param options Title and number of arrows.
 */
export function driftFigure(
  queueing: QueueingChain,
  options: DriftFigureOptions = {},
): Figure {
  const { title = "Drift of queue and orbit", columns = 20, rows = 12 } =
    options;
  const { queueStates, orbitStates } = queueing.settings;
  const field = driftField(queueing);
  const values = Array.from(
    { length: orbitStates },
    (_, o) =>
      Array.from(
        { length: queueStates },
        (_, q) => field.queue[queueing.state(q, o)],
      ),
  );
  const figure = heatMapFigure({ values }, {
    title,
    x: "Jobs at the server",
    y: "Jobs in the orbit",
    valueTitle: "Drift of the queue, jobs per unit of time",
    colors: "diverging",
    showValues: false,
  });
  const lines = lineFigure([{
    name: "drift",
    color: "#222222",
    ...arrows(queueing, field, { columns, rows }),
  }]);
  return { ...figure, data: [...figure.data, ...lines.data] };
}
