/**
 * Checkpoints as files: where they lie, how they are read, and how the user
 * goes on from one.
 *
 * @module
 */
import { dirname, isAbsolute, join } from "@std/path";
import { commandOf, shellQuoted } from "../../core/command_names.ts";
import { type AgentName, loadAgent } from "../../agents/model.ts";
import type { Archive } from "../../core/archive.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { UsageError } from "../../core/usage_error.ts";
import { TRAINING_TASKS } from "../models/model_files.ts";

/** A checkpoint that was read. */
export interface Checkpoint {
  /** The run that it records. */
  readonly run: JsonRecord;
  /** Its content, with the states `training` and `run`. */
  readonly archive: Archive;
}

/**
 * Where a run's checkpoint lies.
 *
 * @param root The folder that holds `models/` and `logs/`.
 * @param name The run's name and how far it is.
 */
export function checkpointPath(root: string, name: string): string {
  return join(root, "models", "checkpoints", `${name}.zip`);
}

/**
 * The folder that holds `models/` and `logs/`, two above a checkpoint's.
 *
 * @param path The checkpoint.
 */
export function runFolder(path: string): string {
  return join(dirname(path), "..", "..");
}

/**
 * What the user types to go on.
 *
 * @param task The task that resumes the run.
 * @param path The checkpoint.
 */
export function resumeCommand(task: string, path: string): string {
  return `${commandOf(task)} --resume ${shellQuoted(path)}`;
}

/**
 * Reads a checkpoint.
 *
 * @param path The file. Throws a one-line error where it is damaged, foreign,
 * made for another environment or version, or a model without training state.
 * @param agents Whose checkpoints are wanted. Throws `UsageError` for
 * another's.
 */
export async function openCheckpoint(
  path: string,
  agents: readonly AgentName[],
): Promise<Checkpoint> {
  const { archive, config } = await loadAgent(path);
  if (!agents.includes(config.agent)) {
    throw new UsageError(
      `Cannot resume "${path}" here: it is of ${config.agent}, use ${
        commandOf(TRAINING_TASKS[config.agent])
      }`,
    );
  }
  const { run } = archive.config;
  if (
    !archive.states.training || !archive.states.run ||
    run === null || typeof run !== "object" || Array.isArray(run)
  ) {
    throw new SyntaxError(
      `Cannot resume from "${path}": it is a model without training state, expected a checkpoint such as those in models/checkpoints/`,
    );
  }
  checkPlaces(run as JsonRecord, path);
  return { run: run as JsonRecord, archive };
}

/**
 * A checkpoint may come from anywhere: its run writes below its folder only.
 * But for the best model, which `--save-path` may have put elsewhere.
 */
function checkPlaces(run: JsonRecord, path: string): void {
  for (const place of [run.name, run.evaluationsPath ?? ""]) {
    if (
      typeof place !== "string" || isAbsolute(place) ||
      place.split(/[\\/]/).includes("..")
    ) {
      throw new SyntaxError(
        `Cannot resume from "${path}": it would write to ${
          JSON.stringify(place)
        }, expected a place below its own folder`,
      );
    }
  }
}

/**
 * Restores a saved state.
 *
 * @param name The run, for the error where the state does not fit.
 * @param restore Takes in the state.
 */
export async function restoreState(
  name: string,
  restore: () => void | Promise<void>,
): Promise<void> {
  try {
    await restore();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(
      `Cannot resume ${name}: its training state does not fit this version (${reason}), begin anew`,
      { cause },
    );
  }
}
