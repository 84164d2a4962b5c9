/**
 * What a model sees and does, in words.
 *
 * @module
 */
import type { LoadedAgent } from "../../agents/model.ts";
import { spaceSize, type SpaceValue } from "../../core/spaces.ts";
import { featureNames } from "../../envs/autoscaling/observation.ts";
import { LoadBalanceEnv } from "../../envs/load_balancing/load_balance_env.ts";
import { serverFeatures } from "../../envs/load_balancing/observation.ts";
import { QueueingControlEnv } from "../../envs/queueing/control_env.ts";
import { QUEUEING_CONTROL_FEATURES } from "../../envs/queueing/control_info.ts";
import { AutoscalingEnv } from "../../envs/autoscaling/autoscaling_env.ts";

export type { LoadedAgent, SpaceValue };

/** What stands for one action on standard output. */
export interface ActionRecord {
  /** A number, or an array where actions are continuous. */
  readonly action: number | readonly number[];
  /** The change in instances that it stands for, where a service is scaled. */
  readonly change?: number;
}

/**
 * Names of the numbers of an observation; undefined where they have none.
 *
 * @param agent Any.
 */
export function observationNames(
  agent: Pick<LoadedAgent, "makeEnvironment">,
): string[] | undefined {
  const env = agent.makeEnvironment();
  if (env instanceof AutoscalingEnv) return featureNames(env.settings);
  if (env instanceof QueueingControlEnv) return [...QUEUEING_CONTROL_FEATURES];
  if (env instanceof LoadBalanceEnv) return serverNames(env);
  return undefined;
}

/** What a balancer sees, server by server. */
function serverNames({ settings, observationSpace }: LoadBalanceEnv): string[] {
  const { observation, oracle, observationUnits } = settings;
  const features = serverFeatures(observation, { oracle }).map(
    ({ name, unit }) => {
      const scale = observationUnits[unit] ?? 1;
      return `${name} (${scale === 1 ? "" : `${scale} `}${unit})`;
    },
  );
  return Array.from(
    { length: spaceSize(observationSpace) },
    (_, place) => {
      const server = Math.floor(place / features.length);
      return `server ${server}: ${features[place % features.length]}`;
    },
  );
}

/**
 * The changes in instances that actions stand for; undefined where no service
 * is scaled.
 *
 * @param agent Any.
 */
export function actionChanges(
  agent: Pick<LoadedAgent, "makeEnvironment">,
): readonly number[] | undefined {
  const env = agent.makeEnvironment();
  return env instanceof AutoscalingEnv ? env.settings.actionDeltas : undefined;
}

/**
 * How an agent's actions are written.
 *
 * @param agent Gives the changes that actions stand for.
 */
export function actionWriter(
  agent: LoadedAgent,
): (action: SpaceValue) => ActionRecord {
  const deltas = actionChanges(agent) ?? [];
  return (action) => {
    if (typeof action !== "number") return { action: [...action] };
    const change = deltas[action];
    return change === undefined ? { action } : { action, change };
  };
}

/**
 * What a model says of itself, a line each.
 *
 * @param agent Any.
 */
export function describeModel(agent: LoadedAgent): string[] {
  const { config, archive } = agent;
  const names = observationNames(agent);
  return [
    `name          ${config.name}`,
    `agent         ${config.agent}`,
    `environment   ${config.environment.id} ${
      short(config.environment.options)
    }`,
    `trained       ${config.timesteps} steps, seed ${config.seed}, on ${config.device}`,
    `settings      ${short(config.settings)}`,
    `written by    Loadstar ${archive.versions.loadstar}, format ${archive.versions.format}`,
    `actions       ${config.actionSpace}`,
    `observations  ${config.observationSpace}`,
    ...names?.map((name, i) => `${String(i).padStart(12)}  ${name}`) ?? [],
  ];
}

/** JSON in which long arrays, such as recorded loads, are only counted. */
function short(value: unknown): string {
  return JSON.stringify(
    value,
    (_, item) =>
      Array.isArray(item) && item.length > 16 ? `${item.length} values` : item,
  );
}
