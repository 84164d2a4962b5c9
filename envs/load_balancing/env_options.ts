/**
 * Options of the load-balancing environments.
 *
 * @module
 */
import type { KindName } from "../../ffi/reservoir.ts";
import type { ActionType } from "./actions.ts";
import type { ChooseServer } from "./dispatch.ts";
import type { LoadRange, Traffic, TrafficOptions } from "./env_traffic.ts";
import type { FairnessMetricName } from "./fairness_metrics.ts";
import type { ObservationName, ObservationUnits } from "./observation.ts";
import type { RewardFunction, RewardValues } from "./rewards.ts";
import type { ServerOptions, SimulatorOptions } from "./simulator_options.ts";

export type {
  ActionType,
  ChooseServer,
  FairnessMetricName,
  KindName,
  LoadRange,
  ObservationName,
  ObservationUnits,
  RewardFunction,
  RewardValues,
  ServerOptions,
  SimulatorOptions,
  Traffic,
  TrafficOptions,
};

/** How flows are sampled for observations and rewards. */
export interface SamplingOptions {
  /** Samples kept of each metric of each server. Default 128. */
  readonly size?: number;
  /** Which are kept. Default "biased": recent ones, the paper's. */
  readonly kind?: KindName;
  /** Probability that a sample enters a biased reservoir. Default 1. */
  readonly probability?: number;
  /** Weight of a sample per second of its age. Default 0.9. */
  readonly discount?: number;
  /** From 0 to 100. Default 90. */
  readonly percentile?: number;
  /** As for `FeatureOptions`. Default "ignored"; the original's is "zeros". */
  readonly emptySlots?: "ignored" | "zeros";
  /** Whether Rust computes the features. Default: where it is built. */
  readonly native?: boolean;
}

/** What of the simulator's options is passed on. */
export type NetworkOptions = Pick<
  SimulatorOptions,
  | "clientHop"
  | "serverHop"
  | "refusalDelay"
  | "clientTimeout"
  | "cancelOnTimeout"
  | "outages"
  | "detectionDelay"
>;

/** Options of `LoadBalanceEnv`. */
export interface LoadBalanceOptions extends NetworkOptions {
  /**
   * What the other defaults are. `seed`: 16 servers of 2 and 4 cores in turn,
   * Poisson traffic at a load of 0.85. `moderate`: the smaller set-up of Yao
   * et al., CIKM 2022: 4 servers of 2 cores and 3 of 4, Wikipedia-like traffic
   * at a load between 0.8 and 0.95, drawn for each episode. Default "seed".
   */
  readonly preset?: "seed" | "moderate";
  /** Number of servers. Default 16, or 7 in the moderate set-up. */
  readonly numServers?: number;
  /**
   * The servers. Default: the preset's, each with 32 workers and a backlog of
   * 128 as an Apache server has.
   */
  readonly servers?: readonly ServerOptions[];
  /** Length of a step. Default 0.25 s. */
  readonly stepSeconds?: number;
  /**
   * Length of an episode, rounded up to whole steps. Infinity: episodes do not
   * end. Default 60 s.
   */
  readonly episodeSeconds?: number;
  /** Traffic under base weights before an episode begins. Default 0 s. */
  readonly warmUpSeconds?: number;
  /** What arrives, or its type alone. Default: the preset's. */
  readonly traffic?: TrafficOptions | "poisson" | "wiki";
  /**
   * Work that comes a second over the servers' capacity, where the traffic has
   * no rate. Default: the preset's; recorded traffic comes as recorded.
   */
  readonly load?: LoadRange;
  /** What agents do. Default "discrete". */
  readonly actionType?: ActionType;
  /** Whether `discrete` has "all equal" as its last action. Default false. */
  readonly equalAction?: boolean;
  /** Levels of `weightLevels`. Default 1, 1.2, 1.4, 1.6, 1.8, 2. */
  readonly weightLevels?: readonly number[];
  /** Bounds of `continuous`. Default 0.1 to 10. */
  readonly weightRange?: { readonly low: number; readonly high: number };
  /**
   * What actions multiply: equal weights, or the servers' capacities. Default
   * "equal": an agent has to find out who is fast.
   */
  readonly baseWeights?: "equal" | "capacity";
  /** What agents see. Default "seed". */
  readonly observation?: ObservationName;
  /** What one unit of it is. Default: one flow, one second. */
  readonly observationUnits?: ObservationUnits;
  /** Whether what only servers know is seen too. Default false. */
  readonly oracle?: boolean;
  /** Fairness by name, or a function of your own. Default "product". */
  readonly rewardMetric?: FairnessMetricName | RewardFunction;
  /** What it judges. Default "duration", as in the paper. */
  readonly rewardOn?: RewardValues;
  /** Share of the latest values in the moving average. Default 0.9. */
  readonly latestShare?: number;
  /** Scale of `var_exp` and `max_exp`. Default 10,000. */
  readonly exponentScale?: number;
  /** How flows are sampled. */
  readonly sampling?: SamplingOptions;
  /** Looks a second at each flow that is on. Default 10. */
  readonly sampleRate?: number;
  /** Dispatch. Default: least (flows on + 1) / weight. */
  readonly choose?: ChooseServer;
}

/** Options of `MultiAgentLoadBalanceEnv`. */
export interface MultiAgentLoadBalanceOptions extends LoadBalanceOptions {
  /** Number of balancers. Default 4, or 2 in the moderate set-up. */
  readonly numAgents?: number;
  /** Servers of each, where they do not share. Default 4. */
  readonly serversPerAgent?: number;
  /**
   * `groups`: each balancer has servers of its own, the first agent the first.
   * `all`: all share all. Default "groups", or "all" in the moderate set-up.
   */
  readonly sharing?: "groups" | "all";
  /**
   * What `state` holds: all observations, or what the servers know as well.
   * Default "observations".
   */
  readonly stateView?: "observations" | "oracle";
}

/** Options with every default filled in. */
export interface LoadBalanceSettings extends NetworkOptions {
  /** The servers. */
  readonly servers: readonly ServerOptions[];
  /** Servers of each agent. */
  readonly groups: readonly (readonly number[])[];
  /** Length of a step in seconds. */
  readonly stepSeconds: number;
  /** Steps of an episode; may be Infinity. */
  readonly episodeSteps: number;
  /** Seconds before an episode begins. */
  readonly warmUpSeconds: number;
  /** What arrives. */
  readonly traffic: Traffic;
  /** What agents do. */
  readonly actionType: ActionType;
  /** Whether there is an action for equal weights. */
  readonly equalAction: boolean;
  /** Levels of weights. */
  readonly weightLevels: readonly number[];
  /** Bounds of weights. */
  readonly weightRange: { readonly low: number; readonly high: number };
  /** What actions multiply, shape [servers]. */
  readonly baseWeights: Float64Array;
  /** Work that each server does a second, shape [servers]. */
  readonly capacities: Float64Array;
  /** What agents see. */
  readonly observation: ObservationName;
  /** What one unit of it is. */
  readonly observationUnits: ObservationUnits;
  /** Whether what only servers know is seen too. */
  readonly oracle: boolean;
  /** Fairness by name, or a function. */
  readonly rewardMetric: FairnessMetricName | RewardFunction;
  /** What it judges. */
  readonly rewardOn: RewardValues;
  /** Share of the latest values in the moving average. */
  readonly latestShare: number;
  /** Scale of exponential metrics. */
  readonly exponentScale: number | undefined;
  /** How flows are sampled. */
  readonly sampling: SamplingOptions;
  /** Looks a second at each flow. */
  readonly sampleRate: number;
  /** Dispatch; undefined for the simulator's own. */
  readonly choose: ChooseServer | undefined;
}
