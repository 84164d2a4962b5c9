/**
 * A simulation as a document: `params.json` of a run, and the entries of a
 * tree's `simulation.json`.
 *
 * @module
 */
import { readJsonFile, writeJsonFile } from "../../core/json_file.ts";
import {
  decodeInlineState,
  encodeInlineState,
  type JsonRecord,
} from "./inline_state.ts";
import type { Parameters, PartReference } from "./parts.ts";
import type { Provenance } from "./provenance.ts";

export type { JsonRecord } from "./inline_state.ts";
export type { Parameters, PartReference } from "./parts.ts";
export type { Provenance } from "./provenance.ts";

/** The number of the format of `params.json`. */
export const DOCUMENT_FORMAT = 1;

/** The simulation, without what tells its runs apart. */
export interface SimulationDocument {
  /** Names the simulation. */
  readonly simulationId: string;
  /** Whose agent. */
  readonly agentClass: PartReference;
  /** What the agent is made with. */
  readonly agentParams: Parameters;
  /** Whose arena. */
  readonly envClass: PartReference;
  /** What the arena is made with. */
  readonly envParams: Parameters;
  /** The loop in which they meet. */
  readonly trainingLoop: PartReference;
  /** What the loop is told. */
  readonly trainingLoopParams: Parameters;
}

/** All that a run's numbers depend on, and what it was made with. */
export interface RunDocument extends SimulationDocument {
  /** {@linkcode DOCUMENT_FORMAT}. */
  readonly format: number;
  /** Seeds agent and arena. */
  readonly seed: number;
  /** Which of the simulation's runs. */
  readonly run: number;
  /** How often it was begun anew before. */
  readonly attempt: number;
  /** Versions and git state. */
  readonly provenance: Provenance;
}

/** The file of a run's document. */
export function documentPath(folder: string): string {
  return `${folder}/params.json`;
}

function isReference(value: unknown): boolean {
  const { name, module, export: exported } = Object(value);
  return typeof name === "string" ||
    (typeof module === "string" && typeof exported === "string");
}

function isParameters(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The simulation in a JSON value.
 *
 * @param value The JSON value.
 * @param refuse Throws the error whose reason it is given.
 */
export function readSimulation(
  value: unknown,
  refuse: (reason: string) => never,
): SimulationDocument {
  const state = decodeInlineState(value, refuse) as Record<string, unknown>;
  if (typeof state.simulationId !== "string") {
    refuse("it lacks simulationId, expected a text");
  }
  for (const name of ["agentClass", "envClass", "trainingLoop"]) {
    if (!isReference(state[name])) {
      refuse(`it lacks ${name}, expected { name } or { module, export }`);
    }
  }
  for (const name of ["agentParams", "envParams", "trainingLoopParams"]) {
    if (!isParameters(state[name])) {
      refuse(`it lacks ${name}, expected parameters by name`);
    }
  }
  return state as unknown as SimulationDocument;
}

/** A document as a JSON value; typed arrays are written out. */
export function documentJson(document: SimulationDocument): JsonRecord {
  return encodeInlineState({ ...document });
}

/**
 * Writes a run's document.
 *
 * @param folder The run's folder.
 * @param document Throws `TypeError` where a parameter cannot be saved.
 */
export async function writeDocument(
  folder: string,
  document: RunDocument,
): Promise<void> {
  await writeJsonFile(documentPath(folder), documentJson(document));
}

/**
 * Reads a run's document.
 *
 * @param path `params.json`. Throws a one-line error where it cannot be read,
 * and `SyntaxError` where it is damaged or of another version.
 */
export async function readDocument(path: string): Promise<RunDocument> {
  const refuse = (reason: string): never => {
    throw new SyntaxError(
      `Cannot use ${JSON.stringify(path)} as parameters: ${reason}`,
    );
  };
  const value = await readJsonFile(path);
  const { format, seed, run, attempt } = Object(value);
  if (format !== DOCUMENT_FORMAT) {
    refuse(`its format is ${format}, expected ${DOCUMENT_FORMAT}`);
  }
  if (![seed, run, attempt].every(Number.isSafeInteger)) {
    refuse("it lacks seed, run or attempt, expected whole numbers");
  }
  return readSimulation(value, refuse) as RunDocument;
}
