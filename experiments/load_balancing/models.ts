/**
 * Trained agents as contenders.
 *
 * @module
 */
import { basename, extname } from "@std/path";
import { loadAgent } from "../../agents/model.ts";
import { UsageError } from "../../core/usage_error.ts";
import type { EnvironmentSpec } from "../../envs/registry.ts";
import {
  LOAD_BALANCING_IDS,
  type LoadBalancingContender,
} from "./comparison.ts";

export type { EnvironmentSpec, LoadBalancingContender };

/**
 * A trained agent as a contender, and what it was trained in.
 *
 * @param path The model. Throws a one-line error where it cannot be read, and
 * `UsageError` where it does not balance load.
 */
export async function loadContender(
  path: string,
): Promise<{ contender: LoadBalancingContender; spec: EnvironmentSpec }> {
  const { policy, config } = await loadAgent(path);
  const spec = config.environment;
  if (!LOAD_BALANCING_IDS.includes(spec.id)) {
    throw new UsageError(
      `Cannot balance load with "${path}", a model for ${spec.id}: expected one for ${
        LOAD_BALANCING_IDS.join(" or ")
      }`,
    );
  }
  return {
    contender: { name: basename(path, extname(path)), policies: [policy] },
    spec,
  };
}

/**
 * Several trained agents, for the flows of the first's environment.
 *
 * @param paths The models. Throws `UsageError` where they have other servers,
 * balancers, observations or actions than the first.
 */
export async function loadContenders(
  paths: readonly string[],
): Promise<
  { contenders: LoadBalancingContender[]; spec: EnvironmentSpec }
> {
  const loaded = await Promise.all(paths.map(loadContender));
  const [{ spec }] = loaded;
  const system = systemOf(spec);
  loaded.forEach((each, i) => {
    if (systemOf(each.spec) === system) return;
    throw new UsageError(
      `Cannot compare "${paths[i]}" with "${
        paths[0]
      }": it was trained for other servers, balancers, observations or actions`,
    );
  });
  const names = loaded.map(({ contender }) => contender.name);
  return {
    spec,
    contenders: loaded.map(({ contender }, i) => ({
      ...contender,
      // Two folders may hold models of one name.
      name: names.indexOf(contender.name) === i ? contender.name : paths[i],
    })),
  };
}

/** What has to be alike; traffic, load and rewards may differ. */
function systemOf({ id, options }: EnvironmentSpec): string {
  const { preset, numServers, numAgents, sharing, servers } = options;
  const { actionType, observation, observationUnits, weightLevels } = options;
  return JSON.stringify([
    id,
    preset ?? "seed",
    numServers,
    numAgents,
    sharing,
    servers,
    actionType,
    observation,
    observationUnits,
    weightLevels,
  ]);
}
