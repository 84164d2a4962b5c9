/**
 * Options of an emulated network.
 *
 * @module
 */
import { type FlowTable, makeFlowTable } from "./_flow_table.ts";
import { type FluidOptions, fluidSettings } from "./fluid_network.ts";
import type { ScheduledFlow } from "./flows.ts";
import { namedTopology, topologyOfSize } from "./named_topologies.ts";
import { checkWeights, type SplittingOptions } from "./routing.ts";
import type { WeightRange } from "./routing_controller.ts";
import { makeTopology, type Topology, type TopologySpec } from "./topology.ts";
import { makeTraffic, type Traffic, type TrafficOptions } from "./traffic.ts";

export type {
  FlowTable,
  FluidOptions,
  ScheduledFlow,
  SplittingOptions,
  Topology,
  TopologySpec,
  Traffic,
  TrafficOptions,
  WeightRange,
};

/** What moves an emulator's time. */
export type ClockName = "virtual" | "wall";

/** Options of {@linkcode emulatorSettings}. */
export interface EmulatorOptions extends FluidOptions, SplittingOptions {
  /**
   * The network, by name (see `namedTopology`) or description. Default: one of
   * `linkCount` links.
   */
  readonly topology?: string | TopologySpec;
  /** Number of links. Default: the topology's, or 10. */
  readonly linkCount?: number;
  /**
   * What flows. Default: diurnal gravity traffic, see `diurnalTraffic`; none
   * where there are `flows`.
   */
  readonly traffic?: TrafficOptions;
  /** Flows between hosts, which begin anew with every episode. Default none. */
  readonly flows?: readonly ScheduledFlow[];
  /** How long a traffic matrix holds. Default `stepSeconds`. */
  readonly intervalSeconds?: number;
  /**
   * Episodes begin at random intervals of these days. Default: the first 7.
   */
  readonly startDays?: {
    /** The first, counted from 0. */
    readonly first: number;
    /** How many. */
    readonly count: number;
  };
  /** How far a change of weights moves the virtual clock. Default 0.1 s. */
  readonly stepSeconds?: number;
  /**
   * `virtual`: time moves by a step with each change of weights. `wall`: by
   * the clock on the wall. Default `virtual`.
   */
  readonly clock?: ClockName;
  /** Weights that episodes begin with. Default: all 1. */
  readonly baseline?: readonly number[];
  /** Lowest and highest weight. Default 0.1 to 10. */
  readonly weightRange?: WeightRange;
}

/** Options with every default filled in. */
export interface EmulatorSettings
  extends Required<FluidOptions>, SplittingOptions {
  /** The network. */
  readonly topology: Topology;
  /** Its traffic. */
  readonly traffic: Traffic;
  /** Flows beside it. */
  readonly flows: FlowTable;
  /** How long a traffic matrix holds. */
  readonly intervalSeconds: number;
  /** Days on which episodes begin. */
  readonly startDays: { readonly first: number; readonly count: number };
  /** How far a change of weights moves the virtual clock. */
  readonly stepSeconds: number;
  /** What moves time. */
  readonly clock: ClockName;
  /** Weights that episodes begin with. Shape [links]. */
  readonly baseline: Float64Array;
  /** Lowest and highest weight. */
  readonly weightRange: WeightRange;
}

/** Seconds as whole microseconds. */
export function micros(seconds: number): number {
  return Math.round(seconds * 1e6);
}

function topologyFrom({ topology, linkCount }: EmulatorOptions): Topology {
  if (topology === undefined) return topologyOfSize(linkCount ?? 10);
  const made = typeof topology === "string"
    ? namedTopology(topology)
    : makeTopology(topology);
  if (linkCount !== undefined && linkCount !== made.linkCount) {
    throw new RangeError(
      `Cannot count ${linkCount} links in the network ${
        JSON.stringify(made.name)
      }: it has ${made.linkCount}`,
    );
  }
  return made;
}

function checkSeconds(what: string, seconds: number): void {
  if (!(seconds >= 1e-6 && seconds <= 1e9)) {
    throw new RangeError(
      `Cannot use ${what} of ${seconds} s, expected from a microsecond to 1e9 s`,
    );
  }
}

function checkDays({ first, count }: EmulatorSettings["startDays"]): void {
  if (
    !Number.isSafeInteger(first) || first < 0 ||
    !Number.isSafeInteger(count) || count < 1
  ) {
    throw new RangeError(
      `Cannot begin on ${count} days from day ${first}, expected whole numbers, from 1 and from 0`,
    );
  }
}

function checkRange({ low, high }: WeightRange): void {
  if (!(low > 0 && low < high && high < Infinity)) {
    throw new RangeError(
      `Cannot keep weights between ${low} and ${high}, expected 0 < low < high`,
    );
  }
}

/**
 * Options with every default filled in.
 *
 * @param options Throws `RangeError` or `TypeError` for values that make no
 * sense.
 */
export function emulatorSettings(
  options: EmulatorOptions = {},
): EmulatorSettings {
  const topology = topologyFrom(options);
  const {
    flows = [],
    stepSeconds = 0.1,
    clock = "virtual",
    weightRange = { low: 0.1, high: 10 },
    splitting = "ecmp",
    gamma = 2,
  } = options;
  const {
    intervalSeconds = stepSeconds,
    startDays = { first: 0, count: 7 },
    traffic = flows.length > 0 ? { type: "idle" } : {},
  } = options;
  checkSeconds("steps", stepSeconds);
  checkSeconds("intervals", intervalSeconds);
  checkDays(startDays);
  checkRange(weightRange);
  if (clock !== "virtual" && clock !== "wall") {
    throw new RangeError(
      `Cannot tell the time by "${clock}", expected one of virtual, wall`,
    );
  }
  const baseline = Float64Array.from(
    options.baseline ?? new Float64Array(topology.linkCount).fill(1),
  );
  checkWeights(topology, baseline);
  const outside = baseline.findIndex((weight) =>
    weight < weightRange.low || weight > weightRange.high
  );
  if (outside >= 0) {
    throw new RangeError(
      `Cannot begin with the weight ${
        baseline[outside]
      } of link ${outside}, expected a number from ${weightRange.low} to ${weightRange.high}`,
    );
  }
  return {
    ...fluidSettings(options),
    splitting,
    gamma,
    topology,
    traffic: makeTraffic(topology, traffic),
    flows: makeFlowTable(topology, flows),
    intervalSeconds,
    startDays,
    stepSeconds,
    clock,
    baseline,
    weightRange,
  };
}
