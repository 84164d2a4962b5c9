/**
 * Progress of a search: all trainings together.
 *
 * @module
 */
import type { ScriptContext } from "../../core/script.ts";
import { type Cell, cellName } from "./cell.ts";
import type { CellOutcome } from "./pool.ts";

export type { Cell, CellOutcome, ScriptContext };

/** Progress that is being shown. */
export interface SearchProgress extends Disposable {
  /** A training has come further. */
  advance(cell: Cell, timesteps: number, score: number | undefined): void;
  /** A training has ended. */
  end(outcome: CellOutcome): void;
  /** Shows where it ended. */
  finish(): void;
}

/**
 * Shows how far all trainings are, with the best return so far.
 *
 * @param context The script's.
 * @param cells What is trained.
 * @param steps Of each.
 */
export function searchProgress(
  context: Pick<ScriptContext, "progress">,
  cells: readonly Cell[],
  steps: number,
): SearchProgress {
  const shown = context.progress({
    total: cells.length * steps,
    label: `Training ${cells.length}`,
    scoreName: "best return",
  });
  const done = new Map<Cell, number>();
  let sum = 0;
  let score: number | undefined;
  function show(cell: Cell, timesteps: number): void {
    sum += timesteps - (done.get(cell) ?? 0);
    done.set(cell, timesteps);
    shown.update(sum, { score });
  }
  const note = (return_ = NaN) => {
    if (!Number.isNaN(return_)) score = Math.max(score ?? -Infinity, return_);
  };
  return {
    advance(cell, timesteps, latest) {
      note(latest);
      show(cell, timesteps);
    },
    end(outcome) {
      const { cell } = outcome;
      if ("result" in outcome) {
        note(outcome.result.bestScore);
        show(cell, steps);
        shown.message(
          `${cellName(cell)}: best return ${
            outcome.result.bestScore.toPrecision(5)
          }`,
        );
      } else if ("failed" in outcome) {
        show(cell, steps);
        shown.message(`${cellName(cell)} failed: ${outcome.failed}`);
      } else shown.message(`${cellName(cell)}: ${outcome.interrupted}`);
    },
    finish: () => shown.finish(),
    [Symbol.dispose]: () => shown.finish(),
  };
}
