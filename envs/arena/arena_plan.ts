/**
 * What makes an arena, how it is begun, and what it tells.
 *
 * @module
 */
import type { Info, ResetOptions } from "../environment.ts";
import type { Wall } from "./walls.ts";

/** What makes an arena: its parameters, filled in, and its walls. */
export interface ArenaPlan {
  /** Name and version. */
  readonly id: string;
  /** Smallest and largest x. */
  readonly xLimits: readonly number[];
  /** Smallest and largest y. */
  readonly yLimits: readonly number[];
  /** Walls around it. Default: those of the rectangle. */
  readonly outerWalls?: readonly Wall[];
  /** Walls within. Default none. */
  readonly innerWalls?: readonly Wall[];
  /** Length of a normalised step. */
  readonly agentStepSize: number;
  /** Seconds of a step. */
  readonly timeStepSize: number;
  /** What walls do. */
  readonly mode: "default" | "reference";
  /** Steps that are kept. */
  readonly historyLength: number;
}

/** How an arena is begun. */
export interface ArenaResetOptions extends ResetOptions {
  /** Whether the start is drawn, all places of the arena alike. Default false. */
  randomState?: boolean;
  /** The start; wins over `randomState`. */
  customState?: ArrayLike<number>;
}

/** What an arena tells beside the observation. */
export interface ArenaInfo extends Info {
  /** Steps since the reset. */
  step: number;
  /** Seconds since the reset. */
  time: number;
}
