/**
 * What scripts that train have in common: names, progress, one run after the
 * other, and going on from a checkpoint.
 *
 * @module
 */
import { InterruptedError, type ScriptContext } from "../../core/script.ts";
import { UsageError } from "../../core/usage_error.ts";
import { runFolder } from "./checkpoints.ts";
import {
  checkResumedOptions,
  recordedOptions,
  resumedLength,
  resumedOptions,
  type ResumeRules,
} from "./resumed_options.ts";
import {
  type FinishedRun,
  readCheckpoint,
  resumeTraining,
  type TrainingHooks,
  type TrainingRun,
} from "./training_run.ts";

/** `20261121_101500`, in local time. */
function timeStamp(now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const date = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()];
  return `${date.map(two).join("")}_${time.map(two).join("")}`;
}

/** A load's name as part of a file's; it must not leave the folder. */
function safeName(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9_.-]+/g, "_");
}

/**
 * What a model is called: as asked for, or by agent, load and time.
 *
 * @param asked From the command line. Throws `UsageError` where it is no
 * file's name.
 * @param agent The algorithm.
 * @param loadName The load.
 */
export function modelName(
  asked: string | undefined,
  agent: string,
  loadName: string,
): string {
  if (asked !== undefined && !/^\w[\w.-]*$/.test(asked)) {
    throw new UsageError(
      `Cannot call the model "${asked}": expected letters, digits, "_", "." and "-"`,
    );
  }
  return asked ?? `${agent}_${safeName(loadName)}_${timeStamp(new Date())}`;
}

/**
 * Trains run after run; says which ones an interruption leaves out.
 *
 * @param runs What to do.
 * @param options How to train one, and where to say it.
 */
export async function oneByOne<Run extends { name: string }, Finished>(
  runs: readonly Run[],
  options: {
    train: (run: Run) => Promise<Finished>;
    note: (text: string) => void;
  },
): Promise<Finished[]> {
  const finished: Finished[] = [];
  for (const run of runs) {
    try {
      finished.push(await options.train(run));
    } catch (error) {
      const left = runs.slice(finished.length + 1).map(({ name }) => name);
      if (error instanceof InterruptedError && left.length > 0) {
        options.note(`Not begun: ${left.join(", ")}`);
      }
      throw error;
    }
  }
  return finished;
}

/** What a script that resumes was asked for. */
export interface ResumeValues {
  /** The checkpoint. */
  readonly resume: string;
  /** Number of runs, of which there can be only one. */
  readonly seeds: number;
  /** Folder of the files. Default: the one that the checkpoint lies in. */
  readonly out?: string;
}

/** What a script that resumes says of itself. */
export interface ResumePlan extends Pick<ResumeRules, "length" | "report"> {
  /** Whose checkpoints are wanted. */
  readonly agents: readonly TrainingRun["agent"][];
  /** Progress, notes and interruption of the script. */
  readonly context: ScriptContext;
}

/**
 * Goes on from a checkpoint with a progress bar.
 *
 * @param values From the command line. Throws `UsageError` where they ask for
 * several seeds.
 * @param plan What the script's options mean. Throws `UsageError` for another
 * agent's checkpoint, and for options that say something else than its run.
 */
export async function resumeAsked(
  values: ResumeValues,
  { agents, context, ...meaning }: ResumePlan,
): Promise<FinishedRun> {
  const { resume: path } = values;
  if (values.seeds > 1) {
    throw new UsageError(
      "Cannot resume with --seeds: a checkpoint is of one run",
    );
  }
  const { run: recorded, archive } = await readCheckpoint(path, agents);
  const done = archive.config.timesteps as number;
  const { commandLine } = context;
  const rules = { ...meaning, path, root: values.out ?? runFolder(path) };
  checkResumedOptions(commandLine, recorded, rules);
  const totalTimesteps = resumedLength(commandLine, {
    total: recorded.totalTimesteps,
    done,
    options: recorded.options,
  }, rules);
  const run = { ...recorded, totalTimesteps };
  context.note(
    `Resuming ${run.name} after ${done} of ${totalTimesteps} steps, with the settings it began with`,
  );
  return await watched(
    run,
    { context, start: done },
    (hooks) =>
      resumeTraining(path, values.out, {
        ...hooks,
        totalTimesteps,
        options: resumedOptions(commandLine, recorded.options, rules),
      }),
  );
}

/**
 * Trains with a progress bar.
 *
 * @param run What is trained.
 * @param options The script's context, and steps done before. Default 0.
 * @param work Does it.
 */
export async function watched(
  run: TrainingRun,
  { context, start = 0 }: { context: ScriptContext; start?: number },
  work: (hooks: TrainingHooks) => Promise<FinishedRun>,
): Promise<FinishedRun> {
  using shown = context.progress({
    total: run.totalTimesteps,
    start,
    label: run.name,
    scoreName: "validation",
  });
  return await work({
    signal: context.signal,
    breathe: context.breathe,
    note: context.note,
    onProgress: (timesteps, score) => shown.update(timesteps, { score }),
    options: recordedOptions(context.commandLine),
  });
}
