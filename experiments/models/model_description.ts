/**
 * What a model sees and does, in words.
 *
 * @module
 */
import type { LoadedAgent } from "../../agents/model.ts";
import type { SpaceValue } from "../../core/spaces.ts";
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
  const { observationNames } = agent.makeEnvironment();
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
    ...observationNames?.map((name, i) =>
      `${String(i).padStart(12)}  ${name}`
    ) ?? [],
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
