/**
 * Options of the load-balancing environments from JSON, as models record them.
 *
 * @module
 */
import { nearestName } from "../../core/nearest_name.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import type {
  LoadBalanceOptions,
  MultiAgentLoadBalanceOptions,
} from "./env_options.ts";

export type { JsonRecord, LoadBalanceOptions, MultiAgentLoadBalanceOptions };

/** Options that are functions have no place in a file. */
type PlainOptions = Omit<LoadBalanceOptions, "choose">;
type TeamOptions = Omit<
  MultiAgentLoadBalanceOptions,
  keyof LoadBalanceOptions
>;

const PLAIN: Record<keyof PlainOptions, true> = {
  preset: true,
  numServers: true,
  servers: true,
  stepSeconds: true,
  episodeSeconds: true,
  warmUpSeconds: true,
  traffic: true,
  load: true,
  actionType: true,
  equalAction: true,
  weightLevels: true,
  weightRange: true,
  baseWeights: true,
  observation: true,
  observationUnits: true,
  oracle: true,
  rewardMetric: true,
  rewardOn: true,
  latestShare: true,
  exponentScale: true,
  sampling: true,
  sampleRate: true,
  clientHop: true,
  serverHop: true,
  refusalDelay: true,
  clientTimeout: true,
  cancelOnTimeout: true,
  outages: true,
  detectionDelay: true,
};

const TEAM: Record<keyof TeamOptions, true> = {
  numAgents: true,
  serversPerAgent: true,
  sharing: true,
  stateView: true,
};

/** The names of {@linkcode LoadBalanceOptions} that fit into JSON. */
export const LOAD_BALANCE_OPTION_NAMES: readonly string[] = Object.keys(PLAIN);

/** The names that the environment of several agents has beside them. */
export const TEAM_OPTION_NAMES: readonly string[] = Object.keys(TEAM);

function checkNames(options: JsonRecord, names: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    throw new RangeError(
      `Cannot set "${name}" of the load-balancing environment: expected one of ${
        names.join(", ")
      }${nearest ? ` (did you mean ${nearest}?)` : ""}`,
    );
  }
}

/** Numbers of a trace, which JSON has as a list. */
function numbers(trace: JsonRecord, name: string): number[] {
  const values = trace[name];
  if (Array.isArray(values)) return values as number[];
  throw new TypeError(
    `Cannot play the trace ${JSON.stringify(trace.name)}: expected a list as ${
      JSON.stringify(name)
    }, got ${JSON.stringify(values)}`,
  );
}

/** Recorded traffic with typed arrays; other traffic as it is. */
function trafficOf(traffic: JsonRecord): JsonRecord {
  const trace = traffic.trace as JsonRecord | undefined;
  if (traffic.type === "custom") {
    throw new RangeError(
      'Cannot play traffic of type "custom" from a file, expected plain values',
    );
  }
  if (trace === null || typeof trace !== "object") return traffic;
  const floats = (name: string) => Float64Array.from(numbers(trace, name));
  const typed = traffic.type === "recorded"
    ? {
      times: floats("times"),
      work: floats("work"),
      ioWork: floats("ioWork"),
      kinds: Uint8Array.from(numbers(trace, "kinds")),
    }
    : { requests: floats("requests") };
  return { ...traffic, trace: { ...trace, ...typed } } as unknown as JsonRecord;
}

function optionsFrom(
  options: JsonRecord,
  names: readonly string[],
): MultiAgentLoadBalanceOptions {
  checkNames(options, names);
  const { traffic, episodeSeconds } = options;
  const typed = traffic !== null && typeof traffic === "object"
    ? { traffic: trafficOf(traffic as JsonRecord) }
    : {};
  // JSON has no Infinity.
  const endless = episodeSeconds === null ? { episodeSeconds: Infinity } : {};
  return {
    ...options,
    ...typed,
    ...endless,
  } as unknown as MultiAgentLoadBalanceOptions;
}

/**
 * Options of `LoadBalanceEnv` from their JSON. The arrays of recorded traffic
 * stand as lists; `episodeSeconds: null` is Infinity, for which JSON has no
 * number. Functions (`choose`, rewards and traffic of your own) have no JSON.
 *
 * @param options From a spec. Throws `RangeError` for an unknown name.
 */
export function loadBalanceOptions(options: JsonRecord): LoadBalanceOptions {
  return optionsFrom(options, LOAD_BALANCE_OPTION_NAMES);
}

/**
 * Options of `MultiAgentLoadBalanceEnv` from their JSON, as for
 * {@linkcode loadBalanceOptions}.
 *
 * @param options From a spec. Throws `RangeError` for an unknown name.
 */
export function multiAgentLoadBalanceOptions(
  options: JsonRecord,
): MultiAgentLoadBalanceOptions {
  return optionsFrom(options, [
    ...LOAD_BALANCE_OPTION_NAMES,
    ...TEAM_OPTION_NAMES,
  ]);
}
