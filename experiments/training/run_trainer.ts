/**
 * The agents of training runs, and what their models say of themselves.
 *
 * @module
 */
import { createDdpg } from "../../agents/ddpg/ddpg.ts";
import {
  type DdpgSettings,
  ddpgSettings,
} from "../../agents/ddpg/ddpg_settings.ts";
import {
  createDqn,
  DQN_DEFAULTS,
  type DqnSettings,
} from "../../agents/dqn/dqn.ts";
import { createIndependentSac } from "../../agents/sac_gru/independent_sac.ts";
import type { ModelConfig } from "../../agents/model.ts";
import {
  createOffline,
  OFFLINE_AGENTS,
  type OfflineAgent,
  type OfflineSettings,
  offlineSettings,
} from "../../agents/offline/offline.ts";
import {
  createPpo,
  PPO_DEFAULTS,
  type PpoSettings,
} from "../../agents/ppo/ppo.ts";
import { createQmix } from "../../agents/qmix/qmix.ts";
import {
  type QmixSettings,
  qmixSettings,
} from "../../agents/qmix/qmix_settings.ts";
import { createSacGru } from "../../agents/sac_gru/sac_gru.ts";
import {
  fullSacSettings,
  type SacSettings,
} from "../../agents/sac_gru/sac_settings.ts";
import type { Trainer } from "../../agents/trainer.ts";
import { describeSpace, spaceSize } from "../../core/spaces.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { asUsageError } from "../../core/usage_error.ts";
import {
  makeEnvironment,
  makeMultiAgentEnvironment,
  makeVectorEnvironment,
} from "../../envs/registry.ts";
import type { AgentSettings } from "./agent_settings.ts";
import type { TrainingMaterial } from "./training_material.ts";
import type { TrainingRun } from "./training_run.ts";

function isOffline(agent: string): agent is OfflineAgent {
  return (OFFLINE_AGENTS as readonly string[]).includes(agent);
}

function createTrainer(run: TrainingRun, material: TrainingMaterial): Trainer {
  const { settings } = run;
  if (run.agent === "qmix") {
    return createQmix(makeMultiAgentEnvironment(run.environment), {
      ...run,
      settings: settings as Partial<QmixSettings>,
    });
  }
  if (run.agent === "independent-sac") {
    return createIndependentSac(makeMultiAgentEnvironment(run.environment), {
      ...run,
      settings: settings as Partial<SacSettings>,
    });
  }
  if (isOffline(run.agent)) {
    return createOffline(makeEnvironment(run.environment), {
      ...run,
      agent: run.agent,
      data: material.data!,
      validation: material.validation,
      settings: settings as Partial<OfflineSettings>,
    });
  }
  const env = makeVectorEnvironment(run.environment, run.copies);
  switch (run.agent) {
    case "ddpg":
    case "td3":
      return createDdpg(env, {
        ...run,
        agent: run.agent,
        pretrained: material.pretrained,
        settings: settings as Partial<DdpgSettings>,
      });
    case "dqn":
      return createDqn(env, {
        ...run,
        settings: settings as Partial<DqnSettings>,
      });
    case "ppo":
      return createPpo(env, {
        ...run,
        settings: settings as Partial<PpoSettings>,
      });
    case "sac-gru":
      return createSacGru(env, {
        ...run,
        settings: settings as Partial<SacSettings>,
      });
  }
}

/**
 * The trainer that a run asks for. Throws `UsageError` where its settings do not
 * fit together or into memory: they are values that a user gave.
 *
 * @param run What is trained.
 * @param material What it begins with.
 */
export function createAskedTrainer(
  run: TrainingRun,
  material: TrainingMaterial = {},
): Trainer {
  return asUsageError(() => {
    try {
      return createTrainer(run, material);
    } catch (cause) {
      // V8's two messages for arrays that are too large.
      if (/allocation failed|array length/.test(String(cause))) {
        throw new RangeError(
          `Cannot train ${run.name}: it does not fit into memory, expected fewer units, copies, steps of a rollout or rows of a batch`,
          { cause },
        );
      }
      throw cause;
    }
  });
}

/**
 * A run's settings with the algorithm's defaults filled in.
 *
 * @param run What is trained.
 */
export function fullSettings(
  run: TrainingRun,
): AgentSettings {
  if (isOffline(run.agent)) {
    const given = run.settings as Partial<OfflineSettings>;
    return offlineSettings(run.agent, given);
  }
  switch (run.agent) {
    case "ddpg":
    case "td3":
      return ddpgSettings(
        run.agent,
        run.settings as Partial<DdpgSettings>,
      );
    case "dqn":
      return { ...DQN_DEFAULTS, ...run.settings as Partial<DqnSettings> };
    case "ppo":
      return { ...PPO_DEFAULTS, ...run.settings as Partial<PpoSettings> };
    case "qmix":
      return qmixSettings(run.settings as Partial<QmixSettings>);
    case "independent-sac":
    case "sac-gru":
      return fullSacSettings(run.settings as Partial<SacSettings>);
  }
}

/**
 * Parameters of a run's networks; those of the last layers' heads and of
 * memories are not counted to the unit.
 *
 * @param run What is trained.
 */
export function networkSize(run: TrainingRun): number {
  const env = makeEnvironment(run.environment);
  const sizes = [
    spaceSize(env.observationSpace),
    ...fullSettings(run).netArch,
    env.actionSpace.kind === "discrete"
      ? env.actionSpace.n
      : spaceSize(env.actionSpace),
  ];
  const networks = {
    bc: 1,
    ddpg: 2,
    dqn: 1,
    "independent-sac": 3,
    iql: 4,
    ppo: 2,
    qmix: 1,
    "sac-gru": 3,
    td3: 3,
    "td3-bc": 3,
  }[run.agent];
  return networks *
    sizes.slice(1).reduce((sum, n, i) => sum + n * (sizes[i] + 1), 0);
}

/**
 * What a run's models say of themselves.
 *
 * @param run What is trained.
 * @param timesteps Steps that the model was trained for.
 */
export function modelConfig(
  run: TrainingRun,
  timesteps: number,
): ModelConfig & JsonRecord {
  const env = makeEnvironment(run.environment);
  return {
    agent: run.agent,
    name: run.name,
    environment: run.evaluationEnvironment,
    observationSpace: describeSpace(env.observationSpace),
    actionSpace: describeSpace(env.actionSpace),
    settings: { ...fullSettings(run) } as unknown as JsonRecord,
    timesteps,
    seed: run.seed,
    device: run.device,
  };
}
