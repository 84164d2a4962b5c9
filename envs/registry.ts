/**
 * Environments by name, as models and scripts name them.
 *
 * @module
 */
import type { JsonRecord, JsonValue } from "../core/state_json.ts";
import { nearestName } from "../core/nearest_name.ts";
import { ARENA_IDS, makeArena } from "./arena/registry.ts";
import { AutoscalingEnv } from "./autoscaling/autoscaling_env.ts";
import { AutoscalingVectorEnv } from "./autoscaling/autoscaling_vector_env.ts";
import {
  AUTOSCALING_OPTION_NAMES,
  type AutoscalingOptions,
} from "./autoscaling/options.ts";
import { recordedPattern } from "./autoscaling/patterns.ts";
import type { Environment, VectorEnvironment } from "./environment.ts";
import { jointEnvironment } from "./joint_environment.ts";
import {
  loadBalanceOptions,
  multiAgentLoadBalanceOptions,
} from "./load_balancing/env_spec.ts";
import { LoadBalanceEnv } from "./load_balancing/load_balance_env.ts";
import { loadBalanceVector } from "./load_balancing/load_balance_vector_env.ts";
import { MultiAgentLoadBalanceEnv } from "./load_balancing/multi_agent_env.ts";
import type { MultiAgentEnvironment } from "./multi_agent.ts";
import { QueueingControlEnv } from "./queueing/control_env.ts";
import { queueingControlOptions } from "./queueing/control_options.ts";
import { matrixGame, type MatrixGameOptions } from "./reference/matrix_game.ts";
import {
  makeReferenceEnvironment,
  makeReferenceVectorEnvironment,
  REFERENCE_ENVIRONMENTS,
} from "./reference/registry.ts";
import { twoStepGame } from "./reference/two_step_game.ts";
import { sdnOptions } from "./sdn/env_spec.ts";
import { SDNEnv } from "./sdn/sdn_env.ts";
import { sdnVector } from "./sdn/sdn_vector_env.ts";
import { vectorize } from "./vector.ts";

/** All that is needed to make an environment again, as JSON. */
export type EnvironmentSpec = {
  /** Name and version, such as `Autoscaling-v1`. */
  readonly id: string;
  /**
   * The environment's options. A recorded load stands as `pattern: { name,
   * requests }`, the arrays of recorded flows as lists.
   */
  readonly options: JsonRecord;
};

/** The names of environments of several agents. */
export const MULTI_AGENT_ENVIRONMENT_IDS: readonly string[] = [
  "MatrixGame-v1",
  "MultiAgentLoadBalance-v1",
  "TwoStepGame-v1",
];

/** The names that specs may have. */
export const ENVIRONMENT_IDS: readonly string[] = [
  "Autoscaling-v1",
  "LoadBalance-v1",
  "QueueingControl-v1",
  "SDN-v1",
  ...MULTI_AGENT_ENVIRONMENT_IDS,
  ...ARENA_IDS,
  ...REFERENCE_ENVIRONMENTS,
];

/**
 * Options of an autoscaling environment from their JSON.
 *
 * @param options From a spec.
 */
export function autoscalingOptions(options: JsonRecord): AutoscalingOptions {
  for (const name of Object.keys(options)) {
    if (AUTOSCALING_OPTION_NAMES.includes(name)) continue;
    const nearest = nearestName(name, AUTOSCALING_OPTION_NAMES);
    throw new RangeError(
      `Cannot set "${name}" of the autoscaling environment: expected one of ${
        AUTOSCALING_OPTION_NAMES.join(", ")
      }${nearest ? ` (did you mean ${nearest}?)` : ""}`,
    );
  }
  const pattern = options.pattern as JsonValue | undefined;
  if (pattern === undefined || typeof pattern === "string") {
    return options as AutoscalingOptions;
  }
  if (pattern === null || typeof pattern !== "object") {
    throw new TypeError(
      `Cannot play the load pattern ${
        JSON.stringify(pattern)
      }: expected a name, or a trace with its requests`,
    );
  }
  const { name, requests } = pattern as { name: string; requests: number[] };
  if (!Array.isArray(requests)) {
    throw new TypeError(
      `Cannot play the trace "${name}": expected a list of its requests, got ${
        JSON.stringify(requests)
      }`,
    );
  }
  return { ...options, pattern: recordedPattern(name, requests) };
}

function checkId(id: string): void {
  if (ENVIRONMENT_IDS.includes(id)) return;
  const nearest = nearestName(id, ENVIRONMENT_IDS);
  throw new RangeError(
    `Cannot make the environment "${id}": expected one of ${
      ENVIRONMENT_IDS.join(", ")
    }${nearest ? ` (did you mean ${nearest}?)` : ""}`,
  );
}

/**
 * An environment of several agents. Throws `RangeError` for a name that is
 * none's.
 *
 * @param spec Name, of {@linkcode MULTI_AGENT_ENVIRONMENT_IDS}, and options.
 */
export function makeMultiAgentEnvironment(
  spec: EnvironmentSpec,
): MultiAgentEnvironment<Float32Array> {
  switch (spec.id) {
    case "MatrixGame-v1":
      return matrixGame(spec.options as MatrixGameOptions);
    case "MultiAgentLoadBalance-v1":
      return new MultiAgentLoadBalanceEnv(
        multiAgentLoadBalanceOptions(spec.options),
      );
    case "TwoStepGame-v1":
      return twoStepGame();
  }
  throw new RangeError(
    `Cannot make the environment "${spec.id}" of several agents: expected one of ${
      MULTI_AGENT_ENVIRONMENT_IDS.join(", ")
    }`,
  );
}

/**
 * A single environment; one of several agents as their `jointEnvironment`.
 * Throws `RangeError` for an unknown name.
 *
 * @param spec Name and options.
 */
export function makeEnvironment(spec: EnvironmentSpec): Environment {
  checkId(spec.id);
  if (MULTI_AGENT_ENVIRONMENT_IDS.includes(spec.id)) {
    return jointEnvironment(makeMultiAgentEnvironment(spec));
  }
  if (ARENA_IDS.includes(spec.id)) return makeArena(spec.id, spec.options);
  switch (spec.id) {
    case "Autoscaling-v1":
      return new AutoscalingEnv(autoscalingOptions(spec.options));
    case "LoadBalance-v1":
      return new LoadBalanceEnv(loadBalanceOptions(spec.options));
    case "QueueingControl-v1":
      return new QueueingControlEnv(queueingControlOptions(spec.options));
    case "SDN-v1":
      return new SDNEnv(sdnOptions(spec.options));
  }
  return makeReferenceEnvironment(spec.id);
}

/**
 * Copies of an environment, stepped together. Throws `RangeError` for an
 * unknown name.
 *
 * @param spec Name and options.
 * @param count Number of copies.
 */
export function makeVectorEnvironment(
  spec: EnvironmentSpec,
  count: number,
): VectorEnvironment {
  checkId(spec.id);
  if ([...MULTI_AGENT_ENVIRONMENT_IDS, ...ARENA_IDS].includes(spec.id)) {
    return vectorize(() => makeEnvironment(spec), count);
  }
  switch (spec.id) {
    case "Autoscaling-v1":
      return new AutoscalingVectorEnv(autoscalingOptions(spec.options), count);
    case "LoadBalance-v1":
      return loadBalanceVector(loadBalanceOptions(spec.options), count);
    case "QueueingControl-v1":
      return vectorize(() => makeEnvironment(spec), count);
    case "SDN-v1":
      return sdnVector(sdnOptions(spec.options), count);
  }
  return makeReferenceVectorEnvironment(spec.id, count);
}
