/**
 * What walks in an arena and learns from where it was.
 *
 * @module
 */
import { readArchive, writeArchive } from "../core/archive.ts";
import type { JsonRecord } from "../core/state_json.ts";
import type { State } from "../core/state.ts";

/** What an update tells, under the names of the training history. */
export type ArenaUpdate = Readonly<Record<string, number | Float64Array>>;

/** A model of neuroscience that walks in an arena. */
export interface ArenaAgent {
  /** The model's name, such as `Stachenfeld2018`. */
  readonly name: string;
  /** What it was made with, fallbacks filled in, in the literature's spelling. */
  readonly parameters: JsonRecord;
  /** Forgets where it was, as after a jump; what was learned stays. */
  reset(): void;
  /**
   * Where to go from here: a displacement [x, y]; fresh.
   *
   * @param observation Its place, and what else the arena tells.
   */
  act(observation: ArrayLike<number>): Float32Array;
  /**
   * Learns from the step that was taken.
   *
   * @param next What was seen after the step. Without it, the agent learns from
   * the last places that it acted on, one step late.
   * @returns What the training history keeps of it; fresh.
   */
  update(next?: ArrayLike<number>): ArenaUpdate;
  /** All that is needed to go on, save the parameters. */
  saveState(): State;
  /** Goes on from a saved state, which is copied. */
  loadState(state: State): void;
  /** Writes parameters and state as a `.zip`. */
  save(path: string): Promise<void>;
}

/** What the file of an arena's agent holds. */
export interface SavedArenaAgent {
  /** The model's name. */
  readonly name: string;
  /** What it was made with. */
  readonly parameters: JsonRecord;
  /** What it had learned. */
  readonly state: State;
}

/**
 * Writes an agent, atomically.
 *
 * @param path The file's place. Throws a one-line error that names it when it
 * cannot be written.
 * @param agent The agent.
 */
export async function writeArenaAgent(
  path: string,
  agent: ArenaAgent,
): Promise<void> {
  const { name, parameters } = agent;
  await writeArchive(path, {
    config: { arenaAgent: name, parameters },
    states: { agent: agent.saveState() },
  });
}

/**
 * Reads what {@linkcode writeArenaAgent} wrote.
 *
 * @param path The file's place. Throws a one-line error that names it where it
 * cannot be read, is damaged or is no agent of an arena.
 * @param name The model that is expected; `SyntaxError` for another. Default
 * any.
 */
export async function readArenaAgent(
  path: string,
  name?: string,
): Promise<SavedArenaAgent> {
  const { config, states } = await readArchive(path);
  const { arenaAgent, parameters } = config;
  if (
    typeof arenaAgent !== "string" || typeof parameters !== "object" ||
    parameters === null || Array.isArray(parameters) ||
    states.agent === undefined ||
    (name !== undefined && arenaAgent !== name)
  ) {
    throw new SyntaxError(
      `Cannot load ${JSON.stringify(path)}, which holds ${
        JSON.stringify(arenaAgent ?? config.agent)
      }: expected ${name ?? "an agent of an arena"}`,
    );
  }
  return {
    name: arenaAgent,
    parameters: parameters as JsonRecord,
    state: states.agent,
  };
}

/**
 * Two finite coordinates of an observation.
 *
 * @param observation Throws `TypeError` where it does not begin with them.
 * @param what Who looks, for messages.
 */
export function placeOf(
  observation: ArrayLike<number>,
  what: string,
): [x: number, y: number] {
  const [x, y] = [observation?.[0], observation?.[1]];
  if (!Number.isFinite(x) || !Number.isFinite(y)) {
    throw new TypeError(
      `Cannot place ${what} at ${
        JSON.stringify(Array.from(observation ?? []))
      }: expected finite numbers x and y`,
    );
  }
  return [x, y];
}
