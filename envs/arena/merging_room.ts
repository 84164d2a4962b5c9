/**
 * Two rooms that become one.
 *
 * @module
 */
import {
  type EitherCase,
  numberParameter,
  type ParameterTableOf,
  readParameters,
} from "../../core/parameters.ts";
import type { State } from "../../core/state.ts";
import {
  Arena,
  type ArenaInfo,
  type ArenaPlan,
  type Point,
  type Wall,
} from "./arena.ts";
import {
  ARENA_PARAMETERS,
  type ArenaParameters,
  LIMITS_PARAMETER,
} from "./arena_parameters.ts";

/** When rooms are changed and joined. */
export interface MergingTimes {
  /** When room A is left for room B, minutes. Default 50. */
  switch_time: number;
  /** When the wall between them is taken away, minutes. Default 100. */
  merge_time: number;
}

/** What a {@linkcode MergingRoom} is made with. */
export interface MergingRoomParameters extends ArenaParameters, MergingTimes {
  /** Smallest and largest x. Must be given. */
  arena_x_limits: readonly number[];
  /** Smallest and largest y; the wall stands half-way. Must be given. */
  arena_y_limits: readonly number[];
}

/** What a {@linkcode Wernle2018} is made with; lengths in centimetres. */
export interface Wernle2018Parameters extends ArenaParameters, MergingTimes {}

const TIMES: ParameterTableOf<MergingTimes> = {
  switch_time: numberParameter({ exclusiveMinimum: 0, fallback: 50 }),
  merge_time: numberParameter({ exclusiveMinimum: 0, fallback: 100 }),
};

const MERGING_ROOM: ParameterTableOf<MergingRoomParameters> = {
  arena_x_limits: LIMITS_PARAMETER,
  arena_y_limits: LIMITS_PARAMETER,
  ...ARENA_PARAMETERS,
  ...TIMES,
};

const WERNLE_2018: ParameterTableOf<Wernle2018Parameters> = {
  ...ARENA_PARAMETERS,
  ...TIMES,
};

/** Where somebody is: in the upper room, the lower one, or both in one. */
export type MergingPhase = "A" | "B" | "AB";

/** What a merging room tells beside the observation. */
export interface MergingRoomInfo extends ArenaInfo {
  /** The room. */
  room: MergingPhase;
}

/** Two rooms with a wall between them, at half the depth. */
export class TwoRooms extends Arena {
  readonly #switchStep: number;
  readonly #mergeStep: number;
  readonly #wall: Wall;

  /**
   * Two rooms of a plan.
   *
   * @param name What messages call it.
   * @param plan With the times, minutes. Throws `RangeError` where rooms are
   * joined before they are changed.
   */
  constructor(
    name: string,
    plan: ArenaPlan & { switchTime: number; mergeTime: number },
  ) {
    const { switchTime, mergeTime, timeStepSize, xLimits, yLimits } = plan;
    if (mergeTime < switchTime) {
      throw new RangeError(
        `Cannot make ${name} with merge_time ${mergeTime}: expected at least the switch_time of ${switchTime} minutes`,
      );
    }
    super(plan);
    const middle = (yLimits[0] + yLimits[1]) / 2;
    this.#wall = [xLimits[0], middle, xLimits[1], middle];
    this.#switchStep = Math.round(switchTime * 60 / timeStepSize);
    this.#mergeStep = Math.round(mergeTime * 60 / timeStepSize);
    this.setInnerWalls([this.#wall]);
  }

  /** The room that somebody is in now. */
  get room(): MergingPhase {
    if (this.globalSteps >= this.#mergeStep) return "AB";
    return this.globalSteps >= this.#switchStep ? "B" : "A";
  }

  /** A place of the room, all alike. */
  #drawIn(room: MergingPhase): Point {
    const wall = this.#wall[1];
    for (;;) {
      const place = this.drawPlace();
      if (room === "AB" || (place[1] > wall) === (room === "A")) return place;
    }
  }

  /** Puts the wall up. */
  protected override begin(): void {
    this.setInnerWalls([this.#wall]);
  }

  /** Anywhere in room A. */
  protected override firstPlace(): Point {
    return this.#drawIn("A");
  }

  /** Goes to room B in time, and takes the wall away. */
  protected override finishStep(): boolean {
    const step = this.globalSteps;
    if (step === this.#mergeStep) this.setInnerWalls([]);
    else if (step === this.#switchStep) this.moveTo(this.#drawIn("B"));
    return false;
  }

  /** What is told now, the room included. */
  protected override info(): MergingRoomInfo {
    return { ...super.info(), room: this.room };
  }

  /** Goes on from a saved state, its wall included. */
  override loadState(state: State): void {
    super.loadState(state);
    this.setInnerWalls(this.room === "AB" ? [] : [this.#wall]);
  }
}

/**
 * Two rooms, one above the other, whose wall is taken away: somebody is in room
 * A, the upper one, then in room B, and at last in both. Where an episode
 * begins, and where somebody is put when the rooms are changed, is drawn. With
 * equal times room B is never entered.
 */
export class MergingRoom extends TwoRooms {
  /**
   * Two rooms.
   *
   * @param parameters In the literature's spelling or in camelCase. Throws
   * `TypeError` and `RangeError`, naming the parameter, for unknown, missing
   * and wrong ones.
   */
  constructor(parameters: EitherCase<MergingRoomParameters>) {
    const values = readParameters("MergingRoom", {
      table: MERGING_ROOM,
      given: parameters,
    });
    super("MergingRoom", {
      ...values,
      id: "MergingRoom-v1",
      xLimits: values.arenaXLimits,
      yLimits: values.arenaYLimits,
    });
  }
}

/**
 * The merging rooms of Wernle et al. ("Integration of grid maps in merged
 * environments", Nature Neuroscience 21:92, 2018): 200 by 200 centimetres.
 */
export class Wernle2018 extends TwoRooms {
  /**
   * Two rooms.
   *
   * @param parameters In the literature's spelling or in camelCase. Throws
   * `TypeError` and `RangeError`, naming the parameter, for unknown and wrong
   * ones.
   */
  constructor(parameters: EitherCase<Wernle2018Parameters> = {}) {
    super("Wernle2018", {
      ...readParameters("Wernle2018", {
        table: WERNLE_2018,
        given: parameters,
      }),
      id: "Wernle2018-v1",
      xLimits: [-100, 100],
      yLimits: [-100, 100],
    });
  }
}
