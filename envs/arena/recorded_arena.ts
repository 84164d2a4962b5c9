/**
 * An arena in which a recorded animal walks again.
 *
 * @module
 */
import {
  type EitherCase,
  integerParameter,
  numberParameter,
  optionalParameter,
  type ParameterTableOf,
  readParameters,
  textParameter,
} from "../../core/parameters.ts";
import type { State } from "../../core/state.ts";
import { savedNumber } from "../_saved.ts";
import { Arena, type ArenaResetOptions, type Point } from "./arena.ts";
import {
  ARENA_PARAMETERS,
  type ArenaParameters,
  LIMITS_PARAMETER,
} from "./arena_parameters.ts";
import { readTrajectory, type Trajectory } from "./trajectory_csv.ts";

/** What a {@linkcode RecordedArena} is made with. */
export interface RecordedArenaParameters
  extends Omit<ArenaParameters, "time_step_size"> {
  /** A CSV file with columns x, y and time, where it is known. Must be given. */
  data_path: string;
  /** Smallest and largest x. Default null: those of the recording. */
  arena_x_limits: readonly number[] | null;
  /** Smallest and largest y. Default null: those of the recording. */
  arena_y_limits: readonly number[] | null;
  /**
   * Seconds of a sample. Default null: the mean of the recorded times, 0.02
   * where there are none.
   */
  time_step_size: number | null;
  /** Samples of a step. Default 1. */
  skip_every: number;
}

const { time_step_size: _, ...SHARED } = ARENA_PARAMETERS;

const PARAMETERS: ParameterTableOf<RecordedArenaParameters> = {
  ...SHARED,
  data_path: textParameter(),
  arena_x_limits: optionalParameter(LIMITS_PARAMETER),
  arena_y_limits: optionalParameter(LIMITS_PARAMETER),
  time_step_size: optionalParameter(numberParameter({ exclusiveMinimum: 0 })),
  skip_every: integerParameter({ minimum: 1, fallback: 1 }),
};

/** Smallest and largest of every other number. */
function extent(places: Float64Array, first: 0 | 1): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = first; i < places.length; i += 2) {
    low = Math.min(low, places[i]);
    high = Math.max(high, places[i]);
  }
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

function sampleSeconds({ times }: Trajectory): number {
  return times === undefined
    ? 0.02
    : (times[times.length - 1] - times[0]) / (times.length - 1);
}

/**
 * A recorded trajectory, step by step: actions are passed over, and the episode
 * is cut at the recording's end. Episodes begin at its first sample, with
 * `randomState` at any, and with `customState` at the sample nearest to it.
 */
export class RecordedArena extends Arena {
  readonly #places: Float64Array;
  readonly #skip: number;
  #sample = 0;

  /**
   * An arena of a recording.
   *
   * @param parameters In the literature's spelling or in camelCase. Throws
   * `TypeError` and `RangeError`, naming the parameter, for unknown, missing
   * and wrong ones, a one-line error for a file that cannot be read, and
   * `SyntaxError`, naming the line, for one that is no trajectory.
   */
  constructor(parameters: EitherCase<RecordedArenaParameters>) {
    const values = readParameters("RecordedArena", {
      table: PARAMETERS,
      given: parameters,
    });
    const recording = readTrajectory(values.dataPath);
    const { places } = recording;
    const samples = places.length / 2;
    if (values.skipEvery >= samples) {
      throw new RangeError(
        `Cannot make RecordedArena with skip_every ${values.skipEvery}: expected fewer than the ${samples} samples of ${values.dataPath}`,
      );
    }
    const limits = {
      xLimits: values.arenaXLimits ?? extent(places, 0),
      yLimits: values.arenaYLimits ?? extent(places, 1),
    };
    super({
      ...values,
      ...limits,
      id: "RecordedArena-v1",
      timeStepSize: values.skipEvery *
        (values.timeStepSize ?? sampleSeconds(recording)),
    });
    for (let i = 0; i < samples; i++) {
      if (!this.isInside([places[2 * i], places[2 * i + 1]])) {
        throw new RangeError(
          `Cannot keep sample ${i} of ${values.dataPath} at ${places[2 * i]}, ${
            places[2 * i + 1]
          } in the arena: expected wider arena_x_limits and arena_y_limits`,
        );
      }
    }
    this.#places = places;
    this.#skip = values.skipEvery;
  }

  #placeOf(sample: number): Point {
    return [this.#places[2 * sample], this.#places[2 * sample + 1]];
  }

  /** Samples from which at least one step can be taken. */
  get #starts(): number {
    return this.#places.length / 2 - this.#skip;
  }

  #nearestSample(place: ArrayLike<number>): number {
    let best = 0;
    let smallest = Infinity;
    for (let i = 0; i < this.#starts; i++) {
      const [x, y] = this.#placeOf(i);
      const distance = Math.hypot(x - place[0], y - place[1]);
      if (distance < smallest) {
        smallest = distance;
        best = i;
      }
    }
    return best;
  }

  /** Finds the sample that an episode begins with. */
  protected override begin(options: ArenaResetOptions): void {
    const { randomState = false, customState } = options;
    this.#sample = customState !== undefined
      ? this.#nearestSample(customState)
      : randomState
      ? this.random.integer(0, this.#starts - 1)
      : 0;
  }

  /** Where the recording is, wherever an episode is to begin. */
  protected override moveTo(): void {
    const [x, y] = this.#placeOf(this.#sample);
    this.place[0] = x;
    this.place[1] = y;
  }

  /** Where the recording goes on, whatever was asked for. */
  protected override destination(): Point {
    this.#sample += this.#skip;
    return this.#placeOf(this.#sample);
  }

  /** Whether no step is left. */
  protected override finishStep(): boolean {
    return this.#sample >= this.#starts;
  }

  /** All that is needed to go on from here, history included. */
  override saveState(): State {
    return { ...super.saveState(), sample: this.#sample };
  }

  /** Goes on from a saved state, which is copied. */
  override loadState(state: State): void {
    const sample = savedNumber(state, "sample");
    super.loadState(state);
    this.#sample = sample;
  }
}
