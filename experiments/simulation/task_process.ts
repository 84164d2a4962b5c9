/**
 * The process that does one run and looks after it: what clusters and other
 * launchers start.
 *
 * @module
 */
import { dirname } from "@std/path";
import { observeRuns } from "./observe.ts";
import { readStatus, type RunStatus } from "./run_status.ts";
import { RUN_EXIT_CODES } from "./run_process.ts";
import { superviseRun } from "./supervise.ts";
import { openSupervisor } from "./supervisor.ts";

/** What a task is told besides the run's folder. */
export interface TaskOptions {
  /** The program that does the run. */
  command: string[];
  /** Longest time, in seconds. */
  timeLimitSeconds?: number;
  /** Most memory, in MiB. */
  memoryLimitMiB?: number;
  /** The cluster's job. */
  job?: RunStatus["job"];
}

const INTERRUPTED = 130;

/** The exit code of a state. */
function exitCode(state: RunStatus["state"]): number {
  switch (state) {
    case "finished":
      return RUN_EXIT_CODES.finished;
    case "interrupted":
      return INTERRUPTED;
    case "running":
      return RUN_EXIT_CODES.superseded;
    default:
      return RUN_EXIT_CODES.failed;
  }
}

/**
 * The token of a run that says it is running, but is not: its job began anew,
 * or its process is gone.
 */
async function abandonedToken(
  folder: string,
  { status, job }: { status: RunStatus; job: RunStatus["job"] },
): Promise<string | undefined> {
  if (status.state !== "running") return undefined;
  if (job !== undefined && status.job?.id === job.id) return status.token;
  const root = dirname(dirname(folder));
  const place = { simulationIndex: 0, run: 0, folder, status, stale: [] };
  const [{ state }] = await observeRuns(root, [place]);
  return state === "lost" ? status.token : undefined;
}

/**
 * Does the run of a folder, unless it has been done or is being done: a cluster
 * may start a job again.
 *
 * @param folder The run's folder, absolute.
 * @param options How.
 * @returns The exit code: 0 finished, 1 failed, 3 somebody else does it, 130
 * interrupted.
 */
export async function runTask(
  folder: string,
  options: TaskOptions,
): Promise<number> {
  const status = readStatus(folder);
  if (status === undefined) {
    console.error(
      `Cannot run in ${JSON.stringify(folder)}: it has no status.json`,
    );
    return RUN_EXIT_CODES.usage;
  }
  const { job } = options;
  const supervisor = await openSupervisor(dirname(dirname(folder)));
  const controller = new AbortController();
  const stop = () => controller.abort();
  const signals: Deno.Signal[] = ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  try {
    const { state } = await superviseRun(folder, {
      ...options,
      supervisor,
      takeOver: await abandonedToken(folder, { status, job }),
      signal: controller.signal,
    });
    return exitCode(state);
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
    supervisor.close();
  }
}

/** A job as launchers name it on the command line: `slurm:123_4`. */
function readJob(text: string | undefined): RunStatus["job"] {
  if (text === undefined) return undefined;
  const colon = text.indexOf(":");
  return { launcher: text.slice(0, colon), id: text.slice(colon + 1) };
}

/**
 * Does what the command line says: `OPTIONS FOLDER [LAUNCHER:JOB]`, where the
 * options are a {@linkcode TaskOptions} as JSON.
 *
 * @param args The command line.
 * @returns The exit code, as of {@linkcode runTask}.
 */
export async function taskProcess(args: readonly string[]): Promise<number> {
  const [options, folder, job] = args;
  return await runTask(folder, { ...JSON.parse(options), job: readJob(job) });
}

if (import.meta.main) Deno.exit(await taskProcess(Deno.args));
