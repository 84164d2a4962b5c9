/**
 * Trainings of agents that route: DDPG and TD3, TD3+BC and IQL.
 *
 * @module
 */
import {
  DDPG_ROUTING,
  OFFLINE_WITHOUT_CLONING,
} from "../../agents/settings/routing.ts";
import { loadAgent } from "../../agents/model.ts";
import { userPath } from "../../core/paths.ts";
import type { ScriptContext } from "../../core/script.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { UsageError } from "../../core/usage_error.ts";
import { readRecordedSteps } from "../training/offline_files.ts";
import { oneByOne, resumeAsked, watched } from "../training/script_training.ts";
import type { SDNOptions } from "../../envs/sdn/env_options.ts";
import {
  type FinishedRun,
  startTraining,
  type TrainingRun,
} from "../training/training_run.ts";
import { recordedEnvironment } from "./recorded_environment.ts";
import type { DdpgValues } from "./ddpg_options.ts";

export type { DdpgValues, FinishedRun, ScriptContext, SDNOptions, TrainingRun };

/** The task that resumes such trainings. */
export const DDPG_TASK = "train-ddpg";

/** Algorithms of the script: two online, all four offline. */
export const ROUTING_ALGORITHMS = ["ddpg", "td3", "td3-bc", "iql"] as const;

/** One of them. */
export type RoutingAlgorithm = typeof ROUTING_ALGORITHMS[number];

/** The settings that were given, by the agents' names. */
function given(values: DdpgValues): Record<string, unknown> {
  const named = {
    learningRate: values.lr,
    criticLearningRate: values.criticLr,
    gamma: values.gamma,
    tau: values.tau,
    batchSize: values.batchSize,
    netArch: values.hidden,
  };
  return Object.fromEntries(
    Object.entries(named).filter(([, value]) => value !== undefined),
  );
}

/** Agent and settings of a training on recorded steps. */
function offlineAgent(
  algorithm: RoutingAlgorithm,
  settings: Record<string, unknown>,
): Pick<TrainingRun, "agent" | "settings"> {
  if (algorithm === "td3-bc") return { agent: "td3-bc", settings };
  if (algorithm === "iql") {
    const { criticLearningRate: _, ...rest } = settings;
    return { agent: "iql", settings: rest };
  }
  return {
    agent: "td3-bc",
    settings: { ...OFFLINE_WITHOUT_CLONING[algorithm], ...settings },
  };
}

/** Agent and settings of a training in the environment. */
function onlineAgent(
  algorithm: RoutingAlgorithm,
  values: DdpgValues,
  begun: { netArch: readonly number[] } | undefined,
): Pick<TrainingRun, "agent" | "settings" | "pretrained"> {
  if (algorithm === "td3-bc" || algorithm === "iql") {
    throw new UsageError(
      `Cannot train ${algorithm} in the environment, expected ddpg or td3, or recorded steps by --offline-data`,
    );
  }
  return {
    agent: algorithm,
    settings: {
      ...DDPG_ROUTING,
      actionNoise: values.actionNoise,
      finalActionNoise: values.actionNoise / 4,
      ...begun && { netArch: begun.netArch, policyStarts: values.warmUp },
      ...given(values),
    },
    pretrained: values.pretrained,
  };
}

/** Refuses what a file says already. */
function checkNotGiven(values: DdpgValues, option: string): void {
  for (const name of ["topology", "linkCount", "observation"] as const) {
    if (values[name] !== undefined) {
      throw new UsageError(
        `Cannot set --${
          name === "linkCount" ? "link-count" : name
        } beside ${option}, whose file says it`,
      );
    }
  }
}

/** What is trained, in which environment. */
async function asked(
  values: DdpgValues,
  online: SDNOptions,
): Promise<Asked> {
  const { offlineData, pretrained } = values;
  const algorithm = values.algorithm ??
    (offlineData === undefined ? "ddpg" : "td3-bc");
  if (offlineData !== undefined) {
    if (pretrained !== undefined) {
      throw new UsageError(
        "Cannot begin with --pretrained on --offline-data, expected one of them",
      );
    }
    checkNotGiven(values, "--offline-data");
    return {
      ...offlineAgent(algorithm, given(values)),
      environment: recordedEnvironment(
        offlineData,
        await readRecordedSteps(offlineData),
        values,
      ),
      data: offlineData,
    };
  }
  // As JSON holds them: what is undefined is not there.
  const options = JSON.parse(JSON.stringify(online)) as JsonRecord;
  if (pretrained === undefined) {
    return {
      ...onlineAgent(algorithm, values, undefined),
      environment: { id: "SDN-v1", options },
    };
  }
  checkNotGiven(values, "--pretrained");
  const { config } = await loadAgent(pretrained);
  const { ryuBase, episodeSteps } = options;
  return {
    ...onlineAgent(algorithm, values, config.settings as never),
    environment: {
      id: config.environment.id,
      options: {
        ...config.environment.options,
        episodeSteps,
        ...ryuBase === undefined ? {} : { ryuBase },
      },
    },
  };
}

type Asked = Pick<
  TrainingRun,
  "agent" | "settings" | "environment" | "pretrained" | "data"
>;

/**
 * The runs of a command line.
 *
 * @param values What is trained. Throws `UsageError` for an algorithm that
 * cannot, and a one-line error for a file that cannot be learned from.
 * @param online The environment, where neither recorded steps nor a pretrained
 * policy bring theirs.
 */
export async function ddpgRuns(
  values: DdpgValues,
  online: SDNOptions,
): Promise<TrainingRun[]> {
  const { episodes, maxSteps, seeds, seed } = values;
  const what = await asked(values, online);
  const { environment } = what;
  const totalTimesteps = episodes * maxSteps;
  // A controller has one network: evaluations would move what is learned in.
  const isRemote = environment.options.ryuBase !== undefined;
  return Array.from({ length: seeds }, (_, i): TrainingRun => {
    const name = seeds > 1 ? `${values.name}_seed${seed + i}` : values.name;
    return {
      ...what,
      name,
      task: DDPG_TASK,
      validationShare: what.data === undefined ? 0 : values.validationShare,
      copies: 1,
      evaluationEnvironment: environment,
      tests: [],
      evaluationEpisodes: values.evalEpisodes,
      evaluationSeed: 10_000,
      evaluateEvery: isRemote
        ? totalTimesteps
        : Math.max(1, Math.round(totalTimesteps / 20)),
      checkpointEvery: 10_000,
      logEvery: Math.min(1000, maxSteps),
      seed: seed + i,
      totalTimesteps,
      device: values.device,
      bestPath: `models/best/${name}_best.zip`,
      evaluationsPath: `logs/${name}_eval/evaluations.npz`,
    };
  });
}

/**
 * Trains one agent a seed, or goes on from a checkpoint.
 *
 * @param values What is trained.
 * @param online The environment, where there are no recorded steps.
 * @param context Progress, notes and interruption of the script.
 */
export async function trainDdpg(
  values: DdpgValues,
  online: SDNOptions,
  context: ScriptContext,
): Promise<FinishedRun[]> {
  const { resume, seeds, out } = values;
  if (resume !== undefined) {
    return [
      await resumeAsked({ resume, seeds, out }, {
        agents: ROUTING_ALGORITHMS,
        context,
        length: "episodes",
      }),
    ];
  }
  const runs = await ddpgRuns(values, online);
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
