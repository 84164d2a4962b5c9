/**
 * Tasks of few states, written out as tables of transitions.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import { discrete } from "../../core/spaces.ts";
import type { Dynamics } from "./_dynamics.ts";

export type { Dynamics };

/** One way in which an action can turn out. */
export interface Outcome {
  /** How likely it is. */
  probability: number;
  /** Which state follows. */
  nextState: number;
  /** What the step yields. */
  reward: number;
  /** Whether the task ends with it. */
  terminated: boolean;
}

/**
 * All transitions of a task. Entry `(state * actions + action) * outcomes + i`
 * of each table is about the i-th outcome; missing outcomes have probability 0.
 */
export interface TransitionModel {
  /** Number of states. */
  readonly states: number;
  /** Number of actions. */
  readonly actions: number;
  /** Number of outcomes of an action, at most. */
  readonly outcomes: number;
  /** Distribution of the first state. Shape [states]. */
  readonly start: Float64Array;
  /** Shape [states, actions, outcomes]. */
  readonly probabilities: Float64Array;
  /** Shape [states, actions, outcomes]. */
  readonly nextStates: Int32Array;
  /** Shape [states, actions, outcomes]. */
  readonly rewards: Float64Array;
  /** 1 where the task ends. Shape [states, actions, outcomes]. */
  readonly terminations: Uint8Array;
}

/** What {@linkcode transitionModel} takes. */
export interface TransitionModelOptions {
  /** Number of states. */
  states: number;
  /** Number of actions. */
  actions: number;
  /** The states, each as likely, in which an episode begins. */
  startStates: readonly number[];
}

/**
 * Writes a task out as tables.
 *
 * @param outcomesOf The outcomes of an action in a state; their probabilities
 * add up to 1. Throws `RangeError` where they do not.
 * @param options Sizes, and where episodes begin.
 */
export function transitionModel(
  outcomesOf: (state: number, action: number) => Outcome[],
  { states, actions, startStates }: TransitionModelOptions,
): TransitionModel {
  const rows = Array.from(
    { length: states * actions },
    (_, i) => outcomesOf(Math.floor(i / actions), i % actions),
  );
  const outcomes = Math.max(...rows.map((row) => row.length));
  const size = rows.length * outcomes;
  const model = {
    states,
    actions,
    outcomes,
    start: new Float64Array(states),
    probabilities: new Float64Array(size),
    nextStates: new Int32Array(size),
    rewards: new Float64Array(size),
    terminations: new Uint8Array(size),
  };
  for (const state of startStates) model.start[state] += 1 / startStates.length;
  rows.forEach((row, i) => {
    const total = row.reduce((sum, { probability }) => sum + probability, 0);
    if (!(Math.abs(total - 1) < 1e-12)) {
      throw new RangeError(
        `Cannot use outcomes of probability ${total} in all (state ${
          Math.floor(i / actions)
        }, action ${i % actions}), expected 1`,
      );
    }
    row.forEach((outcome, j) => {
      const at = i * outcomes + j;
      model.probabilities[at] = outcome.probability;
      model.nextStates[at] = outcome.nextState;
      model.rewards[at] = outcome.reward;
      model.terminations[at] = outcome.terminated ? 1 : 0;
    });
  });
  return model;
}

/** Draws an index from the `count` probabilities that begin at `offset`. */
function draw(
  probabilities: Float64Array,
  [offset, count]: readonly [number, number],
  random: Random,
): number {
  const mark = random.uniform();
  let likely = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (probabilities[offset + i] === 0) continue;
    total += probabilities[offset + i];
    likely = i;
    if (total > mark) break;
  }
  return likely;
}

/** The dynamics of a transition model; states are seen as they are. */
export function modelDynamics(
  id: string,
  model: TransitionModel,
): Dynamics<number> {
  const { actions, outcomes, probabilities } = model;
  return {
    id,
    observationSpace: discrete(model.states),
    actionSpace: discrete(actions),
    observationNames: ["number of the state"],
    // The state's number, and 1 once the task has ended.
    stateSize: 2,
    begin(state, random) {
      state[0] = draw(model.start, [0, model.states], random);
      state[1] = 0;
    },
    advance(state, action, random) {
      const offset = (state[0] * actions + action) * outcomes;
      const at = offset + draw(probabilities, [offset, outcomes], random);
      state[0] = model.nextStates[at];
      state[1] = model.terminations[at];
      return model.rewards[at];
    },
    hasEnded: (state) => state[1] === 1,
    observe(state, row, offset) {
      row[offset] = state[0];
    },
  };
}
