/**
 * Training an agent to scale a service, as the training scripts do it: one
 * run or one for each seed, from the start or from a checkpoint.
 *
 * @module
 */
import type { Option } from "../../core/options.ts";
import {
  booleanOption,
  integerOption,
  stringOption,
} from "../../core/options.ts";
import { userPath } from "../../core/paths.ts";
import type { ScriptContext } from "../../core/script.ts";
import type { Device } from "../../learning/devices.ts";
import {
  autoscalingExperiment,
  type AutoscalingScriptValues,
} from "./options.ts";
import {
  modelName,
  oneByOne,
  resumeAsked,
  watched,
} from "../training/script_training.ts";
import {
  type FinishedRun,
  startTraining,
  type TrainingRun,
} from "../training/training_run.ts";

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
 * goes on, as far as `timesteps` says where it was typed.
 * @param plan The agent and its settings. Throws `UsageError` for a checkpoint
 * of another agent.
 * @param context Progress, notes and interruption of the script.
 */
export async function trainAutoscaling(
  values: TrainingValues,
  plan: TrainingPlan,
  context: ScriptContext,
): Promise<FinishedRun[]> {
  const { resume, seeds, out } = values;
  if (resume !== undefined) {
    return [
      await resumeAsked({ resume, seeds, out }, {
        agents: [plan.agent],
        context,
        length: "timesteps",
        report: ["eval"],
      }),
    ];
  }
  const runs = await plannedRuns(values, plan, context.note);
  return await oneByOne(runs, {
    note: context.note,
    train: (run) =>
      watched(
        run,
        { context },
        (hooks) => startTraining(run, values.out ?? userPath("."), hooks),
      ),
  });
}
