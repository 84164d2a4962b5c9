/**
 * Runs as job arrays of Slurm.
 *
 * An element of an array does one run or a few, each looked after by a process
 * of its own on the node. The states of runs are read back from their folders;
 * Slurm is asked about those that fell silent.
 *
 * @module
 */
import { relative } from "@std/path";
import type { LaunchContext, Launcher, RunStatus } from "./launcher.ts";
import { lastLine } from "./logs.ts";
import { type LauncherJob, readStatus, writeStatus } from "./run_status.ts";
import {
  cancel,
  elementStates,
  isActive,
  isBlameless,
  maxArraySize,
  SlurmError,
  submit,
} from "./slurm_commands.ts";
import {
  activeSubmissions,
  arrayScript,
  type Submission,
  writeArray,
} from "./slurm_arrays.ts";

export type { Launcher } from "./launcher.ts";

/** What {@linkcode slurm} takes. */
export interface SlurmOptions {
  /** The partition. Default: the cluster's. */
  partition?: string;
  /** Runs at a time, of the whole launch. Default: as many as there is room. */
  maximumRunning?: number;
  /** Runs that one element does, one after the other. Default 1. */
  runsPerElement?: number;
  /** Elements of one array. Default, and at most: the cluster's MaxArraySize. */
  elementsPerArray?: number;
  /** How often a run is submitted again after a node failed. Default 2. */
  resubmissions?: number;
  /** Seconds between two looks at the queue. Default 5. */
  pollSeconds?: number;
  /** More options of `sbatch`, such as `--account=lab`. */
  sbatchOptions?: readonly string[];
}

/** One run, where it is in Slurm. */
interface Tracked {
  readonly folder: string;
  /** The element's id, such as `123_4`. */
  readonly element: string;
  /** What the element prints, its errors included. */
  readonly log: string;
  /** How it stood when last looked at. */
  state: RunStatus["state"];
  /**
   * Looks in a row at which its element had ended, and it said nothing of its
   * end.
   */
  silentLooks: number;
}

interface Session {
  readonly options: SlurmOptions;
  readonly context: LaunchContext;
  readonly tracked: Map<string, Tracked>;
  readonly submitted: Map<string, number>;
}

const LAUNCHER = "slurm";
const CANCEL_PATIENCE_MS = 60_000;
/** Slurm's controller may be restarted meanwhile. */
const SILENCE_PATIENCE_MS = 600_000;
const PATIENT_LOOKS = 1;
/** The site's limit of jobs that one user may have in the queue. */
const TOO_MANY = /MaxSubmit|QOSMaxSubmit|Job violates accounting\/QOS policy/i;

function checkCount(name: string, value: number | undefined, least = 1) {
  if (value === undefined || (Number.isInteger(value) && value >= least)) {
    return;
  }
  throw new RangeError(
    `Cannot use Slurm with ${name} ${value}: expected a whole number from ${least}`,
  );
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function arrayOf(element: string): string {
  return element.split("_")[0];
}

function track(session: Session, submission: Submission): void {
  const { runsPerElement, jobId, folders, scratch } = submission;
  folders.forEach((name, i) => {
    const folder = `${session.context.root}/${name}`;
    const state = readStatus(folder)?.state;
    if (state !== "in_queue" && state !== "running") return;
    const index = Math.floor(i / runsPerElement);
    session.tracked.set(folder, {
      folder,
      element: `${jobId}_${index}`,
      log: `${scratch}/${index}.log`,
      state,
      silentLooks: 0,
    });
  });
}

/** The options of `sbatch` for one array. */
function sbatchArguments(
  session: Session,
  array: {
    elements: number;
    scratch: string;
    jobName: string;
    after: string | undefined;
  },
): string[] {
  const { options, context } = session;
  const { maximumRunning, partition, runsPerElement = 1 } = options;
  const { timeLimitSeconds, memoryLimitMiB } = context.limits;
  const throttle = maximumRunning === undefined ? "" : `%${maximumRunning}`;
  return [
    `--array=0-${array.elements - 1}${throttle}`,
    `--job-name=${array.jobName}`,
    // In a folder's name, a percent sign is none of Slurm's.
    `--output=${array.scratch.replaceAll("%", "%%")}/%a.log`,
    "--ntasks=1",
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    // One array after the other, or each had a throttle of its own.
    ...(throttle && array.after
      ? [`--dependency=afterany:${array.after}`]
      : []),
    // The run's own limits come first; these are the walls behind them.
    ...(timeLimitSeconds === undefined ? [] : [
      `--time=${Math.ceil(timeLimitSeconds * runsPerElement / 60) + 2}`,
    ]),
    ...(memoryLimitMiB === undefined ? [] : [`--mem=${memoryLimitMiB + 256}M`]),
    ...options.sbatchOptions ?? [],
    `${array.scratch}/array.sh`,
  ];
}

/**
 * Submits runs in arrays.
 *
 * @returns The runs for which there was no room in the queue.
 */
async function submitRuns(
  session: Session,
  folders: readonly string[],
): Promise<readonly string[]> {
  const { options, context, tracked } = session;
  const { runsPerElement = 1 } = options;
  const most = await maxArraySize();
  const elements = Math.min(options.elementsPerArray ?? most, most);
  const size = elements * runsPerElement;
  let after: string | undefined;
  for (let start = 0; start < folders.length; start += size) {
    const chunk = folders.slice(start, start + size);
    const names = chunk.map((folder) => relative(context.root, folder));
    const files = writeArray(context.root, {
      script: arrayScript({ runsPerElement, command: context.taskCommand }),
      runsPerElement,
      folders: names,
    });
    const count = Math.ceil(chunk.length / runsPerElement);
    try {
      after = await submit(
        sbatchArguments(session, { ...files, elements: count, after }),
      );
    } catch (error) {
      const isFull = error instanceof SlurmError &&
        TOO_MANY.test(error.message);
      if (isFull && tracked.size > 0) return folders.slice(start);
      throw error;
    }
    const { scratch } = files;
    track(session, { jobId: after, runsPerElement, folders: names, scratch });
  }
  return [];
}

/** Puts a run back into the queue, for another element. */
function requeue(folder: string, status: RunStatus): void {
  writeStatus(folder, {
    ...status,
    state: "in_queue",
    token: crypto.randomUUID(),
    process: undefined,
    supervisor: undefined,
    job: undefined,
    startedAt: undefined,
  });
}

/**
 * What becomes of a run whose element has ended without a word of it.
 *
 * @param slurm The element's state; undefined where it is forgotten.
 * @returns Whether it is to be submitted again.
 */
function settleSilent(
  session: Session,
  run: Tracked,
  slurm: string | undefined,
): boolean {
  const status = readStatus(run.folder);
  if (status === undefined) return false;
  const { resubmissions = 2 } = session.options;
  const times = session.submitted.get(run.folder) ?? 0;
  const isNew = status.state === "in_queue" && slurm === undefined;
  if ((isNew || (slurm && isBlameless(slurm))) && times < resubmissions) {
    session.submitted.set(run.folder, times + 1);
    requeue(run.folder, status);
    return true;
  }
  // Nobody knows: how the run stands is found out by looking, as `lost`.
  if (slurm === undefined && status.state === "running") return false;
  const said = lastLine(run.log);
  writeStatus(run.folder, {
    ...status,
    state: slurm === "CANCELLED" ? "interrupted" : "error",
    endedAt: new Date().toISOString(),
    message: `Slurm says ${slurm ?? "nothing"} of job ${run.element}${
      said === undefined ? "" : `, which printed: ${said}`
    }`,
  });
  return false;
}

/**
 * Looks at one run.
 *
 * @param slurm The state of its element.
 * @returns Whether it is to be submitted again.
 */
function lookAt(session: Session, run: Tracked, slurm: string | undefined) {
  const { tracked, context } = session;
  const isOpen = (status: RunStatus | undefined) =>
    status?.state === "running" || status?.state === "in_queue";
  let status = readStatus(run.folder);
  const isSilent = isOpen(status) && !(slurm !== undefined && isActive(slurm));
  // Shared disks show a file some time after it was written.
  if (!isSilent) run.silentLooks = 0;
  else if (run.silentLooks++ < PATIENT_LOOKS) return false;
  const isAgain = isSilent && settleSilent(session, run, slurm);
  status = readStatus(run.folder);
  if (status !== undefined && status.state !== run.state) {
    run.state = status.state;
    context.onChange(run.folder, status);
  }
  if (isSilent || !isOpen(status)) tracked.delete(run.folder);
  return isAgain;
}

/** Looks at all runs once; returns those to be submitted again. */
async function look(session: Session): Promise<string[]> {
  const runs = [...session.tracked.values()];
  const arrays = new Set(runs.map(({ element }) => arrayOf(element)));
  // Slurm is asked first: a run that ends meanwhile has said so.
  const slurm = await elementStates([...arrays]);
  return runs.filter((run) => lookAt(session, run, slurm.get(run.element)))
    .map(({ folder }) => folder);
}

async function cancelAll(session: Session): Promise<void> {
  const { tracked } = session;
  await cancel([
    ...new Set([...tracked.values()].map(({ element }) => element)),
  ]);
  const until = Date.now() + CANCEL_PATIENCE_MS;
  while (Date.now() < until) {
    const arrays = new Set(
      [...tracked.values()].map(({ element }) => arrayOf(element)),
    );
    const states = await elementStates([...arrays]);
    if (![...states.values()].some(isActive)) return;
    await sleep(500);
  }
}

async function launch(session: Session, folders: readonly string[]) {
  const { context, tracked, options } = session;
  // Submitted by a manager that was killed since.
  for (const submission of await activeSubmissions(context.root)) {
    track(session, submission);
  }
  let waiting = folders.filter((folder) => !tracked.has(folder));
  let heard = Date.now();
  for (;;) {
    if (context.signal.aborted) return await cancelAll(session);
    if (waiting.length > 0) waiting = [...await submitRuns(session, waiting)];
    if (tracked.size === 0) return;
    const { pollSeconds = 5 } = options;
    const until = Date.now() + pollSeconds * 1000;
    while (Date.now() < until && !context.signal.aborted) await sleep(100);
    try {
      waiting.push(...await look(session));
      heard = Date.now();
    } catch (error) {
      const isPatient = Date.now() - heard < SILENCE_PATIENCE_MS;
      if (!(error instanceof SlurmError && isPatient)) throw error;
    }
  }
}

/**
 * Starts runs as job arrays of Slurm. The tree, Deno and this project must be
 * reachable on the nodes under the same paths.
 *
 * @param options Partition, throttle, chunks. Throws `RangeError` for numbers
 * out of range.
 */
export function slurm(options: SlurmOptions = {}): Launcher {
  checkCount("maximumRunning", options.maximumRunning);
  checkCount("runsPerElement", options.runsPerElement);
  checkCount("elementsPerArray", options.elementsPerArray);
  checkCount("resubmissions", options.resubmissions, 0);
  return {
    name: LAUNCHER,
    check: async () => void await maxArraySize(),
    launch: (folders, context) =>
      launch(
        { options, context, tracked: new Map(), submitted: new Map() },
        folders,
      ),
    async jobsGone(jobs) {
      const ids = jobs.filter(({ launcher }) => launcher === LAUNCHER)
        .map(({ id }) => id);
      const states = await elementStates([...new Set(ids.map(arrayOf))]);
      return new Set(ids.filter((id) => !isActive(states.get(id) ?? "")));
    },
  };
}

/**
 * Asks Slurm which jobs are gone; where it does not answer, none is known to
 * be.
 *
 * @param jobs The jobs.
 */
export async function slurmJobsGone(
  jobs: readonly LauncherJob[],
): Promise<ReadonlySet<string>> {
  try {
    return await slurm().jobsGone!(jobs);
  } catch (error) {
    if (error instanceof SlurmError) return new Set();
    throw error;
  }
}
