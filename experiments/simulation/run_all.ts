/**
 * Runs what is left of a tree: chooses the runs, prepares their folders, hands
 * them to a launcher, and waits for those that go on without anybody.
 *
 * @module
 */
import { commandOf, shellQuoted } from "../../core/command_names.ts";
import { InterruptedError } from "../../core/script.ts";
import { DOCUMENT_FORMAT, writeDocument } from "./document.ts";
import type { LaunchContext, Launcher, RunLimits } from "./launcher.ts";
import { localPool } from "./local_pool.ts";
import { type ObservedRun, observeRuns } from "./observe.ts";
import { endProcess, ownIdentity } from "./process_identity.ts";
import type { Provenance } from "./provenance.ts";
import { runCommand, taskCommand } from "./run_command.ts";
import {
  readStatus,
  type RunState,
  type RunStatus,
  writeStatus,
} from "./run_status.ts";
import {
  listRuns,
  queueRun,
  removeFolders,
  seedOfRun,
  type TreeManifest,
  writeManifest,
} from "./run_tree.ts";
import { checkLimits } from "./supervise.ts";
import { slurmJobsGone } from "./slurm.ts";
import { lockTree } from "./tree_lock.ts";

export type { ObservedRun } from "./observe.ts";
export type { RunStatus } from "./run_status.ts";

/** How runs are started. */
export interface RunAllOptions extends RunLimits {
  /** Where. Default: `localPool({ jobs })`. */
  launcher?: Launcher;
  /** Runs at a time on this machine. Default: one a processor. */
  jobs?: number;
  /** Whether the first failure stops the others. Default false. */
  failFast?: boolean;
  /** Whether runs that ended in `error` are begun anew. Default false. */
  retryFailed?: boolean;
  /** Whether runs begun anew get a seed of their own. Default: the old one. */
  newSeeds?: boolean;
  /**
   * Whether runs on machines that cannot be asked from here are taken for lost
   * where their heartbeat is old. Default false: they are left alone.
   */
  assumeLost?: boolean;
  /** Stops what runs, once aborted; what waits stays in the queue. */
  signal?: AbortSignal;
  /**
   * The program that does a run: document, folder and token are added to it,
   * or `--check`. Default: Deno with this Loadstar.
   */
  command?: readonly string[];
  /**
   * The program that does a run and looks after it, for other launchers than
   * the local pool: its options as JSON and the folder are added to it.
   * Default: Deno with this Loadstar.
   */
  taskCommand?: readonly string[];
  /** More flags of `deno run`, such as `--allow-net`. */
  denoFlags?: readonly string[];
  /** Told of runs that begin and end. */
  onChange?: (folder: string, status: RunStatus) => void;
  /** Told how many runs will be started. */
  onBegin?: (count: number) => void;
}

/** What {@linkcode runTree} works on. */
export interface TreeContext {
  /** The tree. */
  readonly root: string;
  /** Its `simulation.json`. */
  readonly manifest: TreeManifest;
  /** What the runs are made with. */
  readonly provenance: Provenance;
}

/** Chooses runs. */
export type ChooseRun = (run: ObservedRun) => boolean;

const ORPHAN_POLL_MS = 500;
/** What is left to do, whatever the options. */
const UNFINISHED: readonly RunState[] = ["in_queue", "interrupted", "lost"];

/** Chooses what is unfinished, and with `retryFailed` what failed. */
export function unfinished(options: RunAllOptions): ChooseRun {
  return ({ state }) =>
    UNFINISHED.includes(state) ||
    (options.retryFailed === true && state === "error");
}

/** The folder in which a run is (begun anew), with its document. */
async function prepare(
  run: ObservedRun,
  context: TreeContext,
  options: RunAllOptions,
): Promise<string> {
  const { root, manifest, provenance } = context;
  const simulation = manifest.simulations[run.simulationIndex];
  let { folder, status } = run;
  if (folder === undefined || status?.state !== "in_queue") {
    const attempt = status === undefined ? 0 : status.attempt + 1;
    const seed = options.newSeeds || status === undefined
      ? seedOfRun(manifest, { run: run.run, attempt })
      : status.seed;
    const old = folder;
    ({ folder, status } = queueRun(root, simulation.simulationId, {
      run: run.run,
      attempt,
      seed,
    }));
    if (old !== undefined) removeFolders([old]);
  }
  const { seed, attempt } = status;
  await writeDocument(folder, {
    ...simulation,
    format: DOCUMENT_FORMAT,
    seed,
    run: run.run,
    attempt,
    provenance,
  });
  return folder;
}

function launchContext(
  context: TreeContext,
  options: RunAllOptions,
  controller: AbortController,
): LaunchContext {
  const { timeLimitSeconds, memoryLimitMiB, denoFlags } = options;
  const limits = { timeLimitSeconds, memoryLimitMiB };
  const command = options.command ??
    runCommand({ memoryLimitMiB, denoFlags });
  return {
    root: context.root,
    limits,
    runCommand: command,
    taskCommand: taskCommand(
      { command: [...command], ...limits },
      options.taskCommand,
    ),
    signal: controller.signal,
    onChange(folder, status) {
      options.onChange?.(folder, status);
      if (options.failFast && status.state === "error") controller.abort();
    },
  };
}

type Watching = RunAllOptions & { launcher: Launcher };

async function observe(
  { root, manifest }: TreeContext,
  { launcher, assumeLost }: Watching,
): Promise<ObservedRun[]> {
  const { jobsGone = slurmJobsGone } = launcher;
  const runs = await observeRuns(root, listRuns(root, manifest), { jobsGone });
  return runs.map((run) =>
    assumeLost && run.isUnreachable ? { ...run, state: "lost" } : run
  );
}

/** Ends a run that nobody looks after, where it runs on this machine. */
async function endOrphan(
  { folder, status }: ObservedRun,
  how: Pick<RunStatus, "state" | "message">,
): Promise<void> {
  const process = status?.process;
  if (process === undefined || !await endProcess(process)) return;
  const last = readStatus(folder!);
  if (last?.state !== "running") return;
  writeStatus(folder!, {
    ...last,
    ...how,
    endedAt: new Date().toISOString(),
    signal: "SIGKILL",
  });
}

/** What an orphan is ended for; undefined where it may go on. */
function endOfOrphan(
  { status }: ObservedRun,
  options: RunAllOptions,
  signal: AbortSignal,
): Pick<RunStatus, "state" | "message"> | undefined {
  if (signal.aborted) {
    return { state: "interrupted", message: "Interrupted before the end" };
  }
  const { timeLimitSeconds: limit = Infinity } = options;
  const begun = Date.parse(status?.startedAt ?? "");
  return Date.now() - begun > limit * 1000
    ? {
      state: "error",
      message: `The run took longer than its time limit of ${limit} s`,
    }
    : undefined;
}

/** Waits while runs go on whose manager was killed, and keeps their limit. */
async function awaitOrphans(
  context: TreeContext,
  options: Watching,
  signal: AbortSignal,
): Promise<ObservedRun[]> {
  for (;;) {
    const runs = await observe(context, options);
    const orphans = runs.filter(({ state, isUnreachable }) =>
      state === "running" && !isUnreachable
    );
    if (orphans.length === 0) return runs;
    for (const run of orphans) {
      const end = endOfOrphan(run, options, signal);
      if (end !== undefined) await endOrphan(run, end);
    }
    if (signal.aborted) return await observe(context, options);
    await new Promise((resolve) => setTimeout(resolve, ORPHAN_POLL_MS));
  }
}

/**
 * Runs what is chosen, and what turns out to be lost meanwhile.
 *
 * @param context The tree.
 * @param choose Which runs.
 * @param options How. Throws `InterruptedError` where `signal` was aborted, and
 * an error where another process runs the tree.
 * @returns How all runs stand then.
 */
export async function runTree(
  context: TreeContext,
  choose: ChooseRun,
  options: RunAllOptions = {},
): Promise<ObservedRun[]> {
  checkLimits(options);
  const launcher = options.launcher ?? localPool({ jobs: options.jobs });
  const watching = { ...options, launcher };
  await launcher.check?.();
  const controller = new AbortController();
  const stop = () => controller.abort();
  if (options.signal?.aborted) stop();
  options.signal?.addEventListener("abort", stop, { once: true });
  using _lock = lockTree(context.root, await ownIdentity());
  const launching = launchContext(context, options, controller);
  try {
    // The parameters may have been changed since.
    writeManifest(context.root, context.manifest);
    let runs = await observe(context, watching);
    removeFolders(runs.flatMap(({ stale }) => stale));
    let chosen = runs.filter(choose);
    options.onBegin?.(chosen.length);
    for (;;) {
      const folders: string[] = [];
      for (const run of chosen) {
        folders.push(await prepare(run, context, options));
      }
      await launcher.launch(folders, launching);
      runs = await awaitOrphans(
        context,
        watching,
        controller.signal,
      );
      const begun = new Set(chosen.map(placeKey));
      chosen = runs.filter((run) =>
        run.state === "lost" && !begun.has(placeKey(run))
      );
      if (chosen.length === 0 || controller.signal.aborted) break;
    }
    if (options.signal?.aborted) throw interruption(context, runs);
    return runs;
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}

function placeKey({ simulationIndex, run }: ObservedRun): string {
  return `${simulationIndex} ${run}`;
}

function interruption(
  { root }: TreeContext,
  runs: readonly ObservedRun[],
): InterruptedError {
  const done = runs.filter(({ state }) => state === "finished").length;
  return new InterruptedError(
    `Interrupted with ${done} of ${runs.length} runs finished. Go on with: ${
      commandOf("simulate")
    } run ${shellQuoted(root)}`,
  );
}
