/**
 * Training tables of action values to scale a service, as `train_qlearning`
 * does it.
 *
 * @module
 */
import type { QLearningSettings } from "../../agents/q_learning/q_learning.ts";
import { userPath } from "../../core/paths.ts";
import type { ScriptContext } from "../../core/script.ts";
import { UsageError } from "../../core/usage_error.ts";
import {
  autoscalingExperiment,
  type AutoscalingScriptValues,
} from "./options.ts";
import { runFolder } from "../training/checkpoints.ts";
import {
  checkResumedOptions,
  recordedOptions,
  resumedLength,
  resumedOptions,
} from "../training/resumed_options.ts";
import { modelName, oneByOne } from "../training/script_training.ts";
import {
  type FinishedQLearning,
  type QLearningRun,
  readQLearningCheckpoint,
  resumeQLearning,
  startQLearning,
} from "../training/q_learning_run.ts";
import type { TrainingHooks } from "../training/training_run.ts";

/** What the script's options come to. */
export interface TableTrainingValues extends AutoscalingScriptValues {
  /** Episodes in all. */
  episodes: number;
  /** What the files are called. */
  name?: string;
  /** How observations become states. */
  states: string;
  /** First seed. */
  seed: number;
  /** Number of runs. */
  seeds: number;
  /** A checkpoint to go on from. */
  resume?: string;
  /** Folder of the files. */
  out?: string;
}

const EPISODE_STEPS = 200;
const EPISODES_PER_CHECKPOINT = 2500;

async function plannedRuns(
  values: TableTrainingValues,
  settings: Partial<QLearningSettings>,
  note: (text: string) => void,
): Promise<QLearningRun[]> {
  const { training, tests, notes, loadName } = await autoscalingExperiment(
    values,
  );
  notes.forEach(note);
  const name = modelName(values.name, "qlearning", loadName);
  const { options } = training;
  const environment = {
    id: training.id,
    options: {
      ...options,
      // The original's states are of the original's observation.
      mode: values.states === "original" ? "reference" : "default",
      episodeSteps: options.episodeSteps ?? EPISODE_STEPS,
      // The original always begins where it is tested.
      randomStart: values.trace !== undefined,
    },
  };
  return Array.from({ length: values.seeds }, (_, i) => ({
    name: values.seeds === 1 ? name : `${name}_seed${values.seed + i}`,
    environment,
    tests,
    states: values.states,
    settings,
    episodes: values.episodes,
    checkpointEvery: EPISODES_PER_CHECKPOINT,
    seed: values.seed + i,
  }));
}

/**
 * Trains what the options ask for.
 *
 * @param values From the command line. With `resume` the checkpoint's own run
 * goes on, as far as `episodes` says where it was typed.
 * @param settings Those of the algorithm.
 * @param context Progress, notes and interruption of the script.
 */
export async function trainTables(
  values: TableTrainingValues,
  settings: Partial<QLearningSettings>,
  context: ScriptContext,
): Promise<FinishedQLearning[]> {
  const watched = async (
    run: QLearningRun,
    start: number,
    work: (hooks: TrainingHooks) => Promise<FinishedQLearning>,
  ) => {
    using shown = context.progress({
      total: run.episodes,
      start,
      label: run.name,
      unit: "episodes",
      scoreName: "return",
    });
    return await work({
      signal: context.signal,
      breathe: context.breathe,
      onProgress: (episodes, score) => shown.update(episodes, { score }),
      options: recordedOptions(context.commandLine),
    });
  };
  if (values.resume !== undefined) {
    const path = values.resume;
    if (values.seeds > 1) {
      throw new UsageError(
        "Cannot resume with --seeds: a checkpoint is of one run",
      );
    }
    const { run, archive } = await readQLearningCheckpoint(path);
    const done = archive.states.training.episodes as number;
    const rules = {
      path,
      root: values.out ?? runFolder(path),
      length: "episodes",
      report: ["eval"],
    };
    checkResumedOptions(context.commandLine, run, rules);
    const { options } = run;
    const episodes = resumedLength(context.commandLine, {
      total: run.episodes,
      done,
      options: { episodes: run.episodes },
    }, rules);
    context.note(
      `Resuming ${run.name} after ${done} of ${episodes} episodes, with the settings it began with`,
    );
    return [
      await watched(
        { ...run, episodes },
        done,
        (hooks) =>
          resumeQLearning(path, values.out, {
            ...hooks,
            episodes,
            options: resumedOptions(context.commandLine, options, rules),
          }),
      ),
    ];
  }
  if (values.maskActions) {
    throw new UsageError(
      "Cannot keep a table from actions: expected --mask-actions with train-dqn or train-ppo",
    );
  }
  const root = values.out ?? userPath(".");
  return await oneByOne(await plannedRuns(values, settings, context.note), {
    note: context.note,
    train: (run) => watched(run, 0, (h) => startQLearning(run, root, h)),
  });
}
