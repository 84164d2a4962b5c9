/**
 * Trainings of agents that bring a service back.
 *
 * @module
 */
import {
  DQN_QUEUEING,
  PPO_QUEUEING,
  PPO_QUEUEING_COPIES,
} from "../../agents/settings/queueing.ts";
import type { QueueingControlOptions } from "../../envs/queueing/control_options.ts";
import type { Device } from "../../learning/devices.ts";
import { userPath } from "../../core/paths.ts";
import type { ScriptContext } from "../../core/script.ts";
import { oneByOne, resumeAsked, watched } from "../training/script_training.ts";
import {
  type FinishedRun,
  startTraining,
  type TrainingRun,
} from "../training/training_run.ts";

export type {
  Device,
  FinishedRun,
  QueueingControlOptions,
  ScriptContext,
  TrainingRun,
};

/** What is trained. */
export interface ControlTraining {
  /** Which algorithm. */
  readonly agent: "dqn" | "ppo";
  /** The environment's options. */
  readonly options: QueueingControlOptions;
  /** Environment steps. */
  readonly timesteps: number;
  /** Seed of everything. */
  readonly seed: number;
  /** Where tensors are computed. */
  readonly device: Device;
  /** Name of the model. */
  readonly name: string;
}

/** What an agent may choose, by name; as options of the environment. */
export const LEVERS: Readonly<
  Record<"all" | "admission", QueueingControlOptions>
> = {
  all: {},
  admission: { budgetLevels: [3], threadLevels: [0] },
};

/** The task that resumes such trainings. */
export const CONTROL_TASK = "train-queueing-control";

/**
 * The run of a training.
 *
 * @param training What is trained.
 */
export function controlRun(training: ControlTraining): TrainingRun {
  const { agent, name, seed, device, timesteps, options } = training;
  const environment = {
    id: "QueueingControl-v1",
    options: { ...options } as TrainingRun["environment"]["options"],
  };
  return {
    name,
    task: CONTROL_TASK,
    agent,
    settings: agent === "ppo" ? PPO_QUEUEING : DQN_QUEUEING,
    copies: agent === "ppo" ? PPO_QUEUEING_COPIES : 1,
    environment,
    evaluationEnvironment: environment,
    tests: [],
    evaluationEpisodes: 10,
    evaluationSeed: 10_000,
    evaluateEvery: Math.max(1, Math.round(timesteps / 10)),
    checkpointEvery: 10_000,
    logEvery: 1000,
    seed,
    totalTimesteps: timesteps,
    device,
    bestPath: `models/best/${name}_best.zip`,
    evaluationsPath: `logs/${name}_eval/evaluations.npz`,
  };
}

/** What a script asks for. */
export interface ControlValues extends Omit<ControlTraining, "name"> {
  /** Name of the models, before their seeds. */
  readonly name: string;
  /** Number of runs. */
  readonly seeds: number;
  /** A checkpoint to go on from. */
  readonly resume?: string;
  /** Folder of the files. */
  readonly out?: string;
}

/**
 * Trains one agent a seed, or goes on from a checkpoint, as far as `timesteps`
 * says where it was typed.
 *
 * @param values What is trained. Throws `UsageError` for a checkpoint of
 * another agent.
 * @param context Progress, notes and interruption of the script.
 */
export async function trainControl(
  values: ControlValues,
  context: ScriptContext,
): Promise<FinishedRun[]> {
  const { resume, seed, seeds, out } = values;
  if (resume !== undefined) {
    return [
      await resumeAsked({ resume, seeds, out }, {
        agents: ["ppo", "dqn"],
        context,
        length: "timesteps",
        report: ["episodes"],
      }),
    ];
  }
  const runs = Array.from({ length: seeds }, (_, i) =>
    controlRun({
      ...values,
      seed: seed + i,
      name: `${values.name}_seed${seed + i}`,
    }));
  return await oneByOne(runs, {
    note: context.note,
    train: (run) =>
      watched(
        run,
        { context },
        (hooks) => startTraining(run, out ?? userPath("."), hooks),
      ),
  });
}
