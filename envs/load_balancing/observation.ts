/**
 * What a balancer's agent sees of each server.
 *
 * @module
 */
import { FEATURE_NAMES, type Features } from "../../ffi/reservoir_features.ts";
import { type Box, box } from "../../core/spaces.ts";

export type { Box, Features };

/** The observations there are. */
export const OBSERVATION_NAMES = ["seed", "paper"] as const;

/** Five numbers a server, or the six of Yao et al., CIKM 2022. */
export type ObservationName = typeof OBSERVATION_NAMES[number];

/** What balancers sample of each server. */
export type FlowMetric = "flow_duration" | "fct";

/** One number of an observation. */
export interface ServerFeature {
  /** What it is, such as `completionMean`. */
  readonly name: string;
  /** Its unit. */
  readonly unit: "flows" | "seconds";
  /** The metric that it is about; undefined for the balancer's own count. */
  readonly metric?: FlowMetric;
  /** Which feature of that metric's reservoir. */
  readonly feature?: keyof Features;
}

const FLOWS_ON: ServerFeature = { name: "flowsOn", unit: "flows" };

function sampled(
  name: string,
  metric: FlowMetric,
  feature: keyof Features,
): ServerFeature {
  return { name, unit: "seconds", metric, feature };
}

const SERVER_FEATURES: Record<ObservationName, readonly ServerFeature[]> = {
  seed: [
    FLOWS_ON,
    sampled("completionMean", "fct", "mean"),
    sampled("completionPercentile", "fct", "percentile"),
    sampled("durationMean", "flow_duration", "mean"),
    sampled("durationPercentile", "flow_duration", "percentile"),
  ],
  paper: [
    FLOWS_ON,
    sampled("durationMean", "flow_duration", "mean"),
    sampled("durationPercentile", "flow_duration", "percentile"),
    sampled("durationDeviation", "flow_duration", "standardDeviation"),
    sampled("durationDiscountedMean", "flow_duration", "discountedMean"),
    sampled(
      "durationDiscountedPercentile",
      "flow_duration",
      "discountedPercentile",
    ),
  ],
};

const ORACLE_FEATURES: readonly ServerFeature[] = [
  { name: "flowsInside", unit: "flows" },
  { name: "remainingWork", unit: "seconds" },
];

/**
 * The numbers that are seen of each server, in their order.
 *
 * @param observation Which observation. Throws `RangeError` for an unknown
 * one.
 * @param options Whether what only servers know is seen too.
 */
export function serverFeatures(
  observation: ObservationName,
  options: { oracle?: boolean } = {},
): readonly ServerFeature[] {
  if (!OBSERVATION_NAMES.includes(observation)) {
    throw new RangeError(
      `Cannot observe ${JSON.stringify(observation)}, expected one of ${
        OBSERVATION_NAMES.join(", ")
      }`,
    );
  }
  const features = SERVER_FEATURES[observation];
  return options.oracle ? [...features, ...ORACLE_FEATURES] : features;
}

/** What one unit of an observation is. */
export interface ObservationUnits {
  /** Flows. Default 1. */
  readonly flows?: number;
  /** Seconds. Default 1. */
  readonly seconds?: number;
}

/**
 * What each number of an observation is, with its unit.
 *
 * @param servers Numbers of the agent's servers.
 * @param options Which observation, and what one unit of it is.
 */
export function observationNames(
  servers: readonly number[],
  options: {
    observation: ObservationName;
    oracle: boolean;
    observationUnits: ObservationUnits;
  },
): string[] {
  const { observation, observationUnits } = options;
  const features = serverFeatures(observation, options).map(
    ({ name, unit }) => {
      const scale = observationUnits[unit] ?? 1;
      return `${name} (${scale === 1 ? "" : `${scale} `}${unit})`;
    },
  );
  return servers.flatMap((server) =>
    features.map((feature) => `server ${server}: ${feature}`)
  );
}

/** What is written into an observation. All are live views. */
export interface ServerViews {
  /** The agent's servers. */
  readonly servers: Int32Array;
  /** Flows on, sent by the agent's balancer: shape [all servers]. */
  readonly counts: Int32Array;
  /** Features of all reservoirs: shape [rows, metrics, features]. */
  readonly features: Float64Array;
  /** Row of the agent's first server. */
  readonly firstRow: number;
  /** What only the servers know. */
  readonly oracle: {
    readonly inside: Int32Array;
    remainingWork(server: number): number;
  };
}

/** Writes observations. */
export interface ObservationWriter {
  /** Where they lie. */
  readonly space: Box;
  /** Numbers of an observation. */
  readonly size: number;
  /**
   * Writes one.
   *
   * @param views What there is to see.
   * @param into Written from `offset` on.
   * @param offset Place of the first number.
   */
  write(views: ServerViews, into: Float32Array, offset: number): void;
}

/** What {@linkcode createObservation} needs. */
export interface ObservationOptions {
  /** Which observation. */
  observation: ObservationName;
  /** What the reservoirs sample, in their order. */
  metrics: readonly FlowMetric[];
  /** Whether what only servers know is seen too. */
  oracle: boolean;
  /** What one unit is. */
  units: ObservationUnits;
}

function checkedUnit(name: string, unit: number): number {
  if (unit > 0 && unit < Infinity) return unit;
  throw new RangeError(
    `Cannot observe ${name} in units of ${unit}, expected a finite number above 0`,
  );
}

/**
 * The observation of an agent with some servers: the numbers of the first,
 * then those of the second, and so on. All are from 0; a server of which
 * nothing was sampled has 0.
 *
 * @param servers How many.
 * @param options Which observation. Throws `RangeError` for an unknown one,
 * and for units that are not above 0.
 */
export function createObservation(
  servers: number,
  options: ObservationOptions,
): ObservationWriter {
  const { observation, metrics, oracle } = options;
  const { flows = 1, seconds = 1 } = options.units;
  const features = serverFeatures(observation);
  const perFlows = 1 / checkedUnit("flows", flows);
  const perSeconds = 1 / checkedUnit("seconds", seconds);
  const rowLength = metrics.length * FEATURE_NAMES.length;
  const places = features.slice(1).map(({ metric, feature }) =>
    metrics.indexOf(metric!) * FEATURE_NAMES.length +
    FEATURE_NAMES.indexOf(feature!)
  );
  const size = servers * serverFeatures(observation, { oracle }).length;
  return {
    space: box(0, Infinity, { shape: [size] }),
    size,
    write(views, into, offset): void {
      let place = offset;
      for (let i = 0; i < servers; i++) {
        const server = views.servers[i];
        const row = (views.firstRow + i) * rowLength;
        into[place++] = views.counts[server] * perFlows;
        for (let k = 0; k < places.length; k++) {
          const value = views.features[row + places[k]];
          into[place++] = value === value ? value * perSeconds : 0;
        }
        if (oracle) {
          const { inside } = views.oracle;
          into[place++] = inside[server] * perFlows;
          into[place++] = views.oracle.remainingWork(server) * perSeconds;
        }
      }
    },
  };
}

/**
 * What has to be sampled for an observation: as few metrics as do.
 *
 * @param observation Which observation.
 * @param others Metrics that are needed for other reasons.
 */
export function sampledMetrics(
  observation: ObservationName,
  others: readonly FlowMetric[] = [],
): FlowMetric[] {
  const needed = new Set<FlowMetric | undefined>(others);
  for (const { metric } of serverFeatures(observation)) needed.add(metric);
  return (["flow_duration", "fct"] as const).filter((name) => needed.has(name));
}
