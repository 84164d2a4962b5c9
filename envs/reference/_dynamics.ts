/**
 * Making an environment of a state that moves on step by step.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import {
  contains,
  describeSpace,
  type Space,
  spaceSize,
  type SpaceValue,
} from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import { copySavedFloats, savedNumber, savedWords } from "../_saved.ts";
import type {
  Environment,
  ResetOptions,
  ResetResult,
  StepResult,
} from "../environment.ts";
import { withTimeLimit } from "../time_limit.ts";

/**
 * How a task begins, moves on and ends. Nothing here allocates: a fresh
 * `Float32Array` costs Deno as much as several steps of a cart and pole.
 */
export interface Dynamics<Action> {
  /** Name and version. */
  readonly id: string;
  /** Where observations lie. */
  readonly observationSpace: Space;
  /** Where actions lie. */
  readonly actionSpace: Space;
  /** What each number of an observation is, with its unit. */
  readonly observationNames: readonly string[];
  /** Number of floats of a state. */
  readonly stateSize: number;
  /** Draws the first state into `state`. */
  begin(state: Float64Array, random: Random): void;
  /** Moves `state` on by one step and returns the step's reward. */
  advance(state: Float64Array, action: Action, random: Random): number;
  /** Whether the task has ended in `state`. */
  hasEnded(state: Float64Array): boolean;
  /** Writes what is seen of `state` into `row` from `offset` on. */
  observe(state: Float64Array, row: Float32Array, offset: number): void;
}

// Phases of an episode, as they are saved.

/** Before the first reset. */
export const UNBEGUN = 0;
/** Between a reset and the episode's end. */
export const RUNNING = 1;
const ENDED = 2;

/** Throws `RangeError` unless the action is one of the task's. */
export function checkAction(
  dynamics: Dynamics<never>,
  action: SpaceValue,
): void {
  const { id, actionSpace } = dynamics;
  if (!contains(actionSpace, action)) {
    throw new RangeError(
      `Cannot take action ${action} in ${id}, expected one of ${
        describeSpace(actionSpace)
      }`,
    );
  }
}

/** Reads the present observation of a task, fresh. */
function observer(dynamics: Dynamics<never>): (state: Float64Array) => unknown {
  const size = spaceSize(dynamics.observationSpace);
  if (dynamics.observationSpace.kind === "discrete") {
    const scratch = new Float32Array(1);
    return (state) => {
      dynamics.observe(state, scratch, 0);
      return scratch[0];
    };
  }
  return (state) => {
    const observation = new Float32Array(size);
    dynamics.observe(state, observation, 0);
    return observation;
  };
}

/** The environment of some dynamics, without a time limit. */
function unlimited<Observation extends SpaceValue, Action extends SpaceValue>(
  dynamics: Dynamics<Action>,
): Environment<Observation, Action> {
  const { id, observationSpace, observationNames, actionSpace, stateSize } =
    dynamics;
  const observe = observer(dynamics) as (state: Float64Array) => Observation;
  const state = new Float64Array(stateSize);
  let random = new Random(0);
  let phase = UNBEGUN;

  function reset(options?: ResetOptions): ResetResult<Observation> {
    if (options?.seed !== undefined) random = new Random(options.seed);
    dynamics.begin(state, random);
    phase = RUNNING;
    return { observation: observe(state), info: {} };
  }

  function step(action: Action): StepResult<Observation> {
    if (phase !== RUNNING) {
      const when = phase === ENDED
        ? "after the episode's end"
        : "before its first reset";
      throw new Error(`Cannot step ${id} ${when}, expected a reset`);
    }
    checkAction(dynamics, action);
    const reward = dynamics.advance(state, action, random);
    const terminated = dynamics.hasEnded(state);
    if (terminated) phase = ENDED;
    return {
      observation: observe(state),
      reward,
      terminated,
      truncated: false,
      info: {},
    };
  }

  function loadState(saved: State): void {
    const savedPhase = savedNumber(saved, "phase");
    const savedRandom = Random.fromState(savedWords(saved, "random"));
    copySavedFloats(saved, "state", state);
    phase = savedPhase;
    random = savedRandom;
  }

  return {
    id,
    observationSpace,
    actionSpace,
    observationNames,
    reset,
    step,
    saveState: () => ({
      state: state.slice(),
      phase,
      random: random.saveState(),
    }),
    loadState,
  };
}

/**
 * The environment of some dynamics.
 *
 * @param dynamics How the task begins, moves on and ends.
 * @param maximumSteps After how many steps an episode is cut; Infinity: never.
 */
export function environmentOf<
  Observation extends SpaceValue,
  Action extends SpaceValue,
>(
  dynamics: Dynamics<Action>,
  maximumSteps: number,
): Environment<Observation, Action> {
  const environment = unlimited<Observation, Action>(dynamics);
  return maximumSteps === Infinity
    ? environment
    : withTimeLimit(environment, maximumSteps);
}
