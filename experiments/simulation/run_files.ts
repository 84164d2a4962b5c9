/**
 * What a run leaves behind: `agent.zip`, `arena.json`, `training_hist.npz`.
 * Reading them executes nothing that they hold.
 *
 * @module
 */
import type { ArenaAgent } from "../../agents/arena_agent.ts";
import { readArchive, writeArchive } from "../../core/archive.ts";
import { readJsonFile, writeJsonFile } from "../../core/json_file.ts";
import { Random } from "../../core/random.ts";
import { documentJson, type JsonRecord, type RunDocument } from "./document.ts";
import { readHistory, writeHistory } from "./history.ts";
import { decodeInlineState, encodeInlineState } from "./inline_state.ts";
import type {
  AgentClass,
  EnvClass,
  Parameters,
  Part,
  PartReference,
  SimulationAgent,
  SimulationArena,
  TrainingLoop,
  TrainingResult,
} from "./parts.ts";
import { loadPart } from "./references.ts";

export type { TrainingResult } from "./parts.ts";

/** The number of the format of `arena.json`. */
const ARENA_FORMAT = 1;

/** The files that a finished run adds to its folder. */
export const RESULT_FILES: readonly string[] = [
  "agent.zip",
  "arena.json",
  "training_hist.npz",
];

/** The classes and the loop of a simulation, loaded. */
export interface LoadedParts {
  /** Makes the agent. */
  readonly agentClass: AgentClass;
  /** Makes the arena. */
  readonly envClass: EnvClass;
  /** Lets them meet. */
  readonly trainingLoop: TrainingLoop;
}

/** Classes and loop of a simulation, or where they are found. */
export type SimulationParts = Readonly<
  Record<keyof LoadedParts, Part<unknown> | PartReference>
>;

/**
 * Loads the classes and the loop of a simulation.
 *
 * @param parts What a document names, or a `SingleSim` has. Throws where one
 * cannot be found; see `loadPart`.
 */
export async function loadParts(
  parts: SimulationParts,
): Promise<LoadedParts> {
  return {
    agentClass: await loadPart(parts.agentClass) as AgentClass,
    envClass: await loadPart(parts.envClass) as EnvClass,
    trainingLoop: await loadPart(parts.trainingLoop) as TrainingLoop,
  };
}

/** Seeds of a run's agent and arena, from the run's own. */
export function partSeeds(seed: number): { agent: number; env: number } {
  const root = new Random(seed);
  const draw = () => root.split().integer(0, Number.MAX_SAFE_INTEGER);
  return { agent: draw(), env: draw() };
}

/**
 * Makes the agent and the arena of a run.
 *
 * @param parts Their classes.
 * @param document Parameters and seed. Throws what the classes throw.
 */
export function makeParts(
  parts: LoadedParts,
  document: Pick<RunDocument, "agentParams" | "envParams" | "seed">,
): { agent: SimulationAgent; env: SimulationArena } {
  const make = (
    Class: new (parameters: never) => unknown,
    parameters: Parameters,
  ) => new (Class as new (parameters: Parameters) => unknown)(parameters);
  const agentParams = {
    seed: partSeeds(document.seed).agent,
    ...structuredClone(document.agentParams),
  };
  return {
    agent: make(parts.agentClass, agentParams) as SimulationAgent,
    env: make(
      parts.envClass,
      structuredClone(document.envParams),
    ) as SimulationArena,
  };
}

/** What the loaders of an agent's own files look for: see `ArenaAgent.save`. */
function ownConfig(agent: SimulationAgent): JsonRecord {
  const { name, parameters } = agent as Partial<ArenaAgent>;
  return name === undefined || parameters === undefined
    ? {}
    : { arenaAgent: name, parameters };
}

/**
 * Writes what a run leaves behind.
 *
 * @param folder The run's folder.
 * @param result What the loop returned.
 * @param document The run.
 */
export async function writeResults(
  folder: string,
  result: TrainingResult,
  document: RunDocument,
): Promise<void> {
  const { agent, env, trainingHist } = result;
  const agentState = agent.saveState?.();
  await writeArchive(`${folder}/agent.zip`, {
    config: { ...documentJson(document), ...ownConfig(agent) },
    states: agentState === undefined ? {} : { agent: agentState },
  });
  const envState = env.saveState?.();
  await writeJsonFile(`${folder}/arena.json`, {
    format: ARENA_FORMAT,
    envClass: document.envClass,
    envParams: encodeInlineState(document.envParams),
    state: envState === undefined ? null : encodeInlineState(envState),
  }, { flush: true });
  await writeHistory(`${folder}/training_hist.npz`, trainingHist);
}

/**
 * Reads what a run left behind: an agent and an arena with all their methods,
 * as they were at the end, and the history.
 *
 * @param folder The run's folder. Throws a one-line error where a file is
 * missing or damaged.
 * @param document The run.
 * @param parts Its classes.
 */
export async function readResults(
  folder: string,
  document: RunDocument,
  parts: LoadedParts,
): Promise<TrainingResult> {
  const { agent, env } = makeParts(parts, document);
  const { states } = await readArchive(`${folder}/agent.zip`);
  if (states.agent !== undefined) agent.loadState?.(states.agent);
  const path = `${folder}/arena.json`;
  const refuse = (reason: string): never => {
    throw new SyntaxError(
      `Cannot use ${JSON.stringify(path)} as an arena: ${reason}`,
    );
  };
  const { format, state } = Object(await readJsonFile(path));
  if (format !== ARENA_FORMAT) {
    refuse(`its format is ${format}, expected ${ARENA_FORMAT}`);
  }
  if (state !== null) env.loadState?.(decodeInlineState(state, refuse));
  return {
    agent,
    env,
    trainingHist: await readHistory(`${folder}/training_hist.npz`),
  };
}
