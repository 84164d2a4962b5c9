/**
 * Slurm's own commands: what is asked of them, and what they answer.
 *
 * @module
 */

/** States in which a job may still do something. */
const ACTIVE = new Set([
  "PENDING",
  "RUNNING",
  "SUSPENDED",
  "CONFIGURING",
  "COMPLETING",
  "REQUEUED",
  "REQUEUE_HOLD",
  "REQUEUE_FED",
  "RESIZING",
  "SIGNALING",
  "STAGE_OUT",
  "STOPPED",
]);

/** Slurm took a job back through no fault of the run's. */
const BLAMELESS = new Set(["NODE_FAIL", "BOOT_FAIL", "PREEMPTED", "REVOKED"]);

/** The answer of a command. */
interface Answer {
  readonly ok: boolean;
  readonly output: string;
  readonly error: string;
}

/** Slurm does not answer, or refuses. */
export class SlurmError extends Error {
  /** Always `SlurmError`. */
  override name = "SlurmError";
}

async function ask(program: string, args: readonly string[]): Promise<Answer> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args: [...args],
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return {
      ok: success,
      output: decoder.decode(stdout),
      error: decoder.decode(stderr).trim(),
    };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new SlurmError(
      `Cannot run ${program}: it is not installed here, expected a machine from which Slurm's jobs are submitted`,
    );
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0];
}

/** Whether a job in this state may still do something. */
export function isActive(state: string): boolean {
  return ACTIVE.has(state);
}

/** Whether a job that ended in this state should simply be tried again. */
export function isBlameless(state: string): boolean {
  return BLAMELESS.has(state);
}

/**
 * The cluster's MaxArraySize: indices of an array are below it.
 *
 * @throws {SlurmError} where Slurm does not answer.
 */
export async function maxArraySize(): Promise<number> {
  const { ok, output, error } = await ask("scontrol", ["show", "config"]);
  const match = /^MaxArraySize\s*=\s*(\d+)/m.exec(output);
  if (ok && match !== null) return Number(match[1]);
  throw new SlurmError(`Cannot ask Slurm for its limits: ${firstLine(error)}`);
}

/**
 * Submits a job array.
 *
 * @param args Options and the script.
 * @returns The job's number. Throws {@linkcode SlurmError} where it is refused.
 */
export async function submit(args: readonly string[]): Promise<string> {
  const { ok, output, error } = await ask("sbatch", ["--parsable", ...args]);
  // A federation answers with the cluster's name behind a semicolon.
  const [id] = output.trim().split(";");
  if (ok && /^\d+$/.test(id)) return id;
  throw new SlurmError(`Slurm refused a job: ${firstLine(error || output)}`);
}

/**
 * The number of the array that was submitted under a name; undefined where
 * there is none, or none any more.
 *
 * @param name The job's name.
 */
export async function arrayByName(name: string): Promise<string | undefined> {
  const { ok, output, error } = await ask("squeue", [
    "--noheader",
    "--states=all",
    "--format=%F",
    `--name=${name}`,
  ]);
  if (!ok) {
    throw new SlurmError(`Cannot ask Slurm for its jobs: ${firstLine(error)}`);
  }
  return output.trim().split("\n")[0] || undefined;
}

/** Cancels jobs; those that have ended are no error. */
export async function cancel(ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await ask("scancel", ids);
}

function readStates(output: string): Map<string, string> {
  const states = new Map<string, string>();
  for (const line of output.split("\n")) {
    const [id, state] = line.split("|");
    // "CANCELLED by 1000" in accounting.
    if (state !== undefined) states.set(id, state.split(" ")[0]);
  }
  return states;
}

function isUnknownJob(error: string): boolean {
  return /Invalid job id/i.test(error);
}

/**
 * States of the elements of job arrays, such as `123_4`: from the queue, which
 * forgets jobs some minutes after their end, and then from accounting, where
 * there is any.
 *
 * @param arrays Numbers of job arrays. Elements that nobody knows any more are
 * left out. Throws {@linkcode SlurmError} where Slurm does not answer.
 */
export async function elementStates(
  arrays: readonly string[],
): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  for (const array of arrays) {
    const queue = await ask("squeue", [
      "--noheader",
      "--array",
      "--states=all",
      "--format=%i|%T",
      `--jobs=${array}`,
    ]);
    if (!queue.ok && !isUnknownJob(queue.error)) {
      throw new SlurmError(
        `Cannot ask Slurm for its jobs: ${firstLine(queue.error)}`,
      );
    }
    const past = await accounted(array);
    for (const [id, state] of past) states.set(id, state);
    for (const [id, state] of readStates(queue.output)) states.set(id, state);
  }
  return states;
}

/** What accounting knows; nothing where there is none. */
async function accounted(array: string): Promise<Map<string, string>> {
  const args = ["--noheader", "--parsable2", "--allocations"];
  try {
    const { ok, output } = await ask("sacct", [
      ...args,
      `--jobs=${array}`,
      "--format=JobID,State",
    ]);
    return ok ? readStates(output) : new Map();
  } catch (error) {
    if (error instanceof SlurmError) return new Map();
    throw error;
  }
}
