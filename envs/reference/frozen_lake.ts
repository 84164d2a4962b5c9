/**
 * Crossing a frozen lake.
 *
 * @module
 */
import type { Environment, VectorEnvironment } from "../environment.ts";
import { environmentOf } from "./_dynamics.ts";
import { vectorEnvironmentOf } from "./_vector_dynamics.ts";
import {
  modelDynamics,
  type Outcome,
  type TransitionModel,
  transitionModel,
} from "./transition_model.ts";

/** Start S, frozen F, hole H, goal G. */
const MAPS: Record<FrozenLakeMap, string[]> = {
  "4x4": ["SFFF", "FHFH", "FFFH", "HFFG"],
  "8x8": [
    "SFFFFFFF",
    "FFFFFFFF",
    "FFFHFFFF",
    "FFFFFHFF",
    "FFFHFFFF",
    "FHHFFFHF",
    "FHFFHFHF",
    "FFFHFFFG",
  ],
};
const LIMITS = { "4x4": 100, "8x8": 200 };
const IDS = { "4x4": "FrozenLake-v1", "8x8": "FrozenLake8x8-v1" };

/** Rows and columns that left, down, right and up lead to. */
const MOVES = [[0, -1], [1, 0], [0, 1], [-1, 0]];

/** A lake: 4 by 4 or 8 by 8 cells. */
export type FrozenLakeMap = "4x4" | "8x8";

/** Options of {@linkcode frozenLakeModel}. */
export interface FrozenLakeModelOptions {
  /** Which lake. Default `"4x4"`. */
  map?: FrozenLakeMap;
  /** Whether one can slip to either side of the way chosen. Default `true`. */
  slippery?: boolean;
  /** Probability of not slipping, from 0 to 1. Default 1/3. */
  successRate?: number;
}

/** Options of {@linkcode frozenLake}. */
export interface FrozenLakeOptions extends FrozenLakeModelOptions {
  /**
   * Steps after which an episode is cut; Infinity for no limit. Default 100 on
   * the 4x4 map, 200 on the 8x8 one.
   */
  maximumSteps?: number;
}

function cells(map: FrozenLakeMap): string[] {
  if (!Object.hasOwn(MAPS, map)) {
    throw new RangeError(
      `Cannot find lake "${map}", expected one of ${
        Object.keys(MAPS).join(", ")
      }`,
    );
  }
  return MAPS[map];
}

function moved(rows: string[], state: number, move: number): number {
  const last = rows.length - 1;
  const row = Math.floor(state / rows.length) + MOVES[move][0];
  const column = state % rows.length + MOVES[move][1];
  return Math.min(Math.max(row, 0), last) * rows.length +
    Math.min(Math.max(column, 0), last);
}

/**
 * The transitions of a frozen lake; states are numbered row by row. Holes and
 * the goal lead to themselves.
 *
 * @param options Which lake, and how slippery. Throws `RangeError` for an
 * unknown one and for a rate outside 0 to 1.
 */
export function frozenLakeModel(
  options: FrozenLakeModelOptions = {},
): TransitionModel {
  const { map = "4x4", slippery = true, successRate = 1 / 3 } = options;
  const rows = cells(map);
  const letters = rows.join("");
  if (!(successRate >= 0 && successRate <= 1)) {
    throw new RangeError(
      `Cannot succeed at a rate of ${successRate}, expected a number from 0 to 1`,
    );
  }
  const slipRate = (1 - successRate) / 2;

  function towards(state: number, move: number, probability: number): Outcome {
    const nextState = moved(rows, state, move);
    const letter = letters[nextState];
    return {
      probability,
      nextState,
      reward: letter === "G" ? 1 : 0,
      terminated: letter === "G" || letter === "H",
    };
  }

  function outcomesOf(state: number, action: number): Outcome[] {
    if ("GH".includes(letters[state])) {
      return [{
        probability: 1,
        nextState: state,
        reward: 0,
        terminated: true,
      }];
    }
    if (!slippery) return [towards(state, action, 1)];
    return [
      towards(state, (action + 3) % 4, slipRate),
      towards(state, action, successRate),
      towards(state, (action + 1) % 4, slipRate),
    ];
  }

  return transitionModel(outcomesOf, {
    states: letters.length,
    actions: 4,
    startStates: [letters.indexOf("S")],
  });
}

/**
 * `FrozenLake-v1` and `FrozenLake8x8-v1`: from the top left corner to the
 * bottom right one over slippery ice with holes.
 *
 * Actions are left, down, right, up; a third of the time each one goes where
 * one wants, or to either side of it. Seen is the cell's number, row by row.
 * Reaching the goal yields 1, all else 0; goal and holes end the task. The
 * best that can be done within the time limit is .7442 on the small lake and
 * .9132 on the large one (`valueWithin`); solved, by convention, at .70 and
 * .85. Transitions are those of Gymnasium 1.4.
 *
 * @param options Which lake, how slippery, time limit.
 */
export function frozenLake(
  options: FrozenLakeOptions = {},
): Environment<number, number> {
  const { map = "4x4" } = options;
  const model = frozenLakeModel(options);
  const { maximumSteps = LIMITS[map] } = options;
  return environmentOf(modelDynamics(IDS[map], model), maximumSteps);
}

/**
 * Copies of {@linkcode frozenLake}, stepped together without allocating: the
 * same numbers as `vectorize` over it, sooner.
 *
 * @param count Number of copies, at least 1. Throws `RangeError` otherwise.
 * @param options As for one.
 */
export function frozenLakeVector(
  count: number,
  options: FrozenLakeOptions = {},
): VectorEnvironment {
  const { map = "4x4" } = options;
  const model = frozenLakeModel(options);
  const { maximumSteps = LIMITS[map] } = options;
  return vectorEnvironmentOf(modelDynamics(IDS[map], model), {
    count,
    maximumSteps,
  });
}
