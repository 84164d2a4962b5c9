/**
 * Training an agent to scale a service, as the training scripts do it: one
 * run or one for each seed, from the start or from a checkpoint.
 *
 * @module
 */
import type { Option } from "../core/options.ts";
import { booleanOption, integerOption, stringOption } from "../core/options.ts";
import { userPath } from "../core/paths.ts";
import { InterruptedError, type ScriptContext } from "../core/script.ts";
import { UsageError } from "../core/usage_error.ts";
import type { Device } from "../learning/devices.ts";
import {
  autoscalingExperiment,
  type AutoscalingScriptValues,
} from "./autoscaling_options.ts";
import {
  type FinishedRun,
  readCheckpoint,
  resumeTraining,
  startTraining,
  type TrainingHooks,
  type TrainingRun,
} from "./training_run.ts";

/** Options of every script that trains an agent to scale, by name. */
export type RunOptions = {
  /** Steps in all. */
  timesteps: Option<number>;
  /** What the files are called. */
  name: Option<string | undefined>;
  /** Whether the agent is tested on random starts too. */
  eval: Option<boolean>;
};

/** Options of every script that trains an agent to scale. */
export const runOptions: RunOptions = {
  timesteps: integerOption({
    description: "Environment steps to train for.",
    default: 100_000,
    minimum: 1,
    unit: "steps",
  }),
  name: stringOption({
    description: "Name of the model. Default: agent, load, date and time.",
  }),
  eval: booleanOption({
    description: "Also compares policies over ten episodes at random starts.",
  }),
};

/** What the scripts' options come to. */
export interface TrainingValues extends AutoscalingScriptValues {
  /** Steps in all. */
  timesteps: number;
  /** What the files are called. */
  name?: string;
  /** First seed. */
  seed: number;
  /** Number of runs. */
  seeds: number;
  /** Where tensors are computed. */
  device: Device;
  /** A checkpoint to go on from. */
  resume?: string;
  /** Folder of the files. */
  out?: string;
}

/** What a script trains. */
export type TrainingPlan = Pick<
  TrainingRun,
  "agent" | "task" | "settings" | "copies"
>;

/** Episodes of an evaluation during training; their starts are not tested. */
const VALIDATION = { evaluationEpisodes: 10, evaluationSeed: 10_000 };

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

/** Runs of the options' experiment, one a seed. */
async function plannedRuns(
  values: TrainingValues,
  plan: TrainingPlan,
  note: (text: string) => void,
): Promise<TrainingRun[]> {
  const experiment = await autoscalingExperiment(values);
  experiment.notes.forEach(note);
  const name = modelName(values.name, plan.agent, experiment.loadName);
  return Array.from({ length: values.seeds }, (_, i) => {
    const suffix = values.seeds === 1 ? "" : `_seed${values.seed + i}`;
    return {
      ...plan,
      ...VALIDATION,
      name: name + suffix,
      environment: experiment.training,
      evaluationEnvironment: experiment.training,
      tests: experiment.tests,
      evaluateEvery: 5000,
      checkpointEvery: 10_000,
      logEvery: 1000,
      seed: values.seed + i,
      totalTimesteps: values.timesteps,
      device: values.device,
      bestPath: plan.agent === "ppo"
        ? `models/best/best_model${suffix}.zip`
        : `models/best/${plan.agent}_best_model${suffix}.zip`,
      evaluationsPath: `logs/${plan.agent}_eval${suffix}/evaluations.npz`,
    };
  });
}

/**
 * Trains what the options ask for.
 *
 * @param values From the command line. With `resume` the checkpoint's own run
 * goes on, whatever the other options say.
 * @param plan The agent and its settings. Throws `UsageError` for a checkpoint
 * of another agent.
 * @param context Progress, notes and interruption of the script.
 */
export async function trainAutoscaling(
  values: TrainingValues,
  plan: TrainingPlan,
  context: ScriptContext,
): Promise<FinishedRun[]> {
  if (values.resume !== undefined) {
    return [await resume(values.resume, values, { plan, context })];
  }
  const runs = await plannedRuns(values, plan, context.note);
  return await oneByOne(runs, {
    note: context.note,
    train: (run) =>
      watched(
        run,
        context,
        0,
        (hooks) => startTraining(run, values.out ?? userPath("."), hooks),
      ),
  });
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

async function resume(
  path: string,
  values: TrainingValues,
  { plan, context }: { plan: TrainingPlan; context: ScriptContext },
): Promise<FinishedRun> {
  if (values.seeds > 1) {
    throw new UsageError(
      "Cannot resume with --seeds: a checkpoint is of one run",
    );
  }
  const { run, archive } = await readCheckpoint(path, [plan.agent]);
  const done = archive.config.timesteps as number;
  context.note(
    `Resuming ${run.name} after ${done} of ${run.totalTimesteps} steps, with the settings it began with`,
  );
  return await watched(
    run,
    context,
    done,
    (hooks) => resumeTraining(path, values.out, hooks),
  );
}

/** Trains with a progress bar. */
async function watched(
  run: TrainingRun,
  context: ScriptContext,
  start: number,
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
  });
}
