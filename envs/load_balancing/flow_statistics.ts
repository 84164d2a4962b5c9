/**
 * What data planes say of their servers in msg_out, and what agents see of it.
 *
 * @module
 */
import { FEATURE_NAMES } from "../../ffi/reservoir_features.ts";
import { STATISTICS_PER_SERVER } from "../../ffi/shared_memory_messages.ts";
import {
  type FlowMetric,
  type ObservationName,
  type ObservationUnits,
  type ServerFeature,
  serverFeatures,
} from "./observation.ts";

export type { FlowMetric, ObservationName, ObservationUnits, ServerFeature };

/** What a data plane samples, in the order of msg_out. */
const METRICS: readonly FlowMetric[] = ["fct", "flow_duration"];

/** The first features of each metric travel, in the order of the features. */
const FEATURES_PER_METRIC = (STATISTICS_PER_SERVER - 1) / METRICS.length;

/** The percentile that travels; of the others nobody tells. */
export const STATISTICS_PERCENTILE = 90;

/**
 * Where in a row of msg_out a feature lies; -1 where it does not travel.
 *
 * @param feature Of `serverFeatures`.
 */
export function statisticsColumn(feature: ServerFeature): number {
  if (feature.name === "flowsOn") return 0;
  if (feature.metric === undefined || feature.feature === undefined) return -1;
  const place = FEATURE_NAMES.indexOf(feature.feature);
  return place < FEATURES_PER_METRIC
    ? 1 + METRICS.indexOf(feature.metric) * FEATURES_PER_METRIC +
      place
    : -1;
}

/** Of the server whose row is written. */
export interface StatisticsRow {
  /** Flows that the server has now. */
  readonly flows: number;
  /** Features of all reservoirs: shape [rows, metrics, features]. */
  readonly features: Float64Array;
  /** What the reservoirs sample, in their order: both metrics. */
  readonly metrics: readonly FlowMetric[];
  /** The server's row among the reservoirs. */
  readonly row: number;
}

/**
 * Writes a server's row of msg_out; 0 where nothing was sampled.
 *
 * @param from What is known of the server.
 * @param into Shape [servers, 11].
 * @param server Which row is written.
 */
export function writeStatisticsRow(
  from: StatisticsRow,
  into: Float32Array,
  server: number,
): void {
  const { flows, features, metrics, row } = from;
  let place = server * STATISTICS_PER_SERVER;
  into[place++] = flows;
  for (let i = 0; i < METRICS.length; i++) {
    const metric = metrics.indexOf(METRICS[i]);
    const first = (row * metrics.length + metric) * FEATURE_NAMES.length;
    for (let feature = 0; feature < FEATURES_PER_METRIC; feature++) {
      const value = features[first + feature];
      into[place++] = value === value ? value : 0;
    }
  }
}

/** Turns rows of msg_out into observations. */
export interface StatisticsObservation {
  /** Numbers of a server. */
  readonly perServer: number;
  /**
   * Writes what an agent sees of a server.
   *
   * @param statistics Shape [servers, 11].
   * @param server Which row is read.
   * @param into Written from `offset` on.
   * @param offset Place of the server's first number.
   */
  write(
    statistics: Float32Array,
    server: number,
    into: Float32Array,
    offset: number,
  ): void;
}

/**
 * Observations as the environments have them, from what a data plane says.
 *
 * @param observation Which one. Throws `RangeError` where one of its numbers
 * does not travel.
 * @param units What one unit is.
 */
export function statisticsObservation(
  observation: ObservationName,
  units: ObservationUnits = {},
): StatisticsObservation {
  const features = serverFeatures(observation);
  const columns = features.map((feature) => {
    const column = statisticsColumn(feature);
    if (column < 0) {
      throw new RangeError(
        `Cannot see ${feature.name} of a data plane, expected numbers that msg_out has`,
      );
    }
    return column;
  });
  const { flows = 1, seconds = 1 } = units;
  const factors = features.map(({ unit }) =>
    1 / (unit === "flows" ? flows : seconds)
  );
  return {
    perServer: columns.length,
    write(statistics, server, into, offset): void {
      const row = server * STATISTICS_PER_SERVER;
      for (let i = 0; i < columns.length; i++) {
        into[offset + i] = statistics[row + columns[i]] * factors[i];
      }
    },
  };
}
