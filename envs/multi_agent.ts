/**
 * The contract between what several agents steer together and those who steer.
 *
 * Every agent acts in every step, as in PettingZoo's parallel interface (Terry
 * et al., "PettingZoo: Gym for Multi-Agent Reinforcement Learning", 2021); the
 * global state, the team's reward and the masks are those of PyMARL
 * (Samvelyan et al., "The StarCraft Multi-Agent Challenge", 2019). What is
 * said of `Environment` about seeds, freshness, refused actions and
 * saved states holds here too; `checkMultiAgentEnv` looks for violations.
 *
 * @module
 */
import type { Box, Space, SpaceValue } from "../core/spaces.ts";
import type { State } from "../core/state.ts";
import type { ResetOptions } from "./environment.ts";

/** Side information of a joint step; environments document their own fields. */
export interface MultiAgentInfo {
  /**
   * Where actions can be invalid: for each agent, 1 for each action that is
   * allowed now and 0 for the others, shape [actions]; where its actions are
   * multi-discrete, one entry's choices after the other's. Given with every
   * reset and step or with none; fresh, and at least one choice of each entry
   * is allowed.
   */
  actionMasks?: readonly Uint8Array[];
  /** Whatever else the environment reports. */
  [name: string]: unknown;
}

/** What {@linkcode MultiAgentEnvironment.reset} returns. */
export interface MultiAgentResetResult<Observation> {
  /** What each agent sees; fresh, safe to keep. */
  observations: readonly Observation[];
  /** What only a trainer sees: all of it. Fresh. A member of `stateSpace`. */
  state: Float32Array;
  /** Side information. */
  info: MultiAgentInfo;
}

/** What {@linkcode MultiAgentEnvironment.step} returns. */
export interface MultiAgentStepResult<Observation> {
  /** What each agent sees after the step; fresh, safe to keep. */
  observations: readonly Observation[];
  /** What only a trainer sees. Fresh. A member of `stateSpace`. */
  state: Float32Array;
  /** The team's reward. */
  reward: number;
  /**
   * Each agent's own reward: the team's, where the environment knows no
   * others. Fresh. Shape [agents].
   */
  rewards: Float64Array;
  /** Whether the task has ended, for all: there is nothing to bootstrap from. */
  terminated: boolean;
  /** Whether the episode was cut though the task goes on; never with `terminated`. */
  truncated: boolean;
  /** Side information. */
  info: MultiAgentInfo;
}

/** Something that several agents steer together, one joint step at a time. */
export interface MultiAgentEnvironment<
  Observation extends SpaceValue = SpaceValue,
  Action extends SpaceValue = SpaceValue,
> {
  /** Name and version, such as `TwoStepGame-v1`; models record it. */
  readonly id: string;
  /** Number of agents, from 1; they neither leave nor join. */
  readonly numAgents: number;
  /** Where each agent's observations lie. */
  readonly observationSpaces: readonly Space[];
  /** Where each agent's actions lie. */
  readonly actionSpaces: readonly Space[];
  /**
   * What each number of each agent's observation is, with its unit; undefined
   * where nobody said.
   */
  readonly observationNames?: readonly (readonly string[])[];
  /** Where the global state lies. */
  readonly stateSpace: Box;
  /**
   * Steps of the longest episode (PyMARL's `episode_limit`); Infinity where
   * there is none.
   */
  readonly maximumSteps: number;
  /** Begins an episode. Seeds are those of `Environment.reset`. */
  reset(options?: ResetOptions): MultiAgentResetResult<Observation>;
  /**
   * Takes one action of each agent. Throws `TypeError` for another number of
   * them, `RangeError` for an action outside its agent's space, and `Error`
   * before the first reset or after the episode's end; each leaves the
   * environment as it was.
   *
   * @param actions One an agent, such as an `Int32Array` where actions are
   * discrete. The caller's: read during the call, neither kept nor changed.
   */
  step(actions: ArrayLike<Action>): MultiAgentStepResult<Observation>;
  /**
   * All that is needed to go on from here, random stream included. A copy:
   * later steps do not change it.
   */
  saveState(): State;
  /** Goes on from a saved state, which is copied. */
  loadState(state: State): void;
}
