/**
 * The files of a job array: its script, the runs of its elements, and a note of
 * what was submitted, which outlives who submitted it.
 *
 * @module
 */
import { shellQuoted } from "../../core/command_names.ts";
import { fileError } from "../../core/file_errors.ts";
import { arrayByName, elementStates, isActive } from "./slurm_commands.ts";

/** A job array that was submitted. */
export interface Submission {
  /** The array's number. */
  readonly jobId: string;
  /** Runs of one element. */
  readonly runsPerElement: number;
  /** Folders of the runs, relative to the tree. */
  readonly folders: readonly string[];
  /** The folder of its script, and of what its elements print. */
  readonly scratch: string;
}

const SCRATCH = ".slurm";

/**
 * The script of an array. It finds its runs in `runs.txt` beside it, by the
 * element's number.
 *
 * @param array Runs of an element, and the program that does one run.
 */
export function arrayScript(
  array: { runsPerElement: number; command: readonly string[] },
): string {
  const { runsPerElement, command } = array;
  const quoted = command.map(shellQuoted).join(" ");
  return `#!/bin/sh
# One run after the other; the worst exit code is the element's.
first=$((SLURM_ARRAY_TASK_ID * ${runsPerElement} + 1))
last=$((first + ${runsPerElement} - 1))
job="\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}"
code=0
stop() { kill -TERM "$child" 2>/dev/null; wait "$child"; exit 130; }
trap stop TERM INT
number=$first
while [ "$number" -le "$last" ]; do
  run=$(sed -n "\${number}p" "$LOADSTAR_SCRATCH/runs.txt")
  [ -n "$run" ] || break
  ${quoted} "$LOADSTAR_ROOT/$run" "slurm:$job" &
  child=$!
  wait "$child" || { this=$?; [ "$this" -gt "$code" ] && code=$this; }
  number=$((number + 1))
done
exit "$code"
`;
}

/**
 * Writes the files of an array, before it is submitted: a manager that is
 * killed just then leaves a name by which the array is found.
 *
 * @param root The tree.
 * @param array Script, runs of an element, and the runs' folders.
 * @returns The folder of the files, and the name for the job.
 */
export function writeArray(
  root: string,
  array: { script: string; runsPerElement: number; folders: readonly string[] },
): { scratch: string; jobName: string } {
  const { script, runsPerElement, folders } = array;
  const jobName = `loadstar-${crypto.randomUUID()}`;
  const scratch = `${root}/${SCRATCH}/${jobName}`;
  try {
    Deno.mkdirSync(scratch, { recursive: true });
    const places = `LOADSTAR_ROOT=${shellQuoted(root)}\nLOADSTAR_SCRATCH=${
      shellQuoted(scratch)
    }\n`;
    Deno.writeTextFileSync(
      `${scratch}/array.sh`,
      script.replace("\n", () => `\n${places}`),
    );
    Deno.writeTextFileSync(
      `${scratch}/runs.txt`,
      folders.map((folder) => `${folder}\n`).join(""),
    );
    const text = JSON.stringify({ runsPerElement, folders });
    Deno.writeTextFileSync(`${scratch}/array.json`, text);
    return { scratch, jobName };
  } catch (error) {
    throw fileError(error, scratch);
  }
}

function arrayNames(root: string): string[] {
  try {
    return [...Deno.readDirSync(`${root}/${SCRATCH}`)].map(({ name }) => name);
  } catch {
    return [];
  }
}

function readArray(
  path: string,
): Omit<Submission, "jobId" | "scratch"> | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch {
    return undefined;
  }
}

/**
 * Arrays of a tree that still do something, whoever submitted them; the files
 * of the others are removed.
 *
 * @param root The tree.
 */
export async function activeSubmissions(root: string): Promise<Submission[]> {
  const active: Submission[] = [];
  for (const name of arrayNames(root)) {
    const scratch = `${root}/${SCRATCH}/${name}`;
    const array = readArray(`${scratch}/array.json`);
    const jobId = array && await arrayByName(name);
    const states = jobId ? await elementStates([jobId]) : new Map();
    if ([...states.values()].some(isActive)) {
      active.push({ ...array!, scratch, jobId: jobId! });
    } else Deno.removeSync(scratch, { recursive: true });
  }
  return active;
}
