/**
 * Episodes as data sets keep them, from files of steps and from policies.
 *
 * @module
 */
import type { LoadedAgent } from "../../agents/model.ts";
import { type NdArray, numbersOf } from "../../core/array_file.ts";
import { elementCount } from "../../core/nd_array.ts";
import { Random } from "../../core/random.ts";
import {
  box,
  discrete,
  type Space,
  spaceSize,
  type SpaceValue,
} from "../../core/spaces.ts";
import { recordedArrays } from "../training/recorded_arrays.ts";

export type { LoadedAgent, NdArray, Space };

/** One episode of n steps. */
export interface RecordedEpisode {
  /** What was seen, the last observation too. Shape [n + 1, observation]. */
  readonly observations: NdArray;
  /** What was done. Shape [n] or [n, action]. */
  readonly actions: NdArray;
  /** Shape [n]. */
  readonly rewards: Float64Array;
  /** Whether the task ended with the last step. */
  readonly terminated: boolean;
  /** Whether the episode was cut after the last step. */
  readonly truncated: boolean;
  /** What the environment was reset with; undefined where nobody knows. */
  readonly seed?: number;
}

/** Episodes, and where their values lie. */
export interface RecordedEpisodes {
  /** Of observations. */
  readonly observationSpace: Space;
  /** Of actions. */
  readonly actionSpace: Space;
  /** In their order. */
  readonly episodes: readonly RecordedEpisode[];
}

/** Values of one space behind one another: shape [rows], or [rows, ...]. */
function stacked(values: readonly SpaceValue[], space: Space): NdArray {
  if (space.kind === "discrete") {
    return {
      shape: [values.length],
      data: BigInt64Array.from(values as number[], BigInt),
    };
  }
  const all = values.flatMap((value) => [...value as Float32Array]);
  return space.kind === "box"
    ? {
      shape: [values.length, ...space.shape],
      data: Float32Array.from(all),
    }
    : {
      shape: [values.length, space.sizes.length],
      data: BigInt64Array.from(all, BigInt),
    };
}

/** Options of {@linkcode playEpisodes}. */
export interface PlayOptions {
  /** How many. */
  episodes: number;
  /** Where the seeds of the episodes come from. */
  seed: number;
  /** Longer episodes are cut. Default: the environment's own end. */
  maximumSteps?: number;
  /** Called after each episode; false ends the playing. */
  after?: (episodes: number) => boolean | Promise<boolean>;
}

/**
 * Lets an agent act in the environment it was trained in.
 *
 * @param agent Acts as well as it can.
 * @param options How many episodes, from which seed.
 */
export async function playEpisodes(
  agent: LoadedAgent,
  options: PlayOptions,
): Promise<RecordedEpisodes> {
  const { maximumSteps = Infinity, after = () => true } = options;
  const env = agent.makeEnvironment();
  const { observationSpace, actionSpace } = env;
  const random = new Random(options.seed);
  const episodes: RecordedEpisode[] = [];
  while (episodes.length < options.episodes) {
    const seed = random.integer(0, 2 ** 31 - 1);
    agent.reset();
    let { observation, info } = env.reset({ seed });
    const seen = [observation];
    const done: SpaceValue[] = [];
    const rewards: number[] = [];
    let [terminated, truncated] = [false, false];
    while (!terminated && !truncated) {
      const action = agent.act(observation, info);
      const result = env.step(action);
      ({ observation, info, terminated } = result);
      seen.push(observation);
      done.push(action);
      rewards.push(result.reward);
      truncated = result.truncated ||
        (!terminated && done.length >= maximumSteps);
    }
    episodes.push({
      observations: stacked(seen, observationSpace),
      actions: stacked(done, actionSpace),
      rewards: Float64Array.from(rewards),
      terminated,
      truncated,
      seed,
    });
    if (!await after(episodes.length)) break;
  }
  return { observationSpace, actionSpace, episodes };
}

function needed(
  arrays: Readonly<Record<string, NdArray>>,
  name: string,
  rows: number,
): NdArray {
  const array = arrays[name];
  if (array === undefined || array.shape[0] !== rows) {
    throw new TypeError(
      `its ${name} ${
        array ? `have the shape (${array.shape.join(", ")})` : "are missing"
      }, expected ${rows} rows`,
    );
  }
  return array;
}

/** Whether each row ends its episode. */
function lastRows(
  rows: number,
  { ids, terminals, timeouts }: {
    ids: NdArray | undefined;
    terminals: Float64Array;
    timeouts: Float64Array;
  },
): boolean[] {
  return Array.from({ length: rows }, (_, row) =>
    row === rows - 1 ||
    (ids
      ? ids.data[row] !== ids.data[row + 1]
      : terminals[row] !== 0 || timeouts[row] !== 0));
}

/** A space of numbers that nobody described. */
function spaceOf(array: NdArray, name: string): Space {
  if (
    array.data instanceof Float32Array || array.data instanceof Float64Array
  ) {
    return box(-Infinity, Infinity, { shape: array.shape.slice(1) });
  }
  const numbers = numbersOf(array);
  const most = numbers.reduce((largest, n) => Math.max(largest, n), 0);
  if (array.shape.length !== 1 || numbers.some((n) => n < 0)) {
    throw new TypeError(
      `its ${name} are whole numbers of the shape (${
        array.shape.join(", ")
      }), expected floats, or one number from 0 a row`,
    );
  }
  return discrete(most + 1);
}

/** Some rows of an array, as values of a space. */
function rowsOf(
  array: NdArray,
  [start, end]: readonly [number, number],
  space: Space,
): NdArray {
  const width = elementCount(array.shape.slice(1));
  const numbers = numbersOf({
    shape: [],
    data: array.data.subarray(start * width, end * width) as Float64Array,
  });
  const shape = [end - start, ...array.shape.slice(1)];
  return space.kind === "box"
    ? { shape, data: Float32Array.from(numbers) }
    : { shape, data: BigInt64Array.from(numbers, BigInt) };
}

/** An array with one more row. */
function withRow(array: NdArray, row: NdArray): NdArray {
  const joined = array.data instanceof BigInt64Array
    ? BigInt64Array.from([...array.data, ...row.data as BigInt64Array])
    : Float32Array.from([
      ...array.data as Float32Array,
      ...row.data as Float32Array,
    ]);
  return { shape: [array.shape[0] + 1, ...array.shape.slice(1)], data: joined };
}

/**
 * The episodes of recorded steps: those of `episode_ids`, or else of
 * `terminals` and `timeouts`. An episode that ends with neither is taken for
 * cut.
 *
 * @param given Arrays of steps, under the names of `recordedArrays`: `states`,
 * `actions`, `rewards`, `next_states`. Throws `TypeError` where they are
 * missing or do not fit.
 * @param spaces Default: boxes without bounds for floats, and for whole
 * numbers as many as there are.
 */
export function episodesOfSteps(
  given: Readonly<Record<string, NdArray>>,
  spaces: { observationSpace?: Space; actionSpace?: Space } = {},
): RecordedEpisodes {
  const arrays = recordedArrays(given);
  const rows = arrays.states?.shape[0] ?? 0;
  if (rows === 0) throw new TypeError("it holds no states");
  const states = needed(arrays, "states", rows);
  const actions = needed(arrays, "actions", rows);
  const next = needed(arrays, "next_states", rows);
  const rewards = numbersOf(needed(arrays, "rewards", rows));
  const flags = (name: string) =>
    name in arrays
      ? numbersOf(needed(arrays, name, rows))
      : new Float64Array(rows);
  const [terminals, timeouts] = [flags("terminals"), flags("timeouts")];
  const ids = arrays.episode_ids && needed(arrays, "episode_ids", rows);
  const {
    observationSpace = spaceOf(states, "states"),
    actionSpace = spaceOf(actions, "actions"),
  } = spaces;
  checkWidth("states", states, observationSpace);
  checkWidth("next_states", next, observationSpace);
  checkWidth("actions", actions, actionSpace);
  const ends = lastRows(rows, { ids, terminals, timeouts });
  const episodes: RecordedEpisode[] = [];
  let start = 0;
  ends.forEach((ended, row) => {
    if (!ended) return;
    const range = [start, row + 1] as const;
    const terminated = terminals[row] !== 0;
    episodes.push({
      observations: withRow(
        rowsOf(states, range, observationSpace),
        rowsOf(next, [row, row + 1], observationSpace),
      ),
      actions: rowsOf(actions, range, actionSpace),
      rewards: rewards.slice(start, row + 1),
      terminated,
      truncated: !terminated,
    });
    start = row + 1;
  });
  return { observationSpace, actionSpace, episodes };
}

function checkWidth(name: string, array: NdArray, space: Space): void {
  const width = elementCount(array.shape.slice(1));
  if (width !== spaceSize(space)) {
    throw new TypeError(
      `its ${name} have ${width} values a row, expected ${spaceSize(space)}`,
    );
  }
}
