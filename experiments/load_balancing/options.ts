/**
 * The load that scripts balance: what their options come to.
 *
 * @module
 */
import {
  choiceOption,
  integerOption,
  numberOption,
  type Option,
  stringOption,
} from "../../core/options.ts";
import { asUsageError, UsageError } from "../../core/usage_error.ts";
import { userPath } from "../../core/paths.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { readTrace } from "../../envs/autoscaling/traces.ts";
import {
  loadBalanceOptions,
  multiAgentLoadBalanceOptions,
} from "../../envs/load_balancing/env_spec.ts";
import { FAIRNESS_METRIC_NAMES } from "../../envs/load_balancing/fairness_metrics.ts";
import { readFlowTrace } from "../../envs/load_balancing/flow_trace_files.ts";
import { LoadBalanceEnv } from "../../envs/load_balancing/load_balance_env.ts";
import { MultiAgentLoadBalanceEnv } from "../../envs/load_balancing/multi_agent_env.ts";
import { REWARD_VALUES } from "../../envs/load_balancing/rewards.ts";
import { type EnvironmentSpec, makeEnvironment } from "../../envs/registry.ts";

export type { EnvironmentSpec, JsonRecord, Option };

/** Options that say which servers and flows there are, by name. */
export type LoadOptions = {
  /** What the other defaults are. */
  preset: Option<"seed" | "moderate">;
  /** Number of servers. */
  "num-servers": Option<number | undefined>;
  /** Number of balancers, each with an agent. */
  "num-agents": Option<number | undefined>;
  /** Whether balancers share servers. */
  sharing: Option<"groups" | "all" | undefined>;
  /** What arrives. */
  "trace-type": Option<string | undefined>;
  /** Work that comes over what can be done. */
  load: Option<number | undefined>;
  /** Length of an episode. */
  "episode-seconds": Option<number>;
};

/** What the options come to. */
export interface LoadValues {
  /** `seed` or `moderate`. */
  preset: "seed" | "moderate";
  /** Number of servers. Default: the preset's. */
  numServers?: number;
  /** Number of balancers. Default: the preset's. */
  numAgents?: number;
  /** Whether balancers share servers. Default: the preset's. */
  sharing?: "groups" | "all";
  /** `poisson`, `wiki` or a file. Default: the preset's. */
  traceType?: string;
  /** Load. Default: the preset's; of a file, as recorded. */
  load?: number;
  /** Seconds of an episode. */
  episodeSeconds: number;
}

/** Options of every script that balances load. */
export const loadOptions: LoadOptions = {
  preset: choiceOption(["seed", "moderate"], {
    description:
      "seed: 16 servers, 4 agents with 4 each, load 0.85. moderate: 7 servers that 2 agents share, load 0.8 to 0.95.",
    default: "seed",
  }),
  "num-servers": integerOption({
    description: "Number of servers. Default: the preset's.",
    minimum: 1,
  }),
  "num-agents": integerOption({
    description: "Number of balancers. Default: the preset's.",
    minimum: 1,
  }),
  sharing: choiceOption(["groups", "all"], {
    description:
      "groups: each balancer has servers of its own. all: they share all. Default: the preset's.",
  }),
  "trace-type": stringOption({
    description:
      "poisson, wiki, or a file of recorded flows (time,work or time,query) or of counts a minute. Default: the preset's.",
    placeholder: "poisson|wiki|FILE",
  }),
  load: numberOption({
    description:
      "Work that comes over what all servers can do. Default: the preset's; of a file, as recorded.",
    minimum: 0,
  }),
  "episode-seconds": numberOption({
    description: "Length of an episode.",
    default: 60,
    minimum: 0.25,
    unit: "s",
  }),
};

/** Options of what agents do, see and earn, by name. */
export type AgentViewOptions = {
  /** What an agent does. */
  "action-type": Option<"discrete" | "weightLevels" | "continuous">;
  /** What an agent sees of each server. */
  observation: Option<"seed" | "paper">;
  /** What an agent earns. */
  reward: Option<string>;
  /** What its reward judges. */
  "reward-on": Option<"duration" | "completion" | "flows" | "load">;
};

/** What they come to. */
export interface AgentViewValues {
  /** What an agent does. */
  actionType: "discrete" | "weightLevels" | "continuous";
  /** What an agent sees of each server. */
  observation: "seed" | "paper";
  /** What an agent earns. */
  reward: string;
  /** What its reward judges. */
  rewardOn: "duration" | "completion" | "flows" | "load";
}

/** Options of scripts that train agents to balance load. */
export const agentViewOptions: AgentViewOptions = {
  "action-type": choiceOption(["discrete", "weightLevels", "continuous"], {
    description:
      "discrete: doubles one server's weight. weightLevels: a level for each server. continuous: a weight for each (SAC-GRU alone).",
    default: "weightLevels",
  }),
  observation: choiceOption(["seed", "paper"], {
    description: "What is seen of each server: 5 numbers, or the paper's 6.",
    default: "seed",
  }),
  reward: choiceOption(FAIRNESS_METRIC_NAMES, {
    description: "Fairness that agents earn.",
    default: "variance",
  }),
  "reward-on": choiceOption(REWARD_VALUES, {
    description: "What is judged of each server.",
    default: "flows",
  }),
};

/** Observations about 1: networks learn better from these. */
const OBSERVATION_UNITS = { flows: 10, seconds: 0.1 };

/**
 * Traffic as a spec has it.
 *
 * @param traceType `poisson`, `wiki` or a file; undefined for the preset's.
 * Throws `UsageError` where there is no such file, and a one-line error for one
 * that cannot be read.
 */
export async function trafficSpec(
  traceType: string | undefined,
): Promise<JsonRecord | string | undefined> {
  if (traceType === undefined) return undefined;
  if (traceType === "poisson" || traceType === "wiki") return traceType;
  const path = userPath(traceType);
  try {
    await Deno.stat(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UsageError(
      `Cannot play the traffic "${traceType}": expected poisson, wiki, or a file that is there`,
    );
  }
  if (!await hasJobs(path)) {
    const { name, requests, secondsPerSample } = await readTrace(path);
    return {
      type: "counted",
      trace: { name, requests: Array.from(requests), secondsPerSample },
      start: "random",
    };
  }
  const { name, times, work, ioWork, kinds } = await readFlowTrace(path);
  return {
    type: "recorded",
    trace: {
      name,
      times: Array.from(times),
      work: Array.from(work),
      ioWork: Array.from(ioWork),
      kinds: Array.from(kinds),
    },
    start: "random",
  };
}

const HEADER_BYTES = 4096;

/** The first bytes of a file, unpacked where it is packed with gzip. */
async function firstBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  const buffer = new Uint8Array(HEADER_BYTES);
  const bytes = buffer.subarray(0, await file.read(buffer) ?? 0);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const reader = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    const { value } = await reader.read();
    return new Uint8Array(value ?? []);
  } catch {
    // Damaged, which whoever reads the whole file says better.
    return new Uint8Array();
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Whether a file's header names single jobs. */
async function hasJobs(path: string): Promise<boolean> {
  const [header] = new TextDecoder().decode(await firstBytes(path))
    .split(/\r?\n/);
  const names = header.toLowerCase().split(/[\t,;]/).map((name) => name.trim());
  return names.includes("work") || names.includes("query");
}

/**
 * The environment that options ask for.
 *
 * @param values Servers and flows.
 * @param agents What agents do, see and earn; one agent or a team. Throws
 * `UsageError` where the values do not fit together, and a one-line error for
 * a trace that cannot be read.
 */
export async function loadBalancingSpec(
  values: LoadValues,
  agents: AgentViewValues & { single: boolean },
): Promise<EnvironmentSpec> {
  const { preset, numServers, numAgents, sharing, load } = values;
  const traffic = await trafficSpec(values.traceType);
  const { actionType, observation, reward, rewardOn, single } = agents;
  if (single && numAgents !== undefined && numAgents !== 1) {
    throw new UsageError(
      `Cannot give ${numAgents} balancers to one agent of its own, expected 1`,
    );
  }
  const options: JsonRecord = {
    preset,
    ...numServers !== undefined && { numServers },
    ...!single && numAgents !== undefined && { numAgents },
    ...!single && sharing !== undefined && { sharing },
    ...traffic !== undefined && { traffic },
    ...load !== undefined && { load },
    episodeSeconds: values.episodeSeconds,
    actionType,
    observation,
    observationUnits: OBSERVATION_UNITS,
    rewardMetric: reward,
    rewardOn,
  };
  const spec = {
    id: single ? "LoadBalance-v1" : "MultiAgentLoadBalance-v1",
    options,
  };
  // Says what does not fit before anything is trained.
  asUsageError(() => makeEnvironment(spec));
  return spec;
}

/** Options that change a model's environment, by name. */
export type ChangeOptions =
  & Pick<
    LoadOptions,
    "num-servers" | "trace-type" | "load"
  >
  & {
    /** Length of an episode. */
    "episode-seconds": Option<number | undefined>;
  };

/** Options of scripts that test a model in other traffic. */
export const changeOptions: ChangeOptions = {
  "num-servers": integerOption({
    description: "Number of servers, which has to be the model's.",
    minimum: 1,
  }),
  "trace-type": stringOption({
    description:
      "Other traffic: poisson, wiki, or a file. Default: what it was trained with.",
    placeholder: "poisson|wiki|FILE",
  }),
  load: numberOption({
    description: "Another load. Default: what it was trained with.",
    minimum: 0,
  }),
  "episode-seconds": numberOption({
    description: "Another length of an episode.",
    minimum: 0.25,
    unit: "s",
  }),
};

/**
 * A model's environment with other traffic.
 *
 * @param spec The model's. Throws `UsageError` where another number of servers
 * is asked for, and where the values make no sense.
 * @param values What is changed.
 */
export async function changedSpec(
  spec: EnvironmentSpec,
  values: Partial<
    Pick<LoadValues, "numServers" | "traceType" | "load" | "episodeSeconds">
  >,
): Promise<EnvironmentSpec> {
  const { numServers, traceType, load, episodeSeconds } = values;
  const changed = {
    ...spec,
    options: {
      ...spec.options,
      ...traceType !== undefined && {
        traffic: await trafficSpec(traceType) as JsonRecord | string,
      },
      ...load !== undefined && { load },
      ...episodeSeconds !== undefined && { episodeSeconds },
    },
  };
  const trained = asUsageError(() => serversOf(changed));
  if (numServers !== undefined && numServers !== trained) {
    throw new UsageError(
      `Cannot balance load over ${numServers} servers with a model for ${trained}: expected as many, or a model that was trained for them`,
    );
  }
  return changed;
}

/** How many servers the environment of a spec has. */
function serversOf(spec: EnvironmentSpec): number {
  const { options } = spec;
  const { settings } = spec.id === "LoadBalance-v1"
    ? new LoadBalanceEnv(loadBalanceOptions(options))
    : new MultiAgentLoadBalanceEnv(multiAgentLoadBalanceOptions(options));
  return settings.servers.length;
}
