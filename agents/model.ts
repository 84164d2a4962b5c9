/**
 * Trained agents as files.
 *
 * @module
 */
import { type Archive, readArchive } from "../core/archive.ts";
import {
  contains,
  describeSpace,
  spaceSize,
  type SpaceValue,
} from "../core/spaces.ts";
import type { JsonRecord, JsonValue } from "../core/state_json.ts";
import type { Environment, Info } from "../envs/environment.ts";
import type { EnvironmentSpec } from "../envs/registry.ts";
import { actionMaskSize } from "../envs/vector.ts";
import { discretiser, identityDiscretiser } from "./q_learning/discretisers.ts";
import { ddpgPolicy } from "./ddpg/ddpg.ts";
import { DQN_DEFAULTS, dqnPolicy } from "./dqn/dqn.ts";
import { independentSacPolicy } from "./sac_gru/independent_sac.ts";
import type { Policy } from "./policy.ts";
import { PPO_DEFAULTS, ppoPolicy } from "./ppo/ppo.ts";
import {
  modelEnvironment,
  modelTeam,
  unnamedSpec,
} from "./model_environment.ts";
import { qTablePolicy } from "./q_learning/q_learning.ts";
import { qmixPolicy } from "./qmix/qmix_policy.ts";
import { qmixSettings } from "./qmix/qmix_settings.ts";
import { sacGruPolicy } from "./sac_gru/sac_gru.ts";

/** The agents that models may be of. */
export const AGENT_NAMES = [
  "bc",
  "ddpg",
  "dqn",
  "independent-sac",
  "iql",
  "ppo",
  "qlearning",
  "qmix",
  "sac-gru",
  "td3",
  "td3-bc",
] as const;

/** Name of an agent. */
export type AgentName = typeof AGENT_NAMES[number];

/** `config.json` of a model. */
export interface ModelConfig {
  /** Which algorithm trained it. */
  readonly agent: AgentName;
  /** What the model is called. */
  readonly name: string;
  /** The environment it was trained in; see `modelEnvironment`. */
  readonly environment: EnvironmentSpec;
  /** Its observations, in words. */
  readonly observationSpace: string;
  /** Its actions, in words. */
  readonly actionSpace: string;
  /** The algorithm's settings. */
  readonly settings: JsonRecord;
  /** Steps it was trained for. */
  readonly timesteps: number;
  /** The run's seed. */
  readonly seed: number;
  /** Device that it was trained on. */
  readonly device: string;
}

/** What of an archive makes a model. */
export type ModelContent = Pick<Archive, "config" | "tensors">;

/** How a model is loaded. */
export interface LoadOptions {
  /**
   * Whether one row at a time goes through a compiled step on the device that
   * runs, made ready by `selectDevice`: faster by ten times where networks are
   * large, but rounded otherwise. Those that balance load alone. Default false.
   */
  readonly compiled?: boolean;
}

/** A trained agent, ready to act. */
export interface LoadedAgent<Content extends ModelContent = Archive> {
  /** What the model says of itself. */
  readonly config: ModelConfig;
  /**
   * The best known action. Throws `TypeError` for an observation that does
   * not fit.
   *
   * @param observation As the environment gives it.
   * @param info With the environment's mask, where it has one.
   */
  act(observation: SpaceValue, info?: Info): SpaceValue;
  /**
   * Forgets what was seen, as an episode begins; nothing to agents that do not
   * remember.
   */
  reset(): void;
  /** Acts on rows. */
  readonly policy: Policy;
  /** The environment it was trained in, made anew. */
  makeEnvironment(): Environment;
  /** The file's content. */
  readonly archive: Content;
}

/**
 * The agent of an archive.
 *
 * @param archive From `readArchive`. Throws `SyntaxError` where it is no model,
 * `RangeError` and `TypeError` where it is one of another version.
 * @param options How it is to act.
 */
export function agentOf<Content extends ModelContent>(
  archive: Content,
  options: LoadOptions = {},
): LoadedAgent<Content> {
  const config = checkedConfig(archive.config);
  const env = modelEnvironment(config.environment);
  const described = {
    observationSpace: describeSpace(env.observationSpace),
    actionSpace: describeSpace(env.actionSpace),
  };
  for (const space of ["observationSpace", "actionSpace"] as const) {
    if (config[space] !== described[space]) {
      throw new TypeError(
        `Cannot use a model made for ${
          config[space]
        } in ${config.environment.id}, whose ${space} is ${
          described[space]
        }: train it anew with this version`,
      );
    }
  }
  const policy = checkedPolicyOf(config, env, { ...archive, ...options });
  const row = new Float32Array(policy.observationSize);
  const { observationSpace, actionSpace } = env;
  const everything = new Uint8Array(actionMaskSize(actionSpace)).fill(1);
  return {
    config,
    archive,
    policy,
    makeEnvironment: () => modelEnvironment(config.environment),
    reset: () => policy.reset?.(),
    act(observation, info) {
      if (!contains(observationSpace, observation)) {
        throw new TypeError(
          `Cannot act on ${observation}: expected a member of ${described.observationSpace}`,
        );
      }
      if (typeof observation === "number") row[0] = observation;
      else row.set(observation);
      const actions = actionSpace.kind === "box"
        ? new Float32Array(policy.actionSize)
        : new Int32Array(policy.actionSize);
      policy.act(row, info?.actionMask ?? everything, actions);
      return actionSpace.kind === "discrete" ? actions[0] : actions;
    },
  };
}

/** What engines say of arrays that are too long for them. */
const NO_MEMORY = /Invalid typed array length|allocation failed/;

function checkedPolicyOf(
  ...given: Parameters<typeof policyOf>
): Policy {
  try {
    return policyOf(...given);
  } catch (error) {
    if (!(error instanceof RangeError) || !NO_MEMORY.test(error.message)) {
      throw error;
    }
    const [{ settings }] = given;
    throw new RangeError(
      `Cannot make the networks of a model, which do not fit into memory: its settings are ${
        JSON.stringify(settings).slice(0, 200)
      }`,
      { cause: error },
    );
  }
}

function policyOf(
  config: ModelConfig,
  env: Environment,
  archive: ModelContent & LoadOptions,
): Policy {
  const { settings } = config;
  switch (config.agent) {
    case "bc":
    case "ddpg":
    case "iql":
    case "td3":
    case "td3-bc":
      // Checked to be there with the rest of the config.
      return ddpgPolicy(
        env,
        { netArch: settings.netArch as number[] },
        archive,
      );
    case "dqn":
      return dqnPolicy(env, { ...DQN_DEFAULTS, ...settings }, archive);
    case "ppo":
      return ppoPolicy(env, { ...PPO_DEFAULTS, ...settings }, archive);
    case "qlearning":
      return tablePolicy(config, env, archive);
    case "qmix":
      return qmixPolicy(
        modelTeam(config.environment),
        qmixSettings(settings),
        archive,
      );
    case "independent-sac":
      return independentSacPolicy(
        modelTeam(config.environment),
        settings,
        archive,
      );
    case "sac-gru":
      return sacGruPolicy(env, settings, archive);
  }
}

function tablePolicy(
  config: ModelConfig,
  env: Environment,
  { tensors }: ModelContent,
): Policy {
  const { table, visits } = tensors.weights ?? {};
  const { actionSpace } = env;
  const named = String(config.settings.states);
  const states =
    named === "identity" && env.observationSpace.kind === "discrete"
      ? identityDiscretiser(env.observationSpace.n)
      : discretiser(named);
  if (
    !(table?.data instanceof Float64Array) ||
    !(visits?.data instanceof Uint32Array) ||
    actionSpace.kind !== "discrete" ||
    table.shape.join() !== `${states.states},${actionSpace.n}` ||
    visits.data.length !== states.states
  ) {
    throw new TypeError(
      `Cannot load a table of shape [${
        table?.shape ?? []
      }]: expected values of ${
        describeSpace(actionSpace)
      } and visits in ${states.states} states`,
    );
  }
  return qTablePolicy(table.data, {
    states,
    visits: visits.data,
    observationSize: spaceSize(env.observationSpace),
  });
}

function isRecord(value: JsonValue | undefined): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What an archive holds that is no agent of an environment, and who reads it. */
function otherContent(config: JsonRecord): string | undefined {
  const { model, features, arenaAgent, simulationId } = config;
  if (model === "koopman") {
    const names = Array.isArray(features) ? features.join(", ") : "a queue";
    return `a Koopman model of ${names}, which foretells a queue and takes no actions: the tasks mixing-time-learned, mixing-time-learned-multi and mixing-time-simulation read it`;
  }
  if (model === "koopman-training") {
    return "the training of a Koopman model, which foretells a queue and takes no actions: learn-koopman goes on from it with --resume";
  }
  if (typeof arenaAgent === "string") {
    return `the agent ${arenaAgent} of an arena, which walks at random and has no policy: ${arenaAgent}.load() reads it`;
  }
  if (typeof simulationId === "string") {
    return `the agent of the simulation ${
      JSON.stringify(simulationId)
    }, which is none of those that are trained here: loadResults() reads its folder`;
  }
  return undefined;
}

function checkedConfig(config: JsonRecord): ModelConfig {
  const { agent, environment = unnamedSpec(config), settings } = config;
  if (
    !AGENT_NAMES.includes(agent as AgentName) || !isRecord(environment) ||
    typeof environment.id !== "string" || !isRecord(environment.options) ||
    !isRecord(settings) ||
    (agent !== "qlearning" && !Array.isArray(settings.netArch))
  ) {
    const other = otherContent(config);
    if (other !== undefined) {
      throw new SyntaxError(`Cannot act with ${other}`);
    }
    throw new SyntaxError(
      `Cannot use an archive as a model: its config.json names ${
        agent === undefined ? "no agent" : `the agent ${JSON.stringify(agent)}`
      }, expected one of ${
        AGENT_NAMES.join(", ")
      } with environment and settings`,
    );
  }
  return { ...config, environment } as unknown as ModelConfig;
}

/**
 * Loads a trained agent; the way in for whoever uses a model.
 *
 * @param path A `.zip` written by a training script. Throws a one-line error
 * that names it when it cannot be read, is damaged or foreign, or was made for
 * another environment or version.
 * @param options How it is to act.
 */
export async function loadAgent(
  path: string,
  options?: LoadOptions,
): Promise<LoadedAgent> {
  const archive = await readArchive(path);
  try {
    return agentOf(archive, options);
  } catch (error) {
    if (error instanceof Error) error.message += ` (${path})`;
    throw error;
  }
}
