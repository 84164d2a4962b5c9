/**
 * A room with walls, and somebody who walks in it.
 *
 * @module
 */
import {
  type EitherCase,
  type ParameterTableOf,
  readParameters,
} from "../../core/parameters.ts";
import { Arena, type Wall } from "./arena.ts";
import {
  ARENA_PARAMETERS,
  type ArenaParameters,
  INNER_WALLS_PARAMETER,
  LIMITS_PARAMETER,
} from "./arena_parameters.ts";

export type { ArenaParameters, Wall };

/** What a {@linkcode Simple2D} is made with. */
export interface Simple2DParameters extends ArenaParameters {
  /** Smallest and largest x. Must be given. */
  arena_x_limits: readonly number[];
  /** Smallest and largest y. Must be given. */
  arena_y_limits: readonly number[];
  /** Walls within, [x0, y0, x1, y1] each. Default none. */
  inner_walls: readonly Wall[];
}

const SIMPLE_2D_PARAMETERS: ParameterTableOf<Simple2DParameters> = {
  arena_x_limits: LIMITS_PARAMETER,
  arena_y_limits: LIMITS_PARAMETER,
  inner_walls: INNER_WALLS_PARAMETER,
  ...ARENA_PARAMETERS,
};

/**
 * A rectangular room, the arena of most experiments.
 *
 * @example A walk that ends at the wall
 * ```ts
 * import { assert } from "@std/assert";
 * import { Simple2D } from "./simple_2d.ts";
 *
 * const env = new Simple2D({ arena_x_limits: [-6, 6], arena_y_limits: [-6, 6] });
 * env.reset({ seed: 1 });
 * for (let i = 0; i < 10; i++) env.step([1, 0]);
 * assert(env.state[0] > 5.9999 && env.state[0] < 6);
 * ```
 */
export class Simple2D extends Arena {
  /**
   * A room.
   *
   * @param parameters Limits and what else there is, in the literature's
   * spelling or in camelCase. Throws `TypeError` and `RangeError`, naming the
   * parameter, for unknown, missing and wrong ones.
   */
  constructor(parameters: EitherCase<Simple2DParameters>) {
    const values = readParameters("Simple2D", {
      table: SIMPLE_2D_PARAMETERS,
      given: parameters,
    });
    super({
      ...values,
      id: "Simple2D-v1",
      xLimits: values.arenaXLimits,
      yLimits: values.arenaYLimits,
    });
  }
}
