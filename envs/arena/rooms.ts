/**
 * Arenas of several rooms, and round ones.
 *
 * @module
 */
import {
  type EitherCase,
  numberParameter,
  numbersParameter,
  type ParameterTableOf,
  readParameters,
} from "../../core/parameters.ts";
import { Arena, type Point, type Wall } from "./arena.ts";
import { ARENA_PARAMETERS, type ArenaParameters } from "./arena_parameters.ts";
import { circularWalls, isEnclosed } from "./walls.ts";

/** What {@linkcode ConnectedRooms} are made with; lengths in centimetres. */
export interface ConnectedRoomsParameters extends ArenaParameters {
  /** Side of each of the two rooms. Default 90. */
  room_size: number;
  /** Depth of the corridor below them. Default 40. */
  corridor_depth: number;
  /** Width of the doors, in the middle of each room's lower wall. Default 10. */
  door_width: number;
}

const CONNECTED_ROOMS: ParameterTableOf<ConnectedRoomsParameters> = {
  ...ARENA_PARAMETERS,
  room_size: numberParameter({ exclusiveMinimum: 0, fallback: 90 }),
  corridor_depth: numberParameter({ exclusiveMinimum: 0, fallback: 40 }),
  door_width: numberParameter({ exclusiveMinimum: 0, fallback: 10 }),
};

/**
 * Two square rooms side by side, joined by a corridor along their lower walls,
 * with a door to each: that of Carpenter et al. ("Grid cells form a global
 * representation of connected environments", Current Biology 25:1176, 2015).
 * The wall between the rooms stands at x = 0, the doors' wall at y = 0. Episodes
 * begin in the middle of the left room.
 */
export class ConnectedRooms extends Arena {
  readonly #roomSize: number;

  /**
   * Two rooms.
   *
   * @param parameters In the literature's spelling or in camelCase. Throws
   * `TypeError` and `RangeError`, naming the parameter, for unknown and wrong
   * ones.
   */
  constructor(parameters: EitherCase<ConnectedRoomsParameters> = {}) {
    const values = readParameters("ConnectedRooms", {
      table: CONNECTED_ROOMS,
      given: parameters,
    });
    const { roomSize: size, corridorDepth, doorWidth } = values;
    if (doorWidth >= size) {
      throw new RangeError(
        `Cannot make ConnectedRooms with door_width ${doorWidth}: expected less than the room_size of ${size}`,
      );
    }
    const doorEnds = [-size, 0].map((left) => [
      left + (size - doorWidth) / 2,
      left + (size + doorWidth) / 2,
    ]);
    super({
      ...values,
      id: "ConnectedRooms-v1",
      xLimits: [-size, size],
      yLimits: [-corridorDepth, size],
      innerWalls: [
        [0, 0, 0, size],
        [-size, 0, doorEnds[0][0], 0],
        [doorEnds[0][1], 0, doorEnds[1][0], 0],
        [doorEnds[1][1], 0, size, 0],
      ],
    });
    this.#roomSize = size;
  }

  /** The middle of the left room. */
  protected override firstPlace(): Point {
    return [-this.#roomSize / 2, this.#roomSize / 2];
  }
}

/** What a {@linkcode CircularArena} is made with. */
export interface CircularArenaParameters extends ArenaParameters {
  /** Its radius. Must be given. */
  radius: number;
  /** Its middle. Default 0, 0. */
  center: readonly number[];
}

const CIRCULAR_ARENA: ParameterTableOf<CircularArenaParameters> = {
  ...ARENA_PARAMETERS,
  radius: numberParameter({ exclusiveMinimum: 0 }),
  center: numbersParameter({ length: 2, fallback: [0, 0] }),
};

/**
 * A round arena, whose wall is made of 100 chords. Episodes begin in its
 * middle.
 */
export class CircularArena extends Arena {
  readonly #wall: readonly Wall[];
  readonly #center: Point;

  /**
   * A round arena.
   *
   * @param parameters In the literature's spelling or in camelCase. Throws
   * `TypeError` and `RangeError`, naming the parameter, for unknown, missing
   * and wrong ones.
   */
  constructor(parameters: EitherCase<CircularArenaParameters>) {
    const values = readParameters("CircularArena", {
      table: CIRCULAR_ARENA,
      given: parameters,
    });
    const { radius } = values;
    const center: Point = [values.center[0], values.center[1]];
    const outerWalls = circularWalls(center, { radius });
    super({
      ...values,
      id: "CircularArena-v1",
      xLimits: [center[0] - radius, center[0] + radius],
      yLimits: [center[1] - radius, center[1] + radius],
      outerWalls,
    });
    this.#wall = outerWalls;
    this.#center = center;
  }

  /** Whether a place lies within the chords. */
  override isInside(place: Readonly<Point>): boolean {
    return isEnclosed(this.#wall, place);
  }

  /** The middle. */
  protected override firstPlace(): Point {
    return [...this.#center];
  }
}
