/** What happened in an arena, step by step, in little memory. */
import type { State } from "../../core/state.ts";
import type { Point } from "./walls.ts";

/** One step of an arena. */
export interface ArenaStep {
  /** The displacement that was asked for. */
  readonly action: Point;
  /** Place before the step. */
  readonly state: Point;
  /** Place after it. */
  readonly nextState: Point;
  /** Reward of the step. */
  readonly reward: number;
  /** Number of the step, from 0. */
  readonly step: number;
}

/** Numbers of a step: action, state, next state, reward. */
const COLUMNS = 7;

/** The last steps of an arena. */
export interface ArenaHistory {
  /** Steps that are kept. */
  readonly length: number;
  /** Number of the first step that is kept. */
  readonly first: number;
  /** Takes in one step. */
  add(
    action: ArrayLike<number>,
    places: { state: Readonly<Point>; nextState: Readonly<Point> },
    reward: number,
  ): void;
  /** One of the steps that are kept, counted from the oldest. */
  at(index: number): ArenaStep;
  /** Places: before each kept step, and after the last. Shape [length + 1, 2]. */
  places(): Float64Array;
  /** Forgets everything. */
  clear(): void;
  /** All of it. */
  saveState(): State;
  /** Goes on from a saved state. */
  loadState(state: State): void;
}

/**
 * An empty history.
 *
 * @param limit How many steps are kept at least; twice as many at most.
 */
export function createArenaHistory(limit: number): ArenaHistory {
  let rows = new Float64Array(COLUMNS * 64);
  let length = 0;
  let first = 0;

  function makeRoom(): void {
    if (COLUMNS * length < rows.length) return;
    if (length >= 2 * limit) {
      const dropped = length - limit;
      rows.copyWithin(0, COLUMNS * dropped, COLUMNS * length);
      length = limit;
      first += dropped;
      return;
    }
    const grown = new Float64Array(
      COLUMNS * Math.min(2 * limit, Math.max(64, 2 * length)),
    );
    grown.set(rows.subarray(0, COLUMNS * length));
    rows = grown;
  }

  return {
    get length() {
      return length;
    },
    get first() {
      return first;
    },
    add(action, { state, nextState }, reward) {
      if (limit === 0) {
        first++;
        return;
      }
      makeRoom();
      const row = COLUMNS * length++;
      rows[row] = action[0];
      rows[row + 1] = action[1];
      rows[row + 2] = state[0];
      rows[row + 3] = state[1];
      rows[row + 4] = nextState[0];
      rows[row + 5] = nextState[1];
      rows[row + 6] = reward;
    },
    at(index) {
      const row = rows.subarray(COLUMNS * index, COLUMNS * (index + 1));
      return {
        action: [row[0], row[1]],
        state: [row[2], row[3]],
        nextState: [row[4], row[5]],
        reward: row[6],
        step: first + index,
      };
    },
    places() {
      const places = new Float64Array(length === 0 ? 0 : 2 * (length + 1));
      for (let i = 0; i < length; i++) {
        places[2 * i] = rows[COLUMNS * i + 2];
        places[2 * i + 1] = rows[COLUMNS * i + 3];
        places[2 * i + 2] = rows[COLUMNS * i + 4];
        places[2 * i + 3] = rows[COLUMNS * i + 5];
      }
      return places;
    },
    clear() {
      length = 0;
      first = 0;
    },
    saveState: () => ({ rows: rows.slice(0, COLUMNS * length), first }),
    loadState(state) {
      const { rows: saved, first: savedFirst } = state;
      if (
        !(saved instanceof Float64Array) || saved.length % COLUMNS !== 0 ||
        typeof savedFirst !== "number"
      ) {
        throw new TypeError(
          `Cannot restore an arena's history from ${saved}, expected rows of ${COLUMNS} numbers`,
        );
      }
      length = saved.length / COLUMNS;
      first = savedFirst;
      rows = new Float64Array(Math.max(64 * COLUMNS, saved.length));
      rows.set(saved);
    },
  };
}
