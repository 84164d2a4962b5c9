/**
 * Where runs are started: the contract of all launchers.
 *
 * @module
 */
import type { JobsGone } from "./observe.ts";
import type { RunLimits } from "./supervise.ts";
import type { RunStatus } from "./run_status.ts";

export type { JobsGone } from "./observe.ts";
export type { RunLimits } from "./supervise.ts";
export type { RunStatus } from "./run_status.ts";

/** What runs of one launch have in common. */
export interface LaunchContext {
  /** The tree. */
  readonly root: string;
  /** Limits of each run. */
  readonly limits: RunLimits;
  /**
   * The program that does one run: document, folder and token are added. It
   * needs somebody who looks after it.
   */
  readonly runCommand: readonly string[];
  /**
   * The program that does one run and looks after it itself: heartbeat,
   * limits, how it ended. The folder is added, which holds the JSON document
   * and gets the output. Exit codes: 0 finished, 1 failed, 130 interrupted.
   */
  readonly taskCommand: readonly string[];
  /** Ends everything that was started. */
  readonly signal: AbortSignal;
  /**
   * Called when a run has begun or ended.
   *
   * @param folder Its folder.
   * @param status How it stands.
   */
  readonly onChange: (folder: string, status: RunStatus) => void;
}

/** Starts runs somewhere. */
export interface Launcher {
  /** Its name, such as `local`. */
  readonly name: string;
  /** Throws a one-line error where it cannot be used here. */
  check?(): Promise<void>;
  /**
   * Starts runs and waits until none is under way.
   *
   * @param folders Folders of runs, each with `params.json` and `status.json`
   * in the state `in_queue`.
   * @param context How.
   */
  launch(folders: readonly string[], context: LaunchContext): Promise<void>;
  /** Asks which jobs are gone, where there are jobs. */
  jobsGone?: JobsGone;
}
