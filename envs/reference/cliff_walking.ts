/**
 * Walking along a cliff.
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

const ROWS = 4;
const COLUMNS = 12;
const START = (ROWS - 1) * COLUMNS;
const GOAL = ROWS * COLUMNS - 1;

/** Rows and columns that up, right, down and left lead to. */
const MOVES = [[-1, 0], [0, 1], [1, 0], [0, -1]];

/** Options of {@linkcode cliffWalkingModel}. */
export interface CliffWalkingModelOptions {
  /**
   * Whether one slips to either side of the way chosen a third of the time
   * each. Default `false`.
   */
  slippery?: boolean;
}

/** Options of {@linkcode cliffWalking}. */
export interface CliffWalkingOptions extends CliffWalkingModelOptions {
  /** Steps after which an episode is cut. Default Infinity: never. */
  maximumSteps?: number;
}

function outcome(state: number, move: number, probability: number): Outcome {
  const row = Math.floor(state / COLUMNS) + MOVES[move][0];
  const column = state % COLUMNS + MOVES[move][1];
  const nextState = Math.min(Math.max(row, 0), ROWS - 1) * COLUMNS +
    Math.min(Math.max(column, 0), COLUMNS - 1);
  if (nextState > START && nextState < GOAL) {
    return { probability, nextState: START, reward: -100, terminated: false };
  }
  const terminated = nextState === GOAL;
  return { probability, nextState, reward: -1, terminated };
}

/**
 * The transitions of the walk; states are numbered row by row.
 *
 * @param options How slippery.
 */
export function cliffWalkingModel(
  options: CliffWalkingModelOptions = {},
): TransitionModel {
  const { slippery = false } = options;
  return transitionModel(
    (state, action) =>
      slippery
        ? [3, 0, 1].map((turn) => outcome(state, (action + turn) % 4, 1 / 3))
        : [outcome(state, action, 1)],
    { states: ROWS * COLUMNS, actions: 4, startStates: [START] },
  );
}

function dynamics(options: CliffWalkingOptions) {
  const id = options.slippery ? "CliffWalkingSlippery-v1" : "CliffWalking-v1";
  return modelDynamics(id, cliffWalkingModel(options));
}

/**
 * `CliffWalking-v1` and `CliffWalkingSlippery-v1`: along the bottom of a grid
 * of 4 by 12 cells, with a cliff between start (left) and goal (right).
 *
 * Actions are up, right, down, left. Seen is the cell's number, row by row. A
 * step costs 1; one over the cliff costs 100 and leads back to the start. The
 * goal ends the task; there is no time limit. The best return is -13, along
 * the edge. Example 6.6 of Sutton and Barto's book (2018); transitions are
 * those of Gymnasium 1.4.
 *
 * @param options How slippery, time limit.
 */
export function cliffWalking(
  options: CliffWalkingOptions = {},
): Environment<number, number> {
  const { maximumSteps = Infinity } = options;
  return environmentOf(dynamics(options), maximumSteps);
}

/**
 * Copies of {@linkcode cliffWalking}, stepped together without allocating: the
 * same numbers as `vectorize` over it, sooner.
 *
 * @param count Number of copies, at least 1. Throws `RangeError` otherwise.
 * @param options As for one.
 */
export function cliffWalkingVector(
  count: number,
  options: CliffWalkingOptions = {},
): VectorEnvironment {
  const { maximumSteps = Infinity } = options;
  return vectorEnvironmentOf(dynamics(options), { count, maximumSteps });
}
