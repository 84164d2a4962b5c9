/**
 * One run, from its document to its results, in this process.
 *
 * @module
 */
import type { RunDocument } from "./document.ts";
import type { LoopContext, TrainingResult } from "./parts.ts";
import {
  type LoadedParts,
  makeParts,
  partSeeds,
  writeResults,
} from "./run_files.ts";

export type { RunDocument } from "./document.ts";
export type { LoopContext, TrainingResult } from "./parts.ts";
export type { LoadedParts } from "./run_files.ts";

/** What {@linkcode executeRun} needs. */
export interface Execution {
  /** The run. */
  readonly document: RunDocument;
  /** Its classes and loop. */
  readonly parts: LoadedParts;
  /** Writes a line of `run.log`. */
  readonly log: (line: string) => void;
  /** Told how far it is. */
  readonly onProgress?: LoopContext["onProgress"];
}

function checkedResult(value: TrainingResult): TrainingResult {
  const { agent, env, trainingHist } = Object(value);
  if (agent && env && trainingHist) return value;
  throw new TypeError(
    `Cannot save what the training loop returned, which is ${
      Object.prototype.toString.call(value)
    }: expected { agent, env, trainingHist }`,
  );
}

/**
 * Makes agent and arena, lets them meet, and saves what they are then.
 *
 * @param folder The run's folder.
 * @param execution The run. Throws what its classes and loop throw, and a
 * one-line error where the results cannot be written.
 */
export async function executeRun(
  folder: string,
  execution: Execution,
): Promise<TrainingResult> {
  const { document, parts, log, onProgress } = execution;
  log("---> Initializing models");
  const { agent, env } = makeParts(parts, document);
  log("---> Training loop");
  const result = checkedResult(
    await parts.trainingLoop(agent, env, document.trainingLoopParams, {
      seed: partSeeds(document.seed).env,
      onProgress,
    }),
  );
  log("---> Saving models");
  for (const [what, part] of Object.entries({ agent, arena: env })) {
    if (part.saveState === undefined) {
      log(`The ${what} has no saveState(): only its parameters are saved`);
    }
  }
  await writeResults(folder, result, document);
  log("---> Simulation finished");
  return result;
}
