/**
 * Which system a data plane simulates.
 *
 * @module
 */
import type { LoadedAgent } from "../../agents/model.ts";
import type { LoadBalanceSettings } from "../../envs/load_balancing/env_options.ts";
import {
  loadBalanceSettings,
  multiAgentSettings,
} from "../../envs/load_balancing/env_settings.ts";
import {
  type JsonRecord,
  loadBalanceOptions,
} from "../../envs/load_balancing/env_spec.ts";
import { modelSettings } from "./model_settings.ts";

export type { JsonRecord, LoadBalanceSettings, LoadedAgent };

/** What of the system is asked for. */
export interface PlaneOptions {
  /** Its environment is played, changed by what else is given. */
  agent?: LoadedAgent;
  /** Set-up. Default "seed". */
  preset?: "seed" | "moderate";
  /** Servers of all balancers. */
  numServers?: number;
  /** Balancers. Default 1, or as the agent has them. */
  numAgents?: number;
  /** Whether balancers share servers. */
  sharing?: "groups" | "all";
  /** What arrives, from `trafficSpec`; traces are played from their start. */
  traffic?: JsonRecord | string;
  /** Work that comes a second over the capacity. */
  load?: number;
  /** Simulated seconds; undefined for ever. */
  durationSeconds?: number;
}

function given<T extends Record<string, unknown>>(options: T): Partial<T> {
  const entries = Object.entries(options).filter(([, value]) =>
    value !== undefined
  );
  return Object.fromEntries(entries) as Partial<T>;
}

/**
 * The system's settings. Throws as the environments do for options that
 * contradict one another, for loads from 1 without an end, and `TypeError` for
 * an agent that steers something else.
 *
 * @param options What is asked for.
 */
export function planeSettings(options: PlaneOptions): LoadBalanceSettings {
  const { agent, durationSeconds = Infinity, numAgents, traffic, ...rest } =
    options;
  const played = traffic === undefined || typeof traffic === "string"
    ? traffic
    : { ...traffic, start: "first" };
  const changes = {
    ...given(rest),
    ...played && { traffic: loadBalanceOptions({ traffic: played }).traffic },
    episodeSeconds: durationSeconds,
  };
  if (agent !== undefined) {
    return modelSettings(agent, { ...changes, ...given({ numAgents }) });
  }
  return numAgents === undefined || numAgents === 1
    ? loadBalanceSettings(changes)
    : multiAgentSettings({ ...changes, numAgents });
}

/**
 * Names of the regions of a data plane.
 *
 * @param name The one region's, or what they begin with.
 * @param count How many there are.
 */
export function regionNames(name: string, count: number): string[] {
  return count === 1
    ? [name]
    : Array.from({ length: count }, (_, i) => `${name}_${i}`);
}
