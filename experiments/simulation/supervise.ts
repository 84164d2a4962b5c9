/**
 * Looks after one run's process: begins it, keeps its limits, and writes down
 * how it ended where it could not do so itself.
 *
 * @module
 */
import { identifiedCommand, viewSystem } from "./process_identity.ts";
import { readStatus, type RunStatus, writeStatus } from "./run_status.ts";
import type { Supervisor } from "./supervisor.ts";
import { documentPath } from "./document.ts";
import { lastLine, logPath } from "./logs.ts";

/** What one run may take. */
export interface RunLimits {
  /** Longest time, in seconds. Default none. */
  timeLimitSeconds?: number;
  /** Most memory, in MiB. Default none. */
  memoryLimitMiB?: number;
}

/**
 * Throws `RangeError` unless limits are positive.
 *
 * @param limits The limits.
 */
export function checkLimits(limits: RunLimits): void {
  for (const name of ["timeLimitSeconds", "memoryLimitMiB"] as const) {
    const value = limits[name];
    if (value !== undefined && !(value > 0)) {
      throw new RangeError(
        `Cannot run with ${name} ${value}: expected a number above 0`,
      );
    }
  }
}

/** What {@linkcode superviseRun} takes. */
export interface Supervision extends RunLimits {
  /**
   * The program that does a run, to which document, folder and token are
   * added. See `runCommand`.
   */
  readonly command: readonly string[];
  /** Who looks after it. */
  readonly supervisor: Supervisor;
  /** The cluster's job that this is. */
  readonly job?: RunStatus["job"];
  /** The token of a run that is taken over, as nobody computes it any more. */
  readonly takeOver?: string;
  /** Ends the process once aborted. */
  readonly signal?: AbortSignal;
}

/** Time to end by itself after SIGTERM, in milliseconds. */
const GRACE_MS = 2000;
const MEMORY_CHECK_MS = 500;
/** Timers take no longer times: they would be over at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const MIB = 1024 * 1024;

interface Ending {
  readonly state: "error" | "interrupted";
  readonly message: string;
}

/** Why a process ended that said nothing of it in its status. */
function endingOf(
  { code, signal }: Deno.CommandStatus,
  folder: string,
): Ending {
  if (signal === "SIGINT" || signal === "SIGTERM" || signal === "SIGHUP") {
    return { state: "interrupted", message: `The process got ${signal}` };
  }
  const said = lastLine(logPath(folder, "error"));
  const detail = said === undefined ? "" : `: ${said}`;
  if (signal !== null) {
    const guess = signal === "SIGKILL"
      ? " (the system was out of memory, or somebody killed it)"
      : "";
    return {
      state: "error",
      message: `The process was ended by ${signal}${guess}${detail}`,
    };
  }
  return {
    state: "error",
    message:
      `The process ended with exit code ${code} before the simulation had${detail}`,
  };
}

async function residentMiB(pid: number): Promise<number> {
  const { processes } = await viewSystem([pid]);
  return (processes.get(pid)?.residentBytes ?? 0) / MIB;
}

/** Watches a process; what it returns says why the process was ended, if so. */
function watch(child: Deno.ChildProcess, options: Supervision) {
  const { timeLimitSeconds, memoryLimitMiB, signal } = options;
  let ending: Ending | undefined;
  const timers: ReturnType<typeof setTimeout>[] = [];
  const kill = (name: Deno.Signal) => {
    try {
      child.kill(name);
    } catch {
      // It has ended already.
    }
  };
  const end = (why: Ending) => {
    if (ending !== undefined) return;
    ending = why;
    kill("SIGTERM");
    timers.push(setTimeout(() => kill("SIGKILL"), GRACE_MS));
  };
  const onAbort = () =>
    end({ state: "interrupted", message: "Interrupted before the end" });
  const milliseconds = (timeLimitSeconds ?? Infinity) * 1000;
  if (milliseconds <= LONGEST_TIMER_MS) {
    const message =
      `The run took longer than its time limit of ${timeLimitSeconds} s`;
    timers.push(setTimeout(
      () => end({ state: "error", message }),
      milliseconds,
    ));
  }
  if (memoryLimitMiB !== undefined) {
    timers.push(setInterval(async () => {
      const used = await residentMiB(child.pid);
      if (used <= memoryLimitMiB) return;
      const message = `The run used ${
        Math.round(used)
      } MiB, more than its memory limit of ${memoryLimitMiB} MiB`;
      end({ state: "error", message });
    }, MEMORY_CHECK_MS));
  }
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    stop(): Ending | undefined {
      timers.forEach((timer) => clearTimeout(timer));
      signal?.removeEventListener("abort", onAbort);
      return ending;
    },
  };
}

function readyStatus(folder: string): RunStatus {
  const status = readStatus(folder);
  if (status !== undefined) return status;
  throw new Error(
    `Cannot run in ${JSON.stringify(folder)}: it has no status.json`,
  );
}

/**
 * Claims the run for this supervisor, with a new token: whoever had it before
 * is told by its own.
 *
 * @returns undefined where the run is done, or another supervisor has it.
 */
function claim(folder: string, options: Supervision): RunStatus | undefined {
  const { supervisor, job, takeOver } = options;
  // One claim at a time: a cluster and a pool may want the same run.
  using lock = Deno.openSync(`${supervisor.root}/.claims`, {
    create: true,
    write: true,
  });
  lock.lockSync(true);
  const before = readyStatus(folder);
  const isTaken = before.state === "finished" ||
    (before.state === "running" && before.token !== takeOver);
  if (isTaken) return undefined;
  const claimed: RunStatus = {
    format: before.format,
    state: "running",
    simulationId: before.simulationId,
    run: before.run,
    attempt: before.attempt,
    token: crypto.randomUUID(),
    seed: before.seed,
    queuedAt: before.queuedAt,
    startedAt: new Date().toISOString(),
    supervisor: supervisor.reference,
    job,
  };
  writeStatus(folder, claimed, { flush: false });
  return claimed;
}

/** Writes down how a run ended, where its process could not. */
function settle(
  folder: string,
  claimed: RunStatus,
  how: { status: Deno.CommandStatus; ending: Ending | undefined },
): RunStatus {
  const { status: { code, signal }, ending } = how;
  const last = readStatus(folder);
  if (last === undefined || last.token !== claimed.token) return claimed;
  if (last.state !== "running") return last;
  const settled: RunStatus = {
    ...last,
    ...(ending ?? endingOf(how.status, folder)),
    endedAt: new Date().toISOString(),
    exitCode: signal === null ? code : undefined,
    signal: signal ?? undefined,
  };
  writeStatus(folder, settled);
  return settled;
}

/**
 * Does a run in a process of its own and waits for its end.
 *
 * @param folder The run's folder, with `params.json` and a status.
 * @param options How. Throws where the folder has no status, or cannot be
 * written to.
 * @returns How it ended; how it stands, where it was done already or is another
 * supervisor's.
 */
export async function superviseRun(
  folder: string,
  options: Supervision,
): Promise<RunStatus> {
  if (options.signal?.aborted) return readyStatus(folder);
  const claimed = claim(folder, options);
  if (claimed === undefined) return readyStatus(folder);
  const [program, ...args] = identifiedCommand(
    [...options.command, documentPath(folder), folder, claimed.token],
    { output: `${folder}/run.log`, errors: `${folder}/error.log` },
  );
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const watched = watch(child, options);
  const status = await child.status;
  const ending = watched.stop();
  return settle(folder, claimed, { status, ending });
}
