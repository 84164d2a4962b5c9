/**
 * Options of the load-balancing environments, checked, with defaults.
 *
 * @module
 */
import { ACTION_TYPES } from "./actions.ts";
import type {
  LoadBalanceOptions,
  LoadBalanceSettings,
  MultiAgentLoadBalanceOptions,
  ServerOptions,
} from "./env_options.ts";
import {
  createTraffic,
  type Traffic,
  type TrafficOptions,
} from "./env_traffic.ts";
import { capacityOf } from "./load.ts";
import { REWARD_VALUES } from "./rewards.ts";

export type {
  LoadBalanceOptions,
  LoadBalanceSettings,
  MultiAgentLoadBalanceOptions,
  ServerOptions,
};

/** The paper's levels: 1 to 2 in steps of 0.2. */
const PAPER_LEVELS = [1, 1.2, 1.4, 1.6, 1.8, 2];

/** Workers and backlog of the paper's Apache servers. */
const APACHE = { discipline: "lps", workers: 32, maximumFlows: 160 } as const;

const PRESETS = {
  seed: {
    coresOf: (server: number) => server % 2 === 0 ? 2 : 4,
    numServers: 16,
    traffic: "poisson",
    load: 0.85,
  },
  moderate: {
    coresOf: (server: number) => server < 4 ? 2 : 4,
    numServers: 7,
    traffic: "wiki",
    load: { low: 0.8, high: 0.95 },
  },
} as const;

const NETWORK_NAMES = [
  "clientHop",
  "serverHop",
  "refusalDelay",
  "clientTimeout",
  "cancelOnTimeout",
  "outages",
  "detectionDelay",
] as const;

function checkOneOf(
  what: string,
  value: unknown,
  names: readonly string[],
): void {
  if (names.includes(value as string)) return;
  throw new RangeError(
    `Cannot balance load with ${what} ${JSON.stringify(value)}, expected ${
      names.join(", ")
    }`,
  );
}

function checkCount(what: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new RangeError(
    `Cannot balance load with ${value} ${what}, expected a whole number from 1`,
  );
}

function serversOf(options: LoadBalanceOptions): readonly ServerOptions[] {
  const { preset = "seed", servers, numServers } = options;
  if (numServers !== undefined) checkCount("servers", numServers);
  if (servers === undefined) {
    const { coresOf, numServers: usual } = PRESETS[preset];
    return Array.from(
      { length: numServers ?? usual },
      (_, server) => ({ cores: coresOf(server), ...APACHE }),
    );
  }
  if (!Array.isArray(servers)) {
    throw new TypeError(
      `Cannot balance load over servers ${
        JSON.stringify(servers)
      }, expected a list; numServers is how many`,
    );
  }
  checkCount("servers", servers.length);
  if (numServers !== undefined && numServers !== servers.length) {
    throw new RangeError(
      `Cannot balance load over ${numServers} servers of which ${servers.length} are given, expected all of them or none`,
    );
  }
  return servers;
}

function episodeStepsOf(options: LoadBalanceOptions): number {
  const { stepSeconds = 0.25, episodeSeconds = 60, warmUpSeconds = 0 } =
    options;
  if (!(stepSeconds > 0 && stepSeconds < Infinity)) {
    throw new RangeError(
      `Cannot step by ${stepSeconds} s, expected a finite number above 0`,
    );
  }
  if (!(episodeSeconds > 0)) {
    throw new RangeError(
      `Cannot make episodes of ${episodeSeconds} s, expected a number above 0`,
    );
  }
  if (!(warmUpSeconds >= 0 && warmUpSeconds < Infinity)) {
    throw new RangeError(
      `Cannot warm up for ${warmUpSeconds} s, expected a finite number from 0`,
    );
  }
  return Math.ceil(episodeSeconds / stepSeconds - 1e-9);
}

function trafficOf(
  options: LoadBalanceOptions,
  servers: readonly ServerOptions[],
): Traffic {
  const preset = PRESETS[options.preset ?? "seed"];
  const { traffic = preset.traffic, load } = options;
  const given = typeof traffic === "string" ? { type: traffic } : traffic;
  if (given === null || typeof given !== "object") {
    throw new TypeError(
      `Cannot play traffic ${JSON.stringify(given)}, expected options`,
    );
  }
  return createTraffic(given as TrafficOptions, {
    capacity: capacityOf(servers),
    load,
    defaultLoad: preset.load,
  });
}

/** Each balancer gets the same share of the traffic. */
function checkHorizon(settings: LoadBalanceSettings): void {
  const { episodeSteps, traffic, groups, capacities } = settings;
  if (episodeSteps < Infinity || !(traffic.largestLoad > 0)) return;
  const total = capacities.reduce((sum, capacity) => sum + capacity, 0);
  const pools = new Map<string, { capacity: number; balancers: number }>();
  for (const group of groups) {
    const pool = pools.get(group.join()) ?? { capacity: 0, balancers: 0 };
    pool.capacity = group.reduce((sum, i) => sum + capacities[i], 0);
    pool.balancers++;
    pools.set(group.join(), pool);
  }
  for (const [servers, { capacity, balancers }] of pools) {
    const load = traffic.largestLoad * total * balancers / groups.length /
      capacity;
    if (load < 1) continue;
    throw new RangeError(
      `Cannot offer a load of ${load} to servers ${servers} for ever, expected one below 1, or an end of the episode`,
    );
  }
}

/**
 * Options of the environment of one agent, checked, with defaults.
 *
 * @param options Throws `TypeError` for values of another kind and
 * `RangeError` for values outside their range. What only the parts know (the
 * simulator, reservoirs, actions) they check themselves.
 * @param groups Servers of each agent. Default: one agent has all.
 */
export function loadBalanceSettings(
  options: LoadBalanceOptions = {},
  groups?: (servers: number) => readonly (readonly number[])[],
): LoadBalanceSettings {
  const { preset = "seed", rewardMetric = "product", choose } = options;
  checkOneOf("preset", preset, Object.keys(PRESETS));
  const { actionType = "discrete", baseWeights = "equal" } = options;
  const { rewardOn = "duration" } = options;
  checkOneOf("actionType", actionType, ACTION_TYPES);
  checkOneOf("baseWeights", baseWeights, ["equal", "capacity"]);
  checkOneOf("rewardOn", rewardOn, REWARD_VALUES);
  const servers = serversOf(options);
  const capacities = Float64Array.from(
    servers,
    (server) => capacityOf([server]),
  );
  const all = Array.from(servers, (_, server) => server);
  const settings: LoadBalanceSettings = {
    ...Object.fromEntries(
      NETWORK_NAMES.filter((name) => options[name] !== undefined)
        .map((name) => [name, options[name]]),
    ),
    servers,
    groups: groups?.(servers.length) ?? [all],
    stepSeconds: options.stepSeconds ?? 0.25,
    episodeSteps: episodeStepsOf(options),
    warmUpSeconds: options.warmUpSeconds ?? 0,
    traffic: trafficOf(options, servers),
    actionType,
    equalAction: options.equalAction ?? false,
    weightLevels: options.weightLevels ?? PAPER_LEVELS,
    weightRange: options.weightRange ?? { low: 0.1, high: 10 },
    baseWeights: baseWeights === "capacity"
      ? capacities
      : capacities.map(() => 1),
    capacities,
    observation: options.observation ?? "seed",
    observationUnits: options.observationUnits ?? {},
    oracle: options.oracle ?? false,
    rewardMetric,
    rewardOn,
    latestShare: options.latestShare ?? 0.9,
    exponentScale: options.exponentScale,
    sampling: options.sampling ?? {},
    sampleRate: options.sampleRate ?? 10,
    choose,
  };
  checkHorizon(settings);
  return settings;
}

/**
 * Options of the environment of several agents, checked, with defaults.
 *
 * @param options Throws as {@linkcode loadBalanceSettings} does, and for
 * numbers of servers that contradict one another.
 */
export function multiAgentSettings(
  options: MultiAgentLoadBalanceOptions = {},
): LoadBalanceSettings {
  const { preset = "seed" } = options;
  const { sharing = preset === "moderate" ? "all" : "groups" } = options;
  const { numAgents = preset === "moderate" ? 2 : 4 } = options;
  checkOneOf("sharing", sharing, ["groups", "all"]);
  checkOneOf("stateView", options.stateView ?? "observations", [
    "observations",
    "oracle",
  ]);
  checkCount("agents", numAgents);
  if (sharing === "all") {
    if (options.serversPerAgent !== undefined) {
      throw new RangeError(
        `Cannot give ${options.serversPerAgent} servers to each agent where all share all, expected numServers`,
      );
    }
    return loadBalanceSettings(options, (servers) =>
      Array.from(
        { length: numAgents },
        () => Array.from({ length: servers }, (_, server) => server),
      ));
  }
  const wanted = options.numServers ?? options.servers?.length;
  if (wanted !== undefined) checkCount("servers", wanted);
  const { serversPerAgent = wanted === undefined ? 4 : wanted / numAgents } =
    options;
  if (!Number.isSafeInteger(serversPerAgent) || serversPerAgent < 1) {
    throw new RangeError(
      `Cannot give ${serversPerAgent} servers to each of ${numAgents} agents, expected a whole number from 1`,
    );
  }
  const count = numAgents * serversPerAgent;
  if (wanted !== undefined && wanted !== count) {
    throw new RangeError(
      `Cannot share ${wanted} servers among ${numAgents} agents of ${serversPerAgent} each, expected ${count}`,
    );
  }
  return loadBalanceSettings(
    { ...options, numServers: count },
    () =>
      Array.from({ length: numAgents }, (_, agent) =>
        Array.from(
          { length: serversPerAgent },
          (_, i) => agent * serversPerAgent + i,
        )),
  );
}
