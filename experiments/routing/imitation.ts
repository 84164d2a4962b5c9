/**
 * Trainings that imitate recorded experts.
 *
 * @module
 */
import {
  holdOut,
  type OfflineData,
} from "../../agents/offline/offline_data.ts";
import type { Policy } from "../../agents/policy.ts";
import { userPath } from "../../core/paths.ts";
import type { ScriptContext } from "../../core/script.ts";
import { asUsageError } from "../../core/usage_error.ts";
import type { Device } from "../../learning/devices.ts";
import { readRecordedSteps } from "../training/offline_files.ts";
import { oneByOne, resumeAsked, watched } from "../training/script_training.ts";
import {
  type FinishedRun,
  startTraining,
  type TrainingRun,
} from "../training/training_run.ts";
import {
  type EnvironmentSpec,
  recordedEnvironment,
} from "./recorded_environment.ts";

export type {
  Device,
  EnvironmentSpec,
  FinishedRun,
  OfflineData,
  Policy,
  ScriptContext,
};

/** The task that resumes such trainings. */
export const IMITATION_TASK = "imitation-pretrain";

/** What a script asks for. */
export interface ImitationValues {
  /** The recorded steps. */
  readonly data: string;
  /** How often each row is learned from. */
  readonly epochs: number;
  /** Rows of an update. */
  readonly batchSize: number;
  /** Adam's. */
  readonly lr: number;
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  /** Share of the rows that is held out, in whole episodes. */
  readonly validationShare: number;
  /** What actions are where the file does not say it. */
  readonly mode: "default" | "reference";
  /** Name of the model. */
  readonly name: string;
  /** Seed of the first run. */
  readonly seed: number;
  /** Number of runs. */
  readonly seeds: number;
  /** Where tensors are computed. */
  readonly device: Device;
  /** A checkpoint to go on from. */
  readonly resume?: string;
  /** Folder of the files. */
  readonly out?: string;
}

/** How well recorded actions are imitated; actions lie from -1 to 1. */
export interface ImitationQuality {
  /** Mean squared distance of the policy's actions. */
  readonly loss: number;
  /** That of the recorded actions' own mean, the best guess without a state. */
  readonly meanLoss: number;
}

/** What is known of a finished training. */
export interface Imitation {
  /** The run. */
  readonly finished: FinishedRun;
  /** On the rows that it learned from. */
  readonly training: ImitationQuality;
  /** On those held out. */
  readonly validation: ImitationQuality | undefined;
}

function runOf(
  values: ImitationValues,
  more: { environment: EnvironmentSpec; rows: number; seed: number },
): TrainingRun {
  const { environment, rows, seed } = more;
  const { batchSize, lr, hidden, epochs } = values;
  const name = values.seeds > 1 ? `${values.name}_seed${seed}` : values.name;
  const totalTimesteps = epochs * Math.ceil(rows / batchSize);
  const settings = { learningRate: lr, batchSize, netArch: hidden };
  return {
    name,
    task: IMITATION_TASK,
    agent: "bc",
    settings,
    environment,
    data: values.data,
    validationShare: values.validationShare,
    copies: 1,
    evaluationEnvironment: environment,
    tests: [],
    evaluationEpisodes: 5,
    evaluationSeed: 10_000,
    evaluateEvery: Math.max(1, Math.round(totalTimesteps / 10)),
    checkpointEvery: 10_000,
    logEvery: Math.max(1, Math.ceil(rows / batchSize)),
    seed,
    totalTimesteps,
    device: values.device,
    bestPath: `models/best/${name}_best.zip`,
    evaluationsPath: `logs/${name}_eval/evaluations.npz`,
  };
}

/**
 * How well a policy does what was recorded.
 *
 * @param policy The policy.
 * @param data Recorded steps.
 * @param bound Size of the largest action, which counts as 1.
 */
export function imitationQuality(
  policy: Policy,
  { rows, observations, actions, actionSize }: OfflineData,
  bound: number,
): ImitationQuality {
  const done = new Float32Array(actions.length);
  policy.act(observations, new Uint8Array(0), done);
  const means = new Float64Array(actionSize);
  actions.forEach((action, i) => means[i % actionSize] += action / rows);
  let loss = 0;
  let meanLoss = 0;
  actions.forEach((action, i) => {
    loss += ((action - done[i]) / bound) ** 2;
    meanLoss += ((action - means[i % actionSize]) / bound) ** 2;
  });
  return { loss: loss / actions.length, meanLoss: meanLoss / actions.length };
}

/** The size of the largest action of an environment's spec. */
function actionBound({ options }: EnvironmentSpec): number {
  return options.mode === "reference"
    ? options.actionScale as number ?? 0.5
    : 1;
}

/** What a finished run learned. */
async function qualities(finished: FinishedRun): Promise<Imitation> {
  const { run, policy } = finished;
  const { data, episodeIds } = await readRecordedSteps(run.data!);
  const { training, validation } = holdOut(
    data,
    run.validationShare ?? 0,
    episodeIds,
  );
  const bound = actionBound(run.environment);
  return {
    finished,
    training: imitationQuality(policy, training, bound),
    validation: validation && imitationQuality(policy, validation, bound),
  };
}

/**
 * Trains a policy a seed to imitate recorded steps, or goes on from a
 * checkpoint.
 *
 * @param values What is trained. Throws a one-line error for a file that
 * cannot be learned from, `UsageError` for a checkpoint of another agent.
 * @param context Progress, notes and interruption of the script.
 */
export async function trainImitation(
  values: ImitationValues,
  context: ScriptContext,
): Promise<Imitation[]> {
  const { resume, seed, seeds, out } = values;
  if (resume !== undefined) {
    const finished = await resumeAsked({ resume, seeds, out }, {
      agents: ["bc"],
      context,
      length: "epochs",
    });
    return [await qualities(finished)];
  }
  const path = values.data;
  const steps = await readRecordedSteps(path);
  const environment = recordedEnvironment(path, steps, values);
  const { training } = asUsageError(() =>
    holdOut(steps.data, values.validationShare, steps.episodeIds)
  );
  const runs = Array.from(
    { length: seeds },
    (_, i) =>
      runOf(values, { environment, rows: training.rows, seed: seed + i }),
  );
  const finished = await oneByOne(runs, {
    note: context.note,
    train: (run) =>
      watched(
        run,
        { context },
        (hooks) => startTraining(run, out ?? userPath("."), hooks),
      ),
  });
  return await Promise.all(finished.map(qualities));
}
