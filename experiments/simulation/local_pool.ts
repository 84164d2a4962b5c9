/**
 * Runs on this machine, several at a time, each in a process of its own.
 *
 * @module
 */
import type { LaunchContext, Launcher } from "./launcher.ts";
import { readStatus, writeStatus } from "./run_status.ts";
import { superviseRun } from "./supervise.ts";
import { openSupervisor, type Supervisor } from "./supervisor.ts";

export type { Launcher } from "./launcher.ts";

/** What {@linkcode localPool} takes. */
export interface LocalPoolOptions {
  /** Runs at a time. Default: one a processor. Throws `RangeError` below 1. */
  jobs?: number;
}

/** Notes that a run could not even be started. */
function noteFailure(folder: string, error: unknown): void {
  const status = readStatus(folder);
  if (status === undefined) throw error;
  writeStatus(folder, {
    ...status,
    state: "error",
    endedAt: new Date().toISOString(),
    message: error instanceof Error ? error.message : String(error),
  });
}

async function superviseOne(
  folder: string,
  context: LaunchContext,
  supervisor: Supervisor,
): Promise<void> {
  const { runCommand: command, limits, signal, onChange } = context;
  try {
    const ended = superviseRun(folder, {
      command,
      supervisor,
      signal,
      ...limits,
    });
    const begun = readStatus(folder);
    if (begun?.state === "running") onChange(folder, begun);
    onChange(folder, await ended);
  } catch (error) {
    noteFailure(folder, error);
    onChange(folder, readStatus(folder)!);
  }
}

/**
 * Starts runs on this machine.
 *
 * @param options How many at a time.
 */
export function localPool(options: LocalPoolOptions = {}): Launcher {
  const { jobs = navigator.hardwareConcurrency } = options;
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new RangeError(
      `Cannot do ${jobs} runs at a time: expected a whole number from 1`,
    );
  }
  return {
    name: "local",
    async launch(folders, context) {
      const supervisor = await openSupervisor(context.root);
      let next = 0;
      const work = async () => {
        while (next < folders.length && !context.signal.aborted) {
          await superviseOne(folders[next++], context, supervisor);
        }
      };
      try {
        const workers = Math.min(jobs, folders.length);
        await Promise.all(Array.from({ length: workers }, work));
      } finally {
        supervisor.close();
      }
    },
  };
}
