/**
 * What all arenas have in common: walls, places, steps, history.
 *
 * @module
 */
import type { Figure } from "../../analysis/figures/figure.ts";
import { Random } from "../../core/random.ts";
import { type Box, box, type SpaceValue } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import {
  copySavedFloats,
  savedBoolean,
  savedNumber,
  savedTree,
  savedWords,
} from "../_saved.ts";
import type { Environment, ResetResult, StepResult } from "../environment.ts";
import {
  type ArenaHistory,
  type ArenaStep,
  createArenaHistory,
} from "./_history.ts";
import type { ArenaInfo, ArenaPlan, ArenaResetOptions } from "./arena_plan.ts";
import {
  trajectoryFigure,
  type TrajectoryFigureOptions,
} from "./trajectory_figure.ts";
import {
  type Point,
  rectangleWalls,
  type SlidingWalls,
  slidingWalls,
  stopShort,
  type Wall,
} from "./walls.ts";

export type { ArenaInfo, ArenaPlan, ArenaResetOptions, ArenaStep, Point, Wall };

/** How near a wall can be reached, as a part of the arena's larger side. */
const CLEARANCE = 1e-6;

function checkedPlace(
  given: ArrayLike<number> | number,
  what: string,
): Point {
  if (
    typeof given === "number" || given?.length !== 2 ||
    !Number.isFinite(given[0]) ||
    !Number.isFinite(given[1])
  ) {
    throw new RangeError(
      `Cannot ${what} ${
        typeof given === "number" ? given : JSON.stringify(Array.from(given))
      } in an arena: expected two finite numbers, x and y`,
    );
  }
  return [given[0], given[1]];
}

/**
 * An arena: whoever walks in it sees their place, and their actions are
 * displacements. Episodes never end. Other arenas extend it.
 *
 * The arenas of NeuralPlayground, with Gymnasium's contract: an episode begins
 * at 0, 0 (in `default` mode in the middle where that lies outside), and
 * positions are kept in doubles, of which observations are the nearest floats.
 */
export class Arena implements Environment<Float32Array, Float32Array> {
  /** Name and version. */
  readonly id: string;
  /** Places: x and y, from the lower to the upper limits. */
  readonly observationSpace: Box;
  /** What the numbers of an observation are, in the arena's own unit of length. */
  readonly observationNames: readonly string[] = ["x", "y"];
  /** Displacements: any two finite numbers. */
  readonly actionSpace: Box = box(-Infinity, Infinity, { shape: [2] });
  /** Smallest and largest x. */
  readonly xLimits: readonly number[];
  /** Smallest and largest y. */
  readonly yLimits: readonly number[];
  /** Largest x less smallest. */
  readonly roomWidth: number;
  /** Largest y less smallest. */
  readonly roomDepth: number;
  /** Length of a normalised step. */
  readonly agentStepSize: number;
  /** Seconds of a step. */
  readonly timeStepSize: number;
  /** What walls do. */
  readonly mode: "default" | "reference";
  /** Walls around the arena. */
  readonly outerWalls: readonly Wall[];
  /** What is drawn from. */
  protected random: Random = new Random(0);
  /** Where somebody is. */
  protected readonly place: Point = [0, 0];
  #innerWalls: readonly Wall[];
  #sliding: SlidingWalls;
  readonly #history: ArenaHistory;
  #step = 0;
  #running = false;

  /**
   * An arena of a plan.
   *
   * @param plan Throws `RangeError` for walls without length.
   */
  constructor(plan: ArenaPlan) {
    const { xLimits, yLimits } = plan;
    this.id = plan.id;
    this.xLimits = xLimits;
    this.yLimits = yLimits;
    this.roomWidth = xLimits[1] - xLimits[0];
    this.roomDepth = yLimits[1] - yLimits[0];
    this.observationSpace = box([xLimits[0], yLimits[0]], [
      xLimits[1],
      yLimits[1],
    ]);
    this.agentStepSize = plan.agentStepSize;
    this.timeStepSize = plan.timeStepSize;
    this.mode = plan.mode;
    this.outerWalls = plan.outerWalls ?? rectangleWalls(xLimits, yLimits);
    this.#innerWalls = plan.innerWalls ?? [];
    this.#sliding = this.#preparedWalls();
    this.#history = createArenaHistory(plan.historyLength);
  }

  #preparedWalls(): SlidingWalls {
    const clearance = CLEARANCE * Math.max(this.roomWidth, this.roomDepth);
    return slidingWalls(this.walls, clearance);
  }

  /** Walls within the arena, as they now stand. */
  get innerWalls(): readonly Wall[] {
    return this.#innerWalls;
  }

  /** All walls: those around the arena first. */
  get walls(): readonly Wall[] {
    return [...this.outerWalls, ...this.#innerWalls];
  }

  /** Puts other walls within the arena. */
  protected setInnerWalls(walls: readonly Wall[]): void {
    this.#innerWalls = walls;
    this.#sliding = this.#preparedWalls();
  }

  /** Where somebody is. */
  get state(): Point {
    return [...this.place];
  }

  /** Steps since the reset. */
  get globalSteps(): number {
    return this.#step;
  }

  /** Seconds since the reset. */
  get globalTime(): number {
    return this.#step * this.timeStepSize;
  }

  /** The last steps, the oldest first; made anew at each call. */
  get history(): ArenaStep[] {
    return Array.from(
      { length: this.#history.length },
      (_, i) => this.#history.at(i),
    );
  }

  /** Places before each kept step and after the last. Shape [steps + 1, 2]. */
  get trajectory(): Float64Array {
    return this.#history.places();
  }

  /** The walls as they are slid along. */
  protected get sliding(): SlidingWalls {
    return this.#sliding;
  }

  /** Whether a place can be stood on; the rectangle's limits. */
  isInside(place: Readonly<Point>): boolean {
    const { xLimits, yLimits } = this;
    return place[0] >= xLimits[0] && place[0] <= xLimits[1] &&
      place[1] >= yLimits[0] && place[1] <= yLimits[1];
  }

  /** A place of the arena, all alike. */
  drawPlace(): Point {
    const { xLimits, yLimits, random } = this;
    for (;;) {
      const place: Point = [
        random.uniform(xLimits[0], xLimits[1]),
        random.uniform(yLimits[0], yLimits[1]),
      ];
      if (this.isInside(place)) return place;
    }
  }

  /** Where an episode begins that says nothing of it. */
  protected firstPlace(): Point {
    if (this.mode === "reference" || this.isInside([0, 0])) return [0, 0];
    const { xLimits, yLimits } = this;
    return [(xLimits[0] + xLimits[1]) / 2, (yLimits[0] + yLimits[1]) / 2];
  }

  /** Begins an episode, as {@linkcode Arena.reset} does; for extension. */
  protected begin(_options: ArenaResetOptions): void {}

  /** Whether the episode is cut after this step; for extension. */
  protected finishStep(): boolean {
    return false;
  }

  /** The reward of an action, taken where somebody stood before it. */
  protected rewardFunction(
    _action: Readonly<Point>,
    _place: Readonly<Point>,
  ): number {
    return 0;
  }

  /**
   * Begins an episode and forgets the history.
   *
   * @param options Seed and start. Throws `RangeError` for a start outside.
   */
  reset(
    options: ArenaResetOptions = {},
  ): ResetResult<Float32Array> & { info: ArenaInfo } {
    const { seed, randomState = false, customState } = options;
    const custom = customState === undefined
      ? undefined
      : checkedPlace(customState, "begin at");
    if (custom !== undefined && !this.isInside(custom)) {
      throw new RangeError(
        `Cannot begin at ${
          JSON.stringify(custom)
        }: expected a place in the arena, whose x goes from ${
          this.xLimits.join(" to ")
        } and y from ${this.yLimits.join(" to ")}`,
      );
    }
    if (seed !== undefined) this.random = new Random(seed);
    this.#step = 0;
    this.#history.clear();
    this.begin(options);
    this.moveTo(
      custom ?? (randomState ? this.drawPlace() : this.firstPlace()),
    );
    this.#running = true;
    return { observation: this.makeObservation(), info: this.info() };
  }

  /** Puts somebody elsewhere; in `default` mode not nearer to walls than allowed. */
  protected moveTo(place: Readonly<Point>): void {
    this.place[0] = place[0];
    this.place[1] = place[1];
    if (this.mode === "reference") return;
    const { xLimits, yLimits } = this;
    const edge = this.sliding.clearance;
    this.place[0] = Math.min(
      Math.max(place[0], xLimits[0] + edge),
      xLimits[1] - edge,
    );
    this.place[1] = Math.min(
      Math.max(place[1], yLimits[0] + edge),
      yLimits[1] - edge,
    );
  }

  /** What is seen now; fresh. */
  makeObservation(): Float32Array {
    return Float32Array.of(this.place[0], this.place[1]);
  }

  /** What is told now. */
  protected info(): ArenaInfo {
    return { step: this.#step, time: this.globalTime };
  }

  /** Where a displacement ends, walls considered. */
  protected destination(displacement: Readonly<Point>): Point {
    const to: Point = [
      this.place[0] + displacement[0],
      this.place[1] + displacement[1],
    ];
    if (this.mode === "reference") stopShort(this.walls, this.place, to);
    else this.sliding.move(this.place, to);
    return to;
  }

  /**
   * Takes one step.
   *
   * @param action The displacement: two finite numbers. Throws `RangeError`
   * otherwise, and `Error` before the first reset.
   * @param options `normalizeStep`: whether the action is only a direction, in
   * which a step of `agent_step_size` is taken; the zero action stays.
   */
  step(
    action: SpaceValue | readonly number[],
    options: { normalizeStep?: boolean } = {},
  ): StepResult<Float32Array> & { info: ArenaInfo } {
    if (!this.#running) {
      throw new Error(
        `Cannot step ${this.id} outside of an episode, expected a reset`,
      );
    }
    const taken = checkedPlace(action, "take the step");
    const displacement: Point = [taken[0], taken[1]];
    if (options.normalizeStep) {
      const length = Math.hypot(displacement[0], displacement[1]);
      const scale = length > 0 ? this.agentStepSize / length : 0;
      displacement[0] *= scale;
      displacement[1] *= scale;
    }
    const state: Point = [this.place[0], this.place[1]];
    const reward = this.rewardFunction(taken, state);
    const to = this.destination(displacement);
    this.place[0] = to[0];
    this.place[1] = to[1];
    this.#step++;
    const truncated = this.finishStep();
    this.#running = !truncated;
    this.#history.add(taken, { state, nextState: this.place }, reward);
    return {
      observation: this.makeObservation(),
      reward,
      terminated: false,
      truncated,
      info: this.info(),
    };
  }

  /**
   * The kept trajectory with the walls, as a figure.
   *
   * @param options Which places, titles, size.
   */
  plotTrajectory(options: TrajectoryFigureOptions = {}): Figure {
    return trajectoryFigure({
      places: this.trajectory,
      firstStep: this.#history.first,
      outerWalls: this.outerWalls,
      innerWalls: this.innerWalls,
    }, options);
  }

  /** All that is needed to go on from here, history included. */
  saveState(): State {
    return {
      place: Float64Array.from(this.place),
      step: this.#step,
      running: this.#running,
      random: this.random.saveState(),
      history: this.#history.saveState(),
    };
  }

  /** Goes on from a saved state, which is copied. */
  loadState(state: State): void {
    const place = new Float64Array(2);
    copySavedFloats(state, "place", place);
    const step = savedNumber(state, "step");
    const running = savedBoolean(state, "running");
    const random = Random.fromState(savedWords(state, "random"));
    this.#history.loadState(savedTree(state, "history"));
    this.place[0] = place[0];
    this.place[1] = place[1];
    this.#step = step;
    this.#running = running;
    this.random = random;
  }
}
