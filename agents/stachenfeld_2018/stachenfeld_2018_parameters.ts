/**
 * What the successor representation's agent is made with.
 *
 * @module
 */
import {
  booleanParameter,
  choiceParameter,
  integerParameter,
  numberParameter,
  numbersParameter,
  type ParameterTableOf,
  textParameter,
} from "../../core/parameters.ts";

/** What a `Stachenfeld2018` is made with. */
export interface Stachenfeld2018Parameters {
  /** gamma, from 0, below 1. Must be given. */
  discount: number;
  /** Where the series of `successorRepSum` stops. Default 1e-6. */
  threshold: number;
  /** Step size of temporal-difference learning, above 0. Must be given. */
  lr_td: number;
  /** Width of the room, along x. Must be given. */
  room_width: number;
  /** Depth of the room, along y. Must be given. */
  room_depth: number;
  /** The room's middle. Default 0, 0. */
  room_center: readonly number[];
  /** States a unit of length. Must be given. */
  state_density: number;
  /** Whether the room has two dimensions; else it is a line along x. Default true. */
  twoD: boolean;
  /** Steps of an episode of `updateSuccessorRepTdFull`. Default 100. */
  t_episode: number;
  /** Episodes of `updateSuccessorRepTdFull`. Default 100. */
  n_episode: number;
  /**
   * `default`: rows of the matrix are what follows, states are cells of the
   * room, the walk keeps to the room. `reference`: as NeuralPlayground has it.
   */
  mode: "default" | "reference";
  /** Seeds the walk. Default 0. */
  seed: number;
  /** A label, without effect. */
  agent_name: string;
}

/** Bounds and fallbacks of {@linkcode Stachenfeld2018Parameters}. */
export const STACHENFELD_2018_PARAMETERS: ParameterTableOf<
  Stachenfeld2018Parameters
> = {
  discount: numberParameter({ minimum: 0, exclusiveMaximum: 1 }),
  threshold: numberParameter({ exclusiveMinimum: 0, fallback: 1e-6 }),
  lr_td: numberParameter({ exclusiveMinimum: 0, maximum: 1 }),
  room_width: numberParameter({ exclusiveMinimum: 0 }),
  room_depth: numberParameter({ exclusiveMinimum: 0 }),
  room_center: numbersParameter({ length: 2, fallback: [0, 0] }),
  state_density: numberParameter({ exclusiveMinimum: 0 }),
  twoD: booleanParameter({ fallback: true }),
  t_episode: integerParameter({ minimum: 1, fallback: 100 }),
  n_episode: integerParameter({ minimum: 1, fallback: 100 }),
  mode: choiceParameter(["default", "reference"], { fallback: "default" }),
  seed: integerParameter({ minimum: 0, fallback: 0 }),
  agent_name: textParameter({ fallback: "Stachenfeld2018" }),
};
