/**
 * Data sets that Farama's Minari (0.5) loads: HDF5 with JSON beside it.
 *
 * @module
 */
import { join } from "@std/path";
import {
  writeFileAtomically,
  writeFilesAtomically,
} from "../../core/atomic_file.ts";
import { encodeHdf5, type Hdf5Group } from "../../core/hdf5.ts";
import type { Space } from "../../core/spaces.ts";
import { LOADSTAR_VERSION } from "../../core/version.ts";
import type { RecordedEpisode, RecordedEpisodes } from "./episodes.ts";

export type { RecordedEpisodes, Space };

/** Version of Minari whose files these are. */
export const MINARI_VERSION = "0.5.3";

/** What a data set says of itself. */
export interface MinariNotes {
  /** `NAMESPACE/NAME-vN`. */
  readonly id: string;
  /** What acted. */
  readonly algorithm: string;
  /** In words. */
  readonly description: string;
}

/** Options of {@linkcode writeMinariDataset}. */
export interface WriteMinariOptions {
  /** Whether one of that name may be replaced. Default false. */
  overwrite?: boolean;
}

/** Python's JSON has infinities. */
function pythonNumber(value: number): string {
  if (Number.isFinite(value)) {
    return Number.isInteger(value) ? `${value}.0` : String(value);
  }
  return value > 0 ? "Infinity" : "-Infinity";
}

/** A list within lists, one for each axis. */
function nested(values: Float32Array, shape: readonly number[]): string {
  if (shape.length === 0) return pythonNumber(values[0]);
  const size = values.length / shape[0];
  const parts = Array.from(
    { length: shape[0] },
    (_, i) => nested(values.subarray(i * size, (i + 1) * size), shape.slice(1)),
  );
  return `[${parts.join(", ")}]`;
}

/**
 * A space as Minari writes it.
 *
 * @param space Any.
 * @returns JSON as Python reads it.
 */
export function serializeSpace(space: Space): string {
  switch (space.kind) {
    case "discrete":
      return `{"type": "Discrete", "dtype": "int64", "start": 0, "n": ${space.n}}`;
    case "multi-discrete": {
      const zeros = space.sizes.map(() => 0);
      return `{"type": "MultiDiscrete", "dtype": "int64", "nvec": [${
        space.sizes.join(", ")
      }], "start": [${zeros.join(", ")}]}`;
    }
    case "box":
      return `{"type": "Box", "dtype": "float32", "shape": [${
        space.shape.join(", ")
      }], "low": ${nested(space.low, space.shape)}, "high": ${
        nested(space.high, space.shape)
      }}`;
  }
}

function groupOf(episode: RecordedEpisode, id: number): Hdf5Group {
  const { observations, actions, rewards, seed } = episode;
  const steps = rewards.length;
  const atLast = (value: boolean) => {
    const data = new Uint8Array(steps);
    if (value) data[steps - 1] = 1;
    return { shape: [steps], data, boolean: true };
  };
  return {
    attributes: {
      id,
      total_steps: steps,
      ...(seed !== undefined && { seed }),
    },
    members: {
      observations,
      actions,
      rewards: { shape: [steps], data: rewards },
      terminations: atLast(episode.terminated),
      truncations: atLast(episode.truncated),
    },
  };
}

/**
 * The parts of an id.
 *
 * @param id Throws `RangeError` unless it is `NAMESPACE/NAME-vN`, the namespace
 * may be left out.
 * @returns Folders on the way.
 */
export function minariFolders(id: string): string[] {
  const folders = id.split("/");
  const name = folders.at(-1)!;
  if (
    !/^[-\w]+-v\d+$/.test(name) ||
    !folders.every((part) => /^[-\w]+$/.test(part)) ||
    // Minari knows no namespace of one letter before a name alone.
    (folders.length === 2 && folders[0].length === 1)
  ) {
    throw new RangeError(
      `Cannot use the data set's id ${
        JSON.stringify(id)
      }, expected letters, digits, - and _, a namespace of two or more, such as loadstar/sdn/expert-v0`,
    );
  }
  return folders;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Writes a data set, so that `minari.load_dataset(id)` finds it where the
 * environment variable `MINARI_DATASETS_PATH` names the folder.
 *
 * @param root The folder of all data sets. Throws a one-line error where it
 * cannot be written, or a data set of that name is there.
 * @param recorded The episodes. Throws `RangeError` where there is none.
 * @param notes What is said of them.
 * @param options Whether one may be replaced.
 * @returns The data set's folder.
 */
export async function writeMinariDataset(
  root: string,
  recorded: RecordedEpisodes,
  notes: MinariNotes,
  options: WriteMinariOptions = {},
): Promise<string> {
  const folders = minariFolders(notes.id);
  const { episodes, observationSpace, actionSpace } = recorded;
  if (episodes.length === 0) {
    throw new RangeError("Cannot write a data set of no episodes");
  }
  const folder = join(root, ...folders);
  const metadataPath = join(folder, "data", "metadata.json");
  if (!options.overwrite && await exists(metadataPath)) {
    throw new Error(
      `Cannot write the data set ${notes.id}: it is at ${
        JSON.stringify(folder)
      } already, expected another id, or --overwrite`,
    );
  }
  const members = Object.fromEntries(
    episodes.map((episode, id) => [`episode_${id}`, groupOf(episode, id)]),
  );
  const parts = encodeHdf5({ members });
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  for (let depth = 1; depth < folders.length; depth++) {
    const path = join(root, ...folders.slice(0, depth), NAMESPACE_FILE);
    if (!await exists(path)) await writeFileAtomically(path, "{}");
  }
  const metadata = {
    total_episodes: episodes.length,
    total_steps: episodes.reduce((sum, { rewards }) => sum + rewards.length, 0),
    data_format: "hdf5",
    observation_space: serializeSpace(observationSpace),
    action_space: serializeSpace(actionSpace),
    dataset_id: notes.id,
    algorithm_name: notes.algorithm,
    author: [`Loadstar ${LOADSTAR_VERSION}`],
    description: notes.description,
    minari_version: MINARI_VERSION,
    dataset_size: Math.round(bytes / 1e5) / 10,
  };
  // Last: by this file Minari knows that a data set is there.
  await writeFilesAtomically([
    [join(folder, "data", "main_data.hdf5"), parts],
    [metadataPath, JSON.stringify(metadata)],
  ]);
  return folder;
}

const NAMESPACE_FILE = "namespace_metadata.json";
