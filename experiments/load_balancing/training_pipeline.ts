/**
 * Training agents to balance load, from a few words: which agents, which
 * servers, which traffic.
 *
 * @module
 */
import { isAbsolute, join, relative } from "@std/path";
import type { QmixSettings } from "../../agents/qmix/qmix_settings.ts";
import type { SacSettings } from "../../agents/sac_gru/sac_settings.ts";
import {
  Q_LEARNING_LOAD_BALANCING,
  QMIX_LOAD_BALANCING,
  SAC_LOAD_BALANCING,
} from "../../agents/settings/load_balancing.ts";
import { userPath } from "../../core/paths.ts";
import type { EnvironmentSpec } from "../../envs/registry.ts";
import type { Device } from "../../learning/devices.ts";
import {
  type AgentViewValues,
  loadBalancingSpec,
  type LoadValues,
} from "./options.ts";
import {
  type FinishedRun,
  startTraining,
  type TrainingHooks,
  type TrainingRun,
} from "../training/training_run.ts";

export type {
  AgentViewValues,
  Device,
  EnvironmentSpec,
  FinishedRun,
  LoadValues,
  QmixSettings,
  SacSettings,
  TrainingHooks,
  TrainingRun,
};

/** Who learns. */
export const AGENT_TYPES = ["sac-gru", "qmix", "independent"] as const;

/**
 * `sac-gru`: one agent with one balancer, or with `numAgents` above 1 one that
 * acts for all. `qmix`: a team. `independent`: a team in which each learns by
 * itself.
 */
export type AgentType = typeof AGENT_TYPES[number];

/** How independent agents learn. */
export const LEARNERS = ["sac-gru", "q-learning"] as const;

/** Options of {@linkcode TrainingPipeline}. */
export interface TrainingPipelineOptions
  extends Partial<LoadValues>, Partial<AgentViewValues> {
  /** Who learns. Default "qmix". */
  agentType?: AgentType;
  /** How independent agents learn. Default "sac-gru". */
  learner?: typeof LEARNERS[number];
  /** Settings that differ from those of `agents/settings/load_balancing.ts`. */
  settings?: Partial<QmixSettings> | Partial<SacSettings>;
  /** What the files are called. Default: the agent's type. */
  name?: string;
  /** The task that resumes it. Default "training-pipeline". */
  task?: string;
  /** Seeds everything. Default 0. */
  seed?: number;
  /** Where tensors are computed. Default "auto". */
  device?: Device;
  /** Folder of models and logs. Default: where the command was typed. */
  root?: string;
  /** Where the best model goes. Default `checkpoints/AGENT_best.zip` in it. */
  savePath?: string;
}

/** What {@linkcode TrainingPipeline.train} takes. */
export interface PipelineTraining extends TrainingHooks {
  /** Episodes to train for. */
  episodes: number;
  /** Episodes between evaluations. Default: a twentieth of all, from 1. */
  evaluateEvery?: number;
  /** Whether files are written. Default true. */
  files?: boolean;
}

/** Episodes of an evaluation; their seeds are not trained or tested on. */
const VALIDATION = { evaluationEpisodes: 4, evaluationSeed: 10_000 };

const EVALUATIONS = 20;

/** What each kind of agent is called in runs, and its settings. */
function algorithmOf(
  { agentType = "qmix", learner = "sac-gru", settings }:
    TrainingPipelineOptions,
): Pick<TrainingRun, "agent" | "settings"> {
  if (!AGENT_TYPES.includes(agentType)) {
    throw new RangeError(
      `Cannot train agents of type ${JSON.stringify(agentType)}, expected ${
        AGENT_TYPES.join(", ")
      }`,
    );
  }
  if (agentType === "sac-gru") {
    return {
      agent: "sac-gru",
      settings: { ...SAC_LOAD_BALANCING, ...settings },
    };
  }
  if (agentType === "qmix") {
    return { agent: "qmix", settings: { ...QMIX_LOAD_BALANCING, ...settings } };
  }
  return learner === "sac-gru"
    ? {
      agent: "independent-sac",
      settings: { ...SAC_LOAD_BALANCING, ...settings },
    }
    : {
      agent: "qmix",
      settings: { ...Q_LEARNING_LOAD_BALANCING, ...settings },
    };
}

/** Steps of an episode of a spec, which has its length. */
function stepsOf({ options }: EnvironmentSpec): number {
  const { episodeSeconds, stepSeconds = 0.25 } = options as {
    episodeSeconds: number;
    stepSeconds?: number;
  };
  return Math.ceil(episodeSeconds / stepSeconds - 1e-9);
}

/**
 * Trains agents in simulated load balancing:
 *
 *     const pipeline = new TrainingPipeline({
 *       agentType: "qmix",
 *       numServers: 16,
 *       traceType: "wiki",
 *     });
 *     const { paths } = await pipeline.train({ episodes: 100 });
 *
 * writes `checkpoints/qmix_best.zip`, which `loadAgent` and the scripts
 * `evaluate_agent` and `compare_agents` read, and logs and checkpoints from
 * which `resumeTraining` goes on.
 */
export class TrainingPipeline {
  /** What it was made of. */
  readonly options: Readonly<TrainingPipelineOptions>;
  readonly #algorithm: Pick<TrainingRun, "agent" | "settings">;

  /**
   * A training that has yet to begin.
   *
   * @param options Throws `RangeError` for an unknown type of agents.
   */
  constructor(options: TrainingPipelineOptions = {}) {
    this.options = { ...options };
    this.#algorithm = algorithmOf(options);
  }

  /**
   * The environment that agents are trained in. Rejects with `UsageError`
   * where the options do not fit together, and with an error that names the
   * file for traffic that cannot be read.
   */
  spec(): Promise<EnvironmentSpec> {
    const { agentType = "qmix", numAgents = 1 } = this.options;
    return loadBalancingSpec(
      {
        preset: "seed",
        episodeSeconds: 60,
        ...this.options,
      },
      {
        actionType: "weightLevels",
        observation: "seed",
        reward: "variance",
        rewardOn: "flows",
        ...this.options,
        single: agentType === "sac-gru" && numAgents === 1,
      },
    );
  }

  /**
   * The run of a number of episodes.
   *
   * @param episodes Throws `RangeError` unless it is a whole number from 1.
   * @param evaluateEvery Episodes between evaluations.
   */
  async run(
    episodes: number,
    evaluateEvery: number = Math.max(1, Math.floor(episodes / EVALUATIONS)),
  ): Promise<TrainingRun> {
    if (!Number.isSafeInteger(episodes) || episodes < 1) {
      throw new RangeError(
        `Cannot train for ${episodes} episodes, expected a whole number from 1`,
      );
    }
    const { agentType = "qmix", seed = 0, device = "auto" } = this.options;
    const { name = agentType, task = "training-pipeline" } = this.options;
    const spec = await this.spec();
    const steps = stepsOf(spec);
    const totalTimesteps = episodes * steps;
    return {
      ...VALIDATION,
      ...this.#algorithm,
      settings: this.#settings(totalTimesteps),
      name,
      task,
      environment: spec,
      evaluationEnvironment: spec,
      copies: 1,
      tests: [],
      evaluateEvery: evaluateEvery * steps,
      checkpointEvery: Math.max(10_000, steps),
      logEvery: 1000,
      seed,
      totalTimesteps,
      device,
      bestPath: this.#bestPath(agentType),
      evaluationsPath: `logs/${name}_eval/evaluations.npz`,
      // Those of the command line take their place where there is one.
      options: { agentType, episodes },
    };
  }

  /** Settings, with exploration that ends within the training. */
  #settings(totalTimesteps: number): TrainingRun["settings"] {
    const { agent, settings } = this.#algorithm;
    const given = this.options.settings as Partial<QmixSettings> | undefined;
    if (agent !== "qmix" || given?.epsilonAnnealTime !== undefined) {
      return settings;
    }
    const share = 0.7;
    return { ...settings, epsilonAnnealTime: share * totalTimesteps };
  }

  get #root(): string {
    return this.options.root ?? userPath(".");
  }

  #bestPath(agentType: AgentType): string {
    const { savePath } = this.options;
    if (savePath === undefined) {
      return join("checkpoints", `${agentType.replace("-", "_")}_best.zip`);
    }
    return isAbsolute(savePath) ? relative(this.#root, savePath) : savePath;
  }

  /**
   * Trains from the beginning.
   *
   * @param training Episodes, progress, interruption. Throws `RangeError` for
   * a number of episodes that is no whole number from 1, and
   * `InterruptedError` when stopped.
   */
  async train(training: PipelineTraining): Promise<FinishedRun> {
    const { episodes, evaluateEvery, files = true, ...hooks } = training;
    return await startTraining(
      await this.run(episodes, evaluateEvery),
      files ? this.#root : undefined,
      hooks,
    );
  }
}
