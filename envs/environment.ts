/**
 * The contract between what is steered and who steers.
 *
 * It follows Gymnasium (Towers et al., "Gymnasium: A Standard Interface for
 * Reinforcement Learning Environments", 2024), with saved states added.
 *
 * @module
 */
import type { Space, SpaceValue } from "../core/spaces.ts";
import type { State } from "../core/state.ts";

/** Side information of a step; environments document their own fields. */
export interface Info {
  /**
   * Where actions can be invalid: 1 for each action that is allowed now, 0
   * for the others. Shape [actions]; where actions are multi-discrete, one
   * entry's choices after the other's. Given with every reset and step or
   * with none; fresh, and at least one choice of each entry is allowed.
   */
  actionMask?: Uint8Array;
  /** Whatever else the environment reports. */
  [name: string]: unknown;
}

/** What {@linkcode Environment.reset} takes. */
export interface ResetOptions {
  /**
   * Seeds all of the environment's randomness. Without it the environment's
   * stream goes on, so that episodes differ; an environment that was never
   * seeded begins as if seeded with 0.
   */
  seed?: number;
}

/** What {@linkcode Environment.reset} returns. */
export interface ResetResult<Observation> {
  /** The first observation; fresh, safe to keep. */
  observation: Observation;
  /** Side information. */
  info: Info;
}

/** What {@linkcode Environment.step} returns. */
export interface StepResult<Observation> {
  /** What is seen after the step; fresh, safe to keep. */
  observation: Observation;
  /** The step's reward. */
  reward: number;
  /** Whether the task has ended: there is nothing to bootstrap from. */
  terminated: boolean;
  /** Whether the episode was cut though the task goes on; never with `terminated`. */
  truncated: boolean;
  /** Side information. */
  info: Info;
}

/** Something that can be steered one step at a time. */
export interface Environment<
  Observation extends SpaceValue = SpaceValue,
  Action extends SpaceValue = SpaceValue,
> {
  /** Name and version, such as `CartPole-v1`; models record it. */
  readonly id: string;
  /** Where observations lie. */
  readonly observationSpace: Space;
  /** Where actions lie. */
  readonly actionSpace: Space;
  /**
   * What each number of an observation is, with its unit, in their order: for
   * people and for files that other tools read. Undefined where nobody said.
   */
  readonly observationNames?: readonly string[];
  /** Begins an episode. */
  reset(options?: ResetOptions): ResetResult<Observation>;
  /**
   * Takes one action. Throws `RangeError` for an action outside the space,
   * and `Error` before the first reset or after the episode's end; either
   * leaves the environment as it was.
   *
   * @param action The caller's: read during the call, neither kept nor changed.
   */
  step(action: Action): StepResult<Observation>;
  /**
   * All that is needed to go on from here, random stream included. A copy:
   * later steps do not change it.
   */
  saveState(): State;
  /** Goes on from a saved state, which is copied. */
  loadState(state: State): void;
}

/** The buffers that a {@linkcode VectorEnvironment} writes into. */
export interface VectorBuffers {
  /** What the next action is chosen on. Shape [envs, observation]. */
  readonly observations: Float32Array;
  /** The step's rewards. Shape [envs]. */
  readonly rewards: Float64Array;
  /** 1 where the task has ended. Shape [envs]. */
  readonly terminated: Uint8Array;
  /** 1 where the episode was cut though the task goes on. Shape [envs]. */
  readonly truncated: Uint8Array;
  /**
   * The last observation of each episode that this step finished; rows of
   * others are left as they were. Shape [envs, observation].
   */
  readonly finalObservations: Float32Array;
  /**
   * Allowed actions, all 1 where there is no mask. Shape [envs, actions],
   * where [actions] is that of {@linkcode Info.actionMask}; empty where
   * actions are continuous.
   */
  readonly actionMasks: Uint8Array;
  /**
   * Actions allowed at each last observation, by which a value is bootstrapped
   * where the episode was cut; rows of others are left as they were. Shape
   * [envs, actions].
   */
  readonly finalActionMasks: Uint8Array;
}

/**
 * Copies of one environment, stepped together. A copy whose episode ends is
 * reset within the same step.
 */
export interface VectorEnvironment {
  /** The environment's name and version. */
  readonly id: string;
  /** Number of copies. */
  readonly count: number;
  /** Where each copy's observations lie. */
  readonly observationSpace: Space;
  /** Where each copy's actions lie. */
  readonly actionSpace: Space;
  /** Begins an episode in every copy; copies draw from streams of their own. */
  reset(buffers: VectorBuffers, options?: ResetOptions): void;
  /**
   * Steps every copy.
   *
   * @param actions Shape [envs] where actions are discrete, else
   * [envs, action].
   * @param buffers Overwritten; nothing is allocated.
   */
  step(actions: Int32Array | Float32Array, buffers: VectorBuffers): void;
  /** All that is needed to go on from here, save the buffers. */
  saveState(): State;
  /** Goes on from a saved state, which is copied; buffers stay as they are. */
  loadState(state: State): void;
}
