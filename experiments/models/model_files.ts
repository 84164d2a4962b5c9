/**
 * The models in a folder, found by what the files hold.
 *
 * @module
 */
import { basename, extname, join, relative } from "@std/path";
import {
  type AgentName,
  agentOf,
  type LoadedAgent,
} from "../../agents/model.ts";
import { decodeArchive, isArchive } from "../../core/archive.ts";
import { fileError, readWholeFile } from "../../core/atomic_file.ts";

export type { AgentName, LoadedAgent };

/** The task that trains each family of models. */
export const TRAINING_TASKS: Readonly<Record<AgentName, string>> = {
  bc: "imitation-pretrain",
  ddpg: "train-ddpg",
  dqn: "train-dqn",
  "independent-sac": "training-pipeline",
  iql: "train-ddpg",
  ppo: "train-ppo",
  qlearning: "train-qlearning",
  qmix: "train-qmix",
  "sac-gru": "train-sac-gru",
  td3: "train-ddpg",
  "td3-bc": "train-ddpg",
};

/** A model that loads. */
export interface ModelFile {
  /** Where it lies. */
  readonly path: string;
  /** Its path below the folder that was searched. */
  readonly name: string;
  /** When the file was written, milliseconds since 1970. */
  readonly modified: number;
  /** The agent. */
  readonly agent: LoadedAgent;
}

/** A file that is no model, or one that cannot be used. */
export interface RefusedFile {
  /** Where it lies. */
  readonly path: string;
  /** Its path below the folder that was searched. */
  readonly name: string;
  /** Why, in one line. */
  readonly reason: string;
}

/** What a folder holds. */
export interface ModelFiles {
  /** Models, in the order of their names. */
  readonly models: readonly ModelFile[];
  /** Files that should be models and cannot be used. */
  readonly refused: readonly RefusedFile[];
}

/** Options of {@linkcode findModels}. */
export interface FindModelsOptions {
  /** Whether folders named `checkpoints` are searched. Default `false`. */
  checkpoints?: boolean;
}

/**
 * Kinds of files that lie beside models and are not taken for damaged ones,
 * and what an interrupted write leaves behind.
 */
const OTHER_KINDS = new Set([
  ".csv",
  ".html",
  ".json",
  ".jsonl",
  ".log",
  ".md",
  ".npz",
  ".pdf",
  ".png",
  ".svg",
  ".tmp",
]);

/** Everything that has to be looked at below a folder, sorted. */
async function listFiles(folder: string, checkpoints: boolean) {
  const paths: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      const path = join(folder, entry.name);
      if (entry.name.startsWith(".")) continue;
      if (!entry.isDirectory) paths.push(path);
      else if (checkpoints || entry.name !== "checkpoints") {
        paths.push(...await listFiles(path, checkpoints));
      }
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotADirectory) return [folder];
    // A deeper folder's error names its path already.
    throw error instanceof Error && error.message.startsWith("Cannot ")
      ? error
      : fileError(error, folder, { action: "read" });
  }
  return paths.sort();
}

async function look(path: string): Promise<LoadedAgent | undefined> {
  const bytes = await readWholeFile(path);
  const isOther = OTHER_KINDS.has(extname(path).toLowerCase());
  if (isOther && !isArchive(bytes)) return undefined;
  return agentOf(decodeArchive(bytes, { name: path }));
}

/**
 * Looks at every file of a folder and of those below it. Content decides, not
 * the name; hidden files are passed over, and so are files of other kinds
 * (tables, pages, pictures) by their suffix.
 *
 * @param folder Where to look, or one file. Throws a one-line error when it
 * cannot be read.
 * @param options Whether to look at checkpoints.
 */
export async function findModels(
  folder: string,
  options: FindModelsOptions = {},
): Promise<ModelFiles> {
  const models: ModelFile[] = [];
  const refused: RefusedFile[] = [];
  for (const path of await listFiles(folder, options.checkpoints ?? false)) {
    const name = relative(folder, path) || basename(path);
    try {
      const agent = await look(path);
      if (agent === undefined) continue;
      const { mtime } = await Deno.stat(path);
      models.push({ path, name, modified: mtime?.getTime() ?? 0, agent });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      refused.push({ path, name, reason: oneLine(error) });
    }
  }
  return { models, refused };
}

function oneLine(error: Error): string {
  return (error.message || error.name).trim().replace(/\s*\n\s*/g, " ");
}

/**
 * {@linkcode findModels}, or nothing where the folder is not there.
 *
 * @param folder Where to look.
 * @param options Whether to look at checkpoints.
 */
export async function findModelsIfAny(
  folder: string,
  options: FindModelsOptions = {},
): Promise<ModelFiles> {
  try {
    return await findModels(folder, options);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { models: [], refused: [] };
  }
}

/**
 * The newest model of each family, that is of each algorithm.
 *
 * @param models Models in any order.
 * @returns By the algorithm's name; of files of one time, the last by name.
 */
export function newestOfEachFamily(
  models: readonly ModelFile[],
): Map<string, ModelFile> {
  const newest = new Map<string, ModelFile>();
  const inOrder = models.toSorted((a, b) =>
    a.modified - b.modified || (a.path < b.path ? -1 : 1)
  );
  for (const model of inOrder) newest.set(model.agent.config.agent, model);
  return newest;
}
