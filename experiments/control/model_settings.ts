/**
 * The load-balancing system that a model was trained for.
 *
 * @module
 */
import type { LoadedAgent } from "../../agents/model.ts";
import type {
  LoadBalanceSettings,
  MultiAgentLoadBalanceOptions,
} from "../../envs/load_balancing/env_options.ts";
import {
  loadBalanceSettings,
  multiAgentSettings,
} from "../../envs/load_balancing/env_settings.ts";
import {
  loadBalanceOptions,
  multiAgentLoadBalanceOptions,
} from "../../envs/load_balancing/env_spec.ts";

export type { LoadBalanceSettings, LoadedAgent, MultiAgentLoadBalanceOptions };

/**
 * The settings of a model's environment.
 *
 * @param agent Throws `TypeError` where it steers something else.
 * @param changes Options that replace the model's.
 */
export function modelSettings(
  agent: LoadedAgent,
  changes: MultiAgentLoadBalanceOptions = {},
): LoadBalanceSettings {
  const { id, options } = agent.config.environment;
  switch (id) {
    case "LoadBalance-v1":
      return loadBalanceSettings({
        ...loadBalanceOptions(options),
        ...changes,
      });
    case "MultiAgentLoadBalance-v1":
      return multiAgentSettings({
        ...multiAgentLoadBalanceOptions(options),
        ...changes,
      });
  }
  throw new TypeError(
    `Cannot balance load with a model of ${id}, expected one of LoadBalance-v1 or MultiAgentLoadBalance-v1`,
  );
}
