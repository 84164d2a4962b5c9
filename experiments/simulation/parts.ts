/**
 * What a simulation is made of: an agent, an arena, and the loop in which they
 * meet.
 *
 * @module
 */
import type { SpaceValue } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import type {
  ResetOptions,
  ResetResult,
  StepResult,
} from "../../envs/environment.ts";

export type { SpaceValue } from "../../core/spaces.ts";
export type { State } from "../../core/state.ts";
export type {
  Info,
  ResetOptions,
  ResetResult,
  StepResult,
} from "../../envs/environment.ts";

/** What an agent's `update` says of one step: numbers, or lists of them. */
export type UpdateRecord = Readonly<
  Record<string, number | ArrayLike<number>>
>;

/**
 * An agent of a simulation. The loops call `act`, step the arena, and call
 * `update`.
 */
export interface SimulationAgent<Observation = SpaceValue> {
  /**
   * Chooses an action.
   *
   * @param observation What the arena shows.
   */
  act(observation: Observation): SpaceValue;
  /**
   * Learns from the step taken; what it returns is kept in the history.
   *
   * @param next What the arena shows after it.
   */
  update?(next: Observation): UpdateRecord | undefined | void;
  /** Forgets where it was, as an episode begins. */
  reset?(): void;
  /** All that it has learned. Without it, `agent.zip` holds parameters alone. */
  saveState?(): State;
  /** Goes on from a saved state. */
  loadState?(state: State): void;
}

/** Where an agent moves: every environment is one. */
export interface SimulationArena {
  /** Begins an episode. */
  reset(options?: ResetOptions): ResetResult<SpaceValue>;
  /** Takes one action. */
  step(action: SpaceValue): StepResult<SpaceValue>;
  /** All that is needed to go on from here; without it only parameters are saved. */
  saveState?(): State;
  /** Goes on from a saved state. */
  loadState?(state: State): void;
}

/** Parameters by name. */
export type Parameters = Record<string, unknown>;

/** Makes an agent of parameters, to which `seed` is added. */
export type AgentClass = new (parameters: never) => SimulationAgent<never>;

/** Makes an arena of parameters. */
export type EnvClass = new (parameters: never) => SimulationArena;

/**
 * What a loop returned at each step: a list of numbers, or of lists of
 * numbers, by name.
 */
export type TrainingHistory = Record<
  string,
  Float64Array | readonly Float64Array[]
>;

/** What a loop is told besides its parameters. */
export interface LoopContext {
  /** Seeds the arena. Default: as the arena begins by itself. */
  seed?: number;
  /**
   * Called now and then.
   *
   * @param done Steps done.
   * @param total Steps in all.
   */
  onProgress?: (done: number, total: number) => void;
}

/** What a loop returns, and what is saved of a run. */
export interface TrainingResult {
  /** The agent after the training. */
  agent: SimulationAgent;
  /** The arena after the training. */
  env: SimulationArena;
  /** What `update` returned, step by step. */
  trainingHist: TrainingHistory;
}

/** Lets an agent and an arena meet. */
export type TrainingLoop = (
  agent: SimulationAgent,
  env: SimulationArena,
  parameters: Parameters,
  context?: LoopContext,
) => TrainingResult | Promise<TrainingResult>;

/** A class or function in a file: how processes of their own find it. */
export interface ModuleReference {
  /** The file: a path or a URL. A relative path counts from the working folder. */
  module: string;
  /** The name under which it is exported. */
  export: string;
}

/** A class or function by the name that the project gives it. */
export interface NamedReference {
  /** Its name, such as `Stachenfeld2018`. */
  name: string;
}

/** How a file says which class or function is meant. */
export type PartReference = ModuleReference | NamedReference;

/** A class or function, or where it is found. */
export type Part<Value> = Value | ModuleReference | string;
