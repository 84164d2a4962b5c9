/**
 * Data sets of what a policy does in the routing environment.
 *
 * @module
 */
import { readWholeFile, writeFileAtomically } from "../../core/atomic_file.ts";
import { decodeNpz, type NdArray } from "../../core/npz.ts";
import { Random } from "../../core/random.ts";
import { encodeSavez } from "../../core/savez.ts";
import type { RoutingPolicy } from "../../agents/rules/routing_policies.ts";
import type { SDNEnv } from "../../envs/sdn/sdn_env.ts";

export type { NdArray, RoutingPolicy, SDNEnv };

/** Rows of an environment's steps, in typed arrays with room for more. */
export interface ExpertDataset {
  /** Rows that are there. */
  rows: number;
  /** Episodes that are whole. */
  episodes: number;
  /** What was seen before each action. Shape [capacity, observation]. */
  readonly states: Float32Array;
  /** What was done. Shape [capacity, action]. */
  readonly actions: Float32Array;
  /** What was seen after it. Shape [capacity, observation]. */
  readonly nextStates: Float32Array;
  /** Rewards. Shape [capacity]. */
  readonly rewards: Float32Array;
  /** 1 where the task ended. Shape [capacity]. */
  readonly terminals: Uint8Array;
  /** 1 where the episode was cut. Shape [capacity]. */
  readonly timeouts: Uint8Array;
  /** Number of the row's episode, from 0. Shape [capacity]. */
  readonly episodeIds: Int32Array;
  /** Length of a state. */
  readonly stateSize: number;
  /** Length of an action. */
  readonly actionSize: number;
}

/** What a file says of its rows. */
export interface DatasetDescription {
  /** The seed of the run. */
  readonly seed: number;
  /**
   * What else the rows depend on, as JSON; a file is only gone on with where
   * this is the same.
   */
  readonly options: string;
}

/**
 * Room for rows.
 *
 * @param env The environment, for its sizes.
 * @param capacity How many rows fit.
 */
export function makeDataset(env: SDNEnv, capacity: number): ExpertDataset {
  const stateSize = env.observationSpace.low.length;
  const actionSize = env.actionSpace.low.length;
  return {
    rows: 0,
    episodes: 0,
    states: new Float32Array(capacity * stateSize),
    actions: new Float32Array(capacity * actionSize),
    nextStates: new Float32Array(capacity * stateSize),
    rewards: new Float32Array(capacity),
    terminals: new Uint8Array(capacity),
    timeouts: new Uint8Array(capacity),
    episodeIds: new Int32Array(capacity),
    stateSize,
    actionSize,
  };
}

/**
 * The seeds of a run's episodes: each begins anew, so that it does not depend
 * on what was before it.
 *
 * @param seed The run's seed.
 * @param count How many.
 */
export function episodeSeeds(seed: number, count: number): number[] {
  const random = new Random(seed);
  return Array.from(
    { length: count },
    () => random.integer(0, Number.MAX_SAFE_INTEGER),
  );
}

/** What happens around {@linkcode collectEpisode}. */
export interface CollectOptions {
  /** Where the episode begins. */
  readonly seed: number;
  /** Given a turn after every step. */
  readonly breathe: () => Promise<void>;
  /** Ends the episode early. */
  readonly signal: AbortSignal;
  /** Called after every step. */
  readonly onStep?: (info: ReturnType<SDNEnv["step"]>) => void;
}

/**
 * Plays an episode and appends its rows. Where the controller fails or the
 * signal comes, the rows so far stay, the last of them as a timeout, and the
 * episode does not count as whole.
 *
 * @param dataset Appended to.
 * @param player Environment and policy.
 * @param options Seed and signal.
 */
export async function collectEpisode(
  dataset: ExpertDataset,
  player: {
    readonly env: SDNEnv;
    readonly policy: Pick<RoutingPolicy, "begin" | "act">;
  },
  options: CollectOptions,
): Promise<void> {
  const { env, policy } = player;
  const { seed, breathe, signal, onStep } = options;
  const { stateSize, actionSize, timeouts } = dataset;
  const firstRow = dataset.rows;
  try {
    let { observation } = env.reset({ seed });
    policy.begin(seed);
    for (let over = false; !over;) {
      if (signal.aborted) throw signal.reason;
      const action = policy.act();
      const result = env.step(action);
      const row = dataset.rows++;
      dataset.states.set(observation, row * stateSize);
      dataset.actions.set(action, row * actionSize);
      dataset.nextStates.set(result.observation, row * stateSize);
      dataset.rewards[row] = result.reward;
      dataset.terminals[row] = result.terminated ? 1 : 0;
      timeouts[row] = result.truncated ? 1 : 0;
      dataset.episodeIds[row] = dataset.episodes;
      observation = result.observation;
      over = result.terminated || result.truncated;
      onStep?.(result);
      await breathe();
    }
    dataset.episodes++;
  } catch (error) {
    if (dataset.rows > firstRow) timeouts[dataset.rows - 1] = 1;
    throw error;
  }
}

/**
 * The bytes of a file of the rows that are there.
 *
 * @param dataset The rows.
 * @param description Seed and options; undefined for the two arrays of the
 * original alone, states and actions, with the bytes of `numpy.savez`.
 */
export function encodeDataset(
  dataset: ExpertDataset,
  description: DatasetDescription | undefined,
): Uint8Array {
  const { rows, stateSize, actionSize } = dataset;
  const states = {
    shape: [rows, stateSize],
    data: dataset.states.subarray(0, rows * stateSize),
  };
  const actions = {
    shape: [rows, actionSize],
    data: dataset.actions.subarray(0, rows * actionSize),
  };
  if (description === undefined) return encodeSavez({ states, actions });
  const options = new TextEncoder().encode(description.options);
  const flags = (data: Uint8Array) => ({
    shape: [rows],
    data: data.subarray(0, rows),
    boolean: true,
  });
  return encodeSavez({
    states,
    actions,
    next_states: {
      shape: [rows, stateSize],
      data: dataset.nextStates.subarray(0, rows * stateSize),
    },
    rewards: { shape: [rows], data: dataset.rewards.subarray(0, rows) },
    terminals: flags(dataset.terminals),
    timeouts: flags(dataset.timeouts),
    episode_ids: { shape: [rows], data: dataset.episodeIds.subarray(0, rows) },
    seed: { shape: [], data: BigInt64Array.of(BigInt(description.seed)) },
    options: { shape: [options.length], data: options },
  });
}

/**
 * Writes the rows that are there, atomically.
 *
 * @param path The file's place. Throws a one-line error where it cannot be
 * written.
 * @param dataset The rows.
 * @param description As for {@linkcode encodeDataset}.
 */
export async function writeDataset(
  path: string,
  dataset: ExpertDataset,
  description: DatasetDescription | undefined,
): Promise<void> {
  const bytes = encodeDataset(dataset, description);
  await writeFileAtomically(path, bytes, { flush: true });
}

function floats(
  arrays: Record<string, NdArray>,
  name: string,
  width: number | undefined,
): Float32Array {
  const array = arrays[name];
  const wanted = width === undefined ? "(rows)" : `(rows, ${width})`;
  if (
    !(array?.data instanceof Float32Array) ||
    array.shape.length !== (width === undefined ? 1 : 2) ||
    array.shape[1] !== width
  ) {
    throw new RangeError(
      `${name} is ${
        array === undefined ? "missing" : `of shape (${array.shape.join(", ")})`
      }, expected 32-bit floats of shape ${wanted}`,
    );
  }
  return array.data;
}

/** Rows of a file's whole episodes, by the steps of an episode. */
function readRows(
  arrays: Record<string, NdArray>,
  dataset: ExpertDataset,
  steps: number,
  hasAll: boolean,
): void {
  const { stateSize, actionSize } = dataset;
  const states = floats(arrays, "states", stateSize);
  const actions = floats(arrays, "actions", actionSize);
  const inFile = states.length / stateSize;
  const sameRows = (name: string, values: number) => {
    if (values === inFile) return;
    throw new RangeError(
      `${name} has ${values} rows, expected ${inFile} as there are states`,
    );
  };
  sameRows("actions", actions.length / actionSize);
  const found = Math.min(inFile, dataset.rewards.length);
  const episodes = Math.floor(found / steps);
  const rows = episodes * steps;
  dataset.states.set(states.subarray(0, rows * stateSize));
  dataset.actions.set(actions.subarray(0, rows * actionSize));
  if (hasAll) {
    const nextStates = floats(arrays, "next_states", stateSize);
    const rewards = floats(arrays, "rewards", undefined);
    sameRows("next_states", nextStates.length / stateSize);
    sameRows("rewards", rewards.length);
    dataset.nextStates.set(nextStates.subarray(0, rows * stateSize));
    dataset.rewards.set(rewards.subarray(0, rows));
    for (let row = 0; row < rows; row++) {
      dataset.episodeIds[row] = Math.floor(row / steps);
      dataset.timeouts[row] = row % steps === steps - 1 ? 1 : 0;
    }
  }
  dataset.rows = rows;
  dataset.episodes = episodes;
}

/**
 * Reads back the whole episodes of a file, to go on after them; rows of an
 * episode that was cut short are collected anew.
 *
 * @param path The file. Throws a one-line error where it cannot be read,
 * `SyntaxError` where it is damaged, and `RangeError` where its rows are of
 * another run.
 * @param dataset Empty; filled.
 * @param expected Steps of an episode, and what the file must say of itself
 * (undefined for the two arrays of the original, which say nothing).
 */
export async function resumeDataset(
  path: string,
  dataset: ExpertDataset,
  expected: {
    readonly steps: number;
    readonly description: DatasetDescription | undefined;
  },
): Promise<void> {
  const arrays = decodeNpz(await readWholeFile(path), { name: path });
  const { steps, description } = expected;
  try {
    if (description !== undefined) checkDescription(arrays, description);
    readRows(arrays, dataset, steps, description !== undefined);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(
      `Cannot go on with ${JSON.stringify(path)}: ${error.message}`,
      { cause: error },
    );
  }
}

function checkDescription(
  { seed, options }: Record<string, NdArray>,
  expected: DatasetDescription,
): void {
  if (options === undefined || seed === undefined) {
    throw new RangeError(
      "it does not say how its rows were collected, expected a file with seed and options (was it written with --seed-format?)",
    );
  }
  if (Number(seed.data[0]) !== expected.seed) {
    throw new RangeError(
      `its seed is ${seed.data[0]}, expected ${expected.seed}`,
    );
  }
  const found = new TextDecoder().decode(options.data as Uint8Array);
  if (found !== expected.options) {
    throw new RangeError(
      `it was collected with other options: ${found}, expected ${expected.options}`,
    );
  }
}
