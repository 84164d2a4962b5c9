/**
 * Files that training begins with: recorded steps, and policies trained before.
 *
 * @module
 */
import { loadAgent } from "../../agents/model.ts";
import {
  checkOfflineData,
  type OfflineData,
} from "../../agents/offline/offline_data.ts";
import { readWholeFile } from "../../core/atomic_file.ts";
import { decodeArrays, type NdArray } from "../../core/array_file.ts";
import { isHdf5 } from "../../core/hdf5_reader.ts";
import { sha256 } from "../../core/sha256.ts";
import { describeSpace } from "../../core/spaces.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { type EnvironmentSpec, makeEnvironment } from "../../envs/registry.ts";
import { decodeMinariSteps, minariFile } from "../minari/minari_steps.ts";
import { recordedArrays } from "./recorded_arrays.ts";

export type { EnvironmentSpec, JsonRecord, NdArray, OfflineData };

/** Recorded steps, and what their file says of them. */
export interface RecordedSteps {
  /** The steps. */
  readonly data: OfflineData;
  /** SHA-256 of the file, in hexadecimal. */
  readonly digest: string;
  /** Number of each row's episode; undefined where the file has none. */
  readonly episodeIds: Int32Array | undefined;
  /** What the rows were collected with; undefined where the file is silent. */
  readonly options: JsonRecord | undefined;
}

/** A matrix of floats with as many rows as others. */
function matrix(array: NdArray | undefined, name: string): {
  data: Float32Array;
  rows: number;
  width: number;
} {
  if (array?.shape.length !== 2) {
    throw new TypeError(
      `"${name}" is ${
        array ? `of shape (${array.shape.join(", ")})` : "missing"
      }, expected a matrix of floats`,
    );
  }
  const [rows, width] = array.shape;
  return { data: floats(array)!, rows, width };
}

/** Numbers of any type, NumPy's 64-bit whole numbers among them. */
function numbers(array: NdArray | undefined): number[] | undefined {
  return array && Array.from<number | bigint, number>(array.data, Number);
}

function floats(array: NdArray | undefined): Float32Array | undefined {
  return array && Float32Array.from(numbers(array)!);
}

function stepsOf(arrays: Record<string, NdArray>): OfflineData {
  const states = matrix(arrays.states, "states");
  const actions = matrix(arrays.actions, "actions");
  if (states.rows !== actions.rows) {
    throw new TypeError(
      `there are ${states.rows} states and ${actions.rows} actions, expected as many`,
    );
  }
  const data: OfflineData = {
    rows: states.rows,
    observationSize: states.width,
    actionSize: actions.width,
    observations: states.data,
    actions: actions.data,
    rewards: floats(arrays.rewards),
    nextObservations: floats(arrays.next_states),
    terminals: arrays.terminals &&
      Uint8Array.from(numbers(arrays.terminals)!, (ended) => ended ? 1 : 0),
  };
  checkOfflineData(data);
  return data;
}

function episodesOf(
  array: NdArray | undefined,
  rows: number,
): Int32Array | undefined {
  if (array === undefined) return undefined;
  const ids = Int32Array.from(numbers(array)!);
  if (ids.length !== rows) {
    throw new TypeError(
      `there are ${ids.length} episode_ids and ${rows} states, expected as many`,
    );
  }
  return ids;
}

function optionsOf({ options }: Record<string, NdArray>) {
  if (!(options?.data instanceof Uint8Array)) return undefined;
  // Without what they say of the expert.
  const { policy: _p, objective: _o, searchEvaluations: _s, ...rest } = JSON
    .parse(new TextDecoder().decode(options.data));
  return rest as JsonRecord;
}

/**
 * Reads recorded steps.
 *
 * @param path A `.npz`, or a pickled dictionary, with `states` and `actions`,
 * and for agents that learn values `next_states`, `rewards` and `terminals`,
 * under these names or those of D4RL, Minari and Stable-Baselines3; or a data
 * set of Minari's, its folder or `main_data.hdf5`. Throws a one-line error that
 * names it where it cannot be read or does not hold them.
 */
export async function readRecordedSteps(path: string): Promise<RecordedSteps> {
  const file = await minariFile(path);
  const bytes = await readWholeFile(file);
  const found = isHdf5(bytes)
    ? await decodeMinariSteps(bytes, file)
    : decodeArrays(bytes, path);
  try {
    const arrays = recordedArrays(found);
    const data = stepsOf(arrays);
    return {
      data,
      digest: await sha256(bytes),
      episodeIds: episodesOf(arrays.episode_ids, data.rows),
      options: optionsOf(arrays),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new TypeError(
      `Cannot learn from ${JSON.stringify(path)}: ${error.message}`,
      { cause: error },
    );
  }
}

/**
 * Reads the weights of a policy to begin with.
 *
 * @param path A model. Throws a one-line error where it is none, or one whose
 * observations or actions are others.
 * @param environment What is to be trained in.
 */
export async function readPretrained(
  path: string,
  environment: EnvironmentSpec,
): Promise<Readonly<Record<string, NdArray>>> {
  const { config, archive } = await loadAgent(path);
  const env = makeEnvironment(environment);
  for (const name of ["observationSpace", "actionSpace"] as const) {
    const wanted = describeSpace(env[name]);
    if (config[name] !== wanted) {
      throw new TypeError(
        `Cannot begin with ${JSON.stringify(path)}: its ${name} is ${
          config[name]
        }, expected ${wanted}`,
      );
    }
  }
  const { weights = {} } = archive.tensors;
  const policy = Object.entries(weights).filter(([name]) =>
    name.startsWith("actor.")
  );
  if (policy.length === 0) {
    throw new TypeError(
      `Cannot begin with ${
        JSON.stringify(path)
      }: it is a model of ${config.agent}, expected one with a deterministic policy`,
    );
  }
  return Object.fromEntries(policy);
}
