/**
 * How a run stands: `status.json` for programs, `state.log` for eyes.
 *
 * @module
 */
import { writeFileAtomicallySync } from "../../core/atomic_file.ts";
import type { ProcessIdentity } from "./process_identity.ts";

export type { ProcessIdentity } from "./process_identity.ts";

/** The number of the format of `status.json`. */
export const STATUS_FORMAT = 1;

/** States that are written down; `lost` is found out by looking. */
export const RECORDED_STATES = [
  "in_queue",
  "running",
  "finished",
  "error",
  "interrupted",
] as const;

/** A state that is written down. */
export type RecordedState = typeof RECORDED_STATES[number];

/** How a run stands. */
export type RunState = RecordedState | "lost";

/** All states, in the order of tables. */
export const RUN_STATES: readonly RunState[] = [...RECORDED_STATES, "lost"];

/** Who looks after a run, and where its heartbeat is. */
export interface SupervisorReference extends ProcessIdentity {
  /** Name of the file in `.supervisors/` whose time of change is the heartbeat. */
  readonly id: string;
}

/** A job of a cluster that a run belongs to. */
export interface LauncherJob {
  /** The launcher's name, such as `slurm`. */
  readonly launcher: string;
  /** What it calls the job, such as `123_4`. */
  readonly id: string;
}

/** How far a run has come. */
export interface RunProgress {
  /** Steps done. */
  readonly done: number;
  /** Steps in all. */
  readonly total: number;
}

/** `status.json`. */
export interface RunStatus {
  /** {@linkcode STATUS_FORMAT}. */
  readonly format: number;
  /** The state, as last written. */
  readonly state: RecordedState;
  /** The simulation's id. */
  readonly simulationId: string;
  /** Which of the simulation's runs it is, from 0. */
  readonly run: number;
  /** How often the run was begun anew before, from 0. */
  readonly attempt: number;
  /** Tells this attempt from every other one. */
  readonly token: string;
  /** Seeds the run. */
  readonly seed: number;
  /** When it was put in the queue, began and ended (ISO 8601). */
  readonly queuedAt: string;
  /** When it began. */
  readonly startedAt?: string;
  /** When it ended. */
  readonly endedAt?: string;
  /** The process that computes. */
  readonly process?: ProcessIdentity;
  /** The process that looks after it; none for a run within a notebook. */
  readonly supervisor?: SupervisorReference;
  /** The cluster's job, where it runs on one. */
  readonly job?: LauncherJob;
  /** How far it has come. */
  readonly progress?: RunProgress;
  /** Why it ended in `error` or `interrupted`, in one line. */
  readonly message?: string;
  /** What the process ended with, where that was seen. */
  readonly exitCode?: number;
  /** The signal that ended the process. */
  readonly signal?: string;
}

/** Room for every status: then one can be put in place of another. */
const STATUS_BYTES = 4096;
const LONGEST_MESSAGE = 1000;

/** The file of a run's status. */
export function statusPath(folder: string): string {
  return `${folder}/status.json`;
}

function statusBytes(status: RunStatus): Uint8Array {
  const message = status.message?.slice(0, LONGEST_MESSAGE);
  const text = JSON.stringify({ ...status, message }, null, 2);
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array(Math.max(STATUS_BYTES, bytes.length + 1));
  padded.fill(0x20);
  padded.set(bytes);
  padded[padded.length - 1] = 0x0a;
  return padded;
}

function isFull(error: unknown): boolean {
  const { code } = Object((error as Error)?.cause ?? error);
  return code === "ENOSPC" || code === "EDQUOT";
}

/**
 * Where the disk is full there is no room for a new file, but the old one can
 * be written over, as both have the same length.
 */
function writeInPlace(path: string, bytes: Uint8Array): void {
  using file = Deno.openSync(path, { write: true });
  for (let done = 0; done < bytes.length;) {
    done += file.writeSync(bytes.subarray(done));
  }
  file.syncSync();
}

/** Options of {@linkcode writeStatus}. */
export interface WriteStatusOptions {
  /** Whether the file is flushed to disk. Default `true`. */
  flush?: boolean;
}

/**
 * Writes a run's status, and its state to `state.log`. The status is padded to
 * one length, so that it can still change on a full disk.
 *
 * @param folder The run's folder.
 * @param status The status. Messages are cut after 1000 characters.
 * @param options Whether to flush.
 */
export function writeStatus(
  folder: string,
  status: RunStatus,
  options: WriteStatusOptions = {},
): void {
  const { flush = true } = options;
  const path = statusPath(folder);
  const bytes = statusBytes(status);
  try {
    writeFileAtomicallySync(path, bytes, { flush });
  } catch (error) {
    if (!isFull(error)) throw error;
    writeInPlace(path, bytes);
  }
  try {
    Deno.writeTextFileSync(`${folder}/state.log`, status.state);
  } catch {
    // For eyes only: status.json has the truth.
  }
}

function checkedStatus(value: unknown, path: string): RunStatus {
  const { format, state, token, run, attempt, simulationId, seed } = Object(
    value,
  );
  const label = JSON.stringify(path);
  if (format !== STATUS_FORMAT) {
    throw new SyntaxError(
      `Cannot use ${label} of format ${format}: expected ${STATUS_FORMAT}, as this version of Loadstar writes`,
    );
  }
  if (
    !RECORDED_STATES.includes(state) || typeof token !== "string" ||
    typeof simulationId !== "string" || !Number.isInteger(run) ||
    !Number.isInteger(attempt) || !Number.isInteger(seed)
  ) {
    throw new SyntaxError(
      `Cannot use ${label}: expected a state (${
        RECORDED_STATES.join(", ")
      }), token, run, attempt and seed`,
    );
  }
  return value as RunStatus;
}

/**
 * Reads a run's status.
 *
 * @param folder The run's folder.
 * @returns undefined where there is none. Throws `SyntaxError` where it is
 * damaged or of another version.
 */
export function readStatus(folder: string): RunStatus | undefined {
  const path = statusPath(folder);
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SyntaxError(
      `Cannot read ${JSON.stringify(path)} as JSON: it is damaged`,
    );
  }
  return checkedStatus(value, path);
}
