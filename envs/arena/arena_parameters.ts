/**
 * What arenas are made with.
 *
 * @module
 */
import {
  choiceParameter,
  integerParameter,
  numberParameter,
  numbersParameter,
  type Parameter,
  type ParameterTableOf,
  textParameter,
} from "../../core/parameters.ts";
import type { Wall } from "./walls.ts";

/** What every arena may be made with, in the literature's spelling. */
export interface ArenaParameters {
  /** How far a normalised step goes, in units of length. Default 1. */
  agent_step_size: number;
  /** Time of one step, seconds. It counts time only: actions are lengths. Default 1. */
  time_step_size: number;
  /**
   * `default`: whoever meets a wall slides along it. `reference`: they stop
   * just short of it, as in NeuralPlayground.
   */
  mode: "default" | "reference";
  /** How many of the last steps are kept at least. Default 100,000. */
  history_length: number;
  /** A label, without effect. */
  env_name: string;
}

/** Parameters that all arenas have. */
export const ARENA_PARAMETERS: ParameterTableOf<ArenaParameters> = {
  agent_step_size: numberParameter({ exclusiveMinimum: 0, fallback: 1 }),
  time_step_size: numberParameter({ exclusiveMinimum: 0, fallback: 1 }),
  mode: choiceParameter(["default", "reference"], { fallback: "default" }),
  history_length: integerParameter({ minimum: 0, fallback: 100_000 }),
  env_name: textParameter({ fallback: "" }),
};

/** The smallest and the largest coordinate of an arena along one axis. */
export const LIMITS_PARAMETER: Parameter<readonly number[]> = numbersParameter({
  length: 2,
  rising: true,
});

function isWall(value: unknown): value is Wall {
  return Array.isArray(value) && value.length === 4 &&
    value.every((entry) =>
      typeof entry === "number" && Number.isFinite(entry)
    ) &&
    (value[0] !== value[2] || value[1] !== value[3]);
}

/** Straight walls within an arena: x and y of both ends of each. Default none. */
export const INNER_WALLS_PARAMETER: Parameter<readonly Wall[]> = {
  wanted: "a list of walls [x0, y0, x1, y1] between two different places",
  fits: Array.isArray,
  read: (value) =>
    Array.isArray(value) && value.every(isWall)
      ? value.map(([x0, y0, x1, y1]) => [x0, y0, x1, y1] as const)
      : undefined,
  fallback: [],
};
