/**
 * Where the episodes of a data set come from.
 *
 * @module
 */
import { agentOf } from "../../agents/model.ts";
import { decodeArchive, isArchive } from "../../core/archive.ts";
import { decodeArrays, type NdArray } from "../../core/array_file.ts";
import { readWholeFile } from "../../core/atomic_file.ts";
import type { Space } from "../../core/spaces.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { makeEnvironment } from "../../envs/registry.ts";
import {
  episodesOfSteps,
  playEpisodes,
  type PlayOptions,
  type RecordedEpisodes,
} from "./episodes.ts";

export type { NdArray, PlayOptions, RecordedEpisodes, Space };

/** Episodes, and what is to be said of them. */
export interface EpisodeSource {
  /** The episodes. */
  readonly recorded: RecordedEpisodes;
  /** What acted. */
  readonly algorithm: string;
  /** Where it acted, as JSON. */
  readonly description: string;
}

/** What a file of the routing environment says of itself. */
function optionsOf(arrays: Readonly<Record<string, NdArray>>) {
  const { options } = arrays;
  if (!(options?.data instanceof Uint8Array)) return undefined;
  const text = new TextDecoder().decode(options.data);
  const { policy, ...environment } = JSON.parse(text);
  return { policy: String(policy), environment: environment as JsonRecord };
}

/** The spaces of the routing environment; no controller is asked. */
function spacesOf(
  { ryuBase: _, ...options }: JsonRecord,
): { observationSpace: Space; actionSpace: Space } {
  const { observationSpace, actionSpace } = makeEnvironment({
    id: "SDN-v1",
    options,
  });
  return { observationSpace, actionSpace };
}

function ofSteps(bytes: Uint8Array, path: string): EpisodeSource {
  const arrays = decodeArrays(bytes, path);
  try {
    const options = optionsOf(arrays);
    const spaces = options && spacesOf(options.environment);
    return {
      recorded: episodesOfSteps(arrays, spaces),
      algorithm: options?.policy ?? "unknown",
      description: JSON.stringify(
        options ? { id: "SDN-v1", options: options.environment } : {},
      ),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    error.message = `Cannot use ${JSON.stringify(path)}: ${error.message}`;
    throw error;
  }
}

/**
 * The episodes of a file: recorded steps (`.npz` or a pickle), or a model,
 * which plays some.
 *
 * @param path The file. Throws a one-line error that names it where it is
 * neither.
 * @param play How a model plays.
 */
export async function readEpisodes(
  path: string,
  play: PlayOptions,
): Promise<EpisodeSource> {
  const bytes = await readWholeFile(path);
  if (!isArchive(bytes)) return ofSteps(bytes, path);
  const agent = agentOf(decodeArchive(bytes, { name: path }));
  return {
    recorded: await playEpisodes(agent, play),
    algorithm: agent.config.agent,
    description: JSON.stringify(agent.config.environment),
  };
}
