/**
 * A room in which an animal forages.
 *
 * @module
 */
import {
  booleanParameter,
  type EitherCase,
  numberParameter,
  type ParameterTableOf,
  readParameters,
} from "../../core/parameters.ts";
import type { State } from "../../core/state.ts";
import { savedTree } from "../_saved.ts";
import {
  ANIMAL_MOTION_PARAMETERS,
  type AnimalMotion,
  animalMotion,
  type AnimalMotionParameters,
} from "./animal_motion.ts";
import { Arena, type Point, type Wall } from "./arena.ts";
import {
  ARENA_PARAMETERS,
  type ArenaParameters,
  INNER_WALLS_PARAMETER,
  LIMITS_PARAMETER,
} from "./arena_parameters.ts";

/** What a {@linkcode ForagingArena} is made with. */
export interface ForagingArenaParameters
  extends ArenaParameters, AnimalMotionParameters {
  /** Smallest and largest x. Must be given. */
  arena_x_limits: readonly number[];
  /** Smallest and largest y. Must be given. */
  arena_y_limits: readonly number[];
  /** Walls within, [x0, y0, x1, y1] each. Default none. */
  inner_walls: readonly Wall[];
  /** Seconds of a step, in which the animal moves. Default 0.02. */
  time_step_size: number;
  /**
   * Whether who leaves on one side comes in on the other; there are no walls
   * then. Default false.
   */
  periodic: boolean;
}

const PARAMETERS: ParameterTableOf<ForagingArenaParameters> = {
  arena_x_limits: LIMITS_PARAMETER,
  arena_y_limits: LIMITS_PARAMETER,
  inner_walls: INNER_WALLS_PARAMETER,
  ...ARENA_PARAMETERS,
  time_step_size: numberParameter({ exclusiveMinimum: 0, fallback: 0.02 }),
  periodic: booleanParameter({ fallback: false }),
  ...ANIMAL_MOTION_PARAMETERS,
};

/**
 * A rectangular room in which an animal moves by itself, as
 * {@linkcode animalMotion} has it: actions are passed over, and episodes begin
 * anywhere.
 */
export class ForagingArena extends Arena {
  readonly #motion: AnimalMotion;
  readonly #periodic: boolean;

  /**
   * A room with an animal.
   *
   * @param parameters Limits and motion, in the literature's spelling or in
   * camelCase. Throws `TypeError` and `RangeError`, naming the parameter, for
   * unknown, missing and wrong ones.
   */
  constructor(parameters: EitherCase<ForagingArenaParameters>) {
    const values = readParameters("ForagingArena", {
      table: PARAMETERS,
      given: parameters,
    });
    if (values.periodic && values.innerWalls.length > 0) {
      throw new RangeError(
        `Cannot make ForagingArena with periodic and ${values.innerWalls.length} inner_walls: expected one of the two`,
      );
    }
    super({
      ...values,
      id: "ForagingArena-v1",
      xLimits: values.arenaXLimits,
      yLimits: values.arenaYLimits,
      ...(values.periodic ? { outerWalls: [] } : {}),
    });
    this.#periodic = values.periodic;
    this.#motion = animalMotion(values, {
      walls: this.walls,
      sliding: this.#periodic ? undefined : this.sliding,
    });
  }

  /** The animal. */
  get motion(): Readonly<AnimalMotion> {
    return this.#motion;
  }

  /** Anywhere. */
  protected override firstPlace(): Point {
    return this.drawPlace();
  }

  /** Puts the animal somewhere, with a speed and direction of its own. */
  protected override moveTo(place: Readonly<Point>): void {
    super.moveTo(place);
    this.#motion.begin(this.place, this.random);
  }

  /** Where the animal goes, whatever was asked for. */
  protected override destination(): Point {
    const motion = this.#motion;
    motion.advance(this.timeStepSize, this.random);
    const { place } = motion;
    if (!this.#periodic) return [place[0], place[1]];
    return [
      wrapped(place[0], this.xLimits),
      wrapped(place[1], this.yLimits),
    ];
  }

  /** All that is needed to go on from here, history included. */
  override saveState(): State {
    return { ...super.saveState(), motion: this.#motion.saveState() };
  }

  /** Goes on from a saved state, which is copied. */
  override loadState(state: State): void {
    const motion = savedTree(state, "motion");
    super.loadState(state);
    this.#motion.loadState(motion);
  }
}

function wrapped(value: number, [low, high]: readonly number[]): number {
  const length = high - low;
  return value - length * Math.floor((value - low) / length);
}
