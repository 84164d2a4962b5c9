/**
 * The command line of sdn_real: a network that this machine can carry, and
 * what flows through it.
 *
 * @module
 */
import {
  integerOption,
  numberOption,
  type Option,
  type OptionValues,
} from "../../core/options.ts";
import { asUsageError } from "../../core/usage_error.ts";
import { emulatorSettings } from "../../envs/sdn/emulator_options.ts";
import { scaledTopology } from "../../envs/sdn/real_network/real_network.ts";
import type { SplittingRule } from "../../envs/sdn/routing.ts";
import type { Topology } from "../../envs/sdn/topology.ts";
import { makeTraffic } from "../../envs/sdn/traffic.ts";
import {
  type FlowOptions,
  flowOptions,
  type NetworkOptions,
  networkOptions,
  type ScheduledFlow,
  userFlows,
} from "./options.ts";
import { userTopology } from "./topology_files.ts";

export type {
  FlowOptions,
  NetworkOptions,
  Option,
  OptionValues,
  ScheduledFlow,
  SplittingRule,
  Topology,
};

/** Options of sdn_real, by name. */
export type RealNetworkScriptOptions =
  & FlowOptions
  & Pick<
    NetworkOptions,
    "topology" | "splitting" | "traffic" | "load" | "idle" | "buffer-packets"
  >
  & {
    /** Where the REST interface listens. */
    port: Option<number>;
    /** What capacities are multiplied by. */
    scale: Option<number | undefined>;
    /** How many demands flow. */
    flows: Option<number>;
    /** How long it runs. */
    seconds: Option<number | undefined>;
  };

/** Options of sdn_real. */
export const realNetworkOptions: RealNetworkScriptOptions = {
  port: integerOption({
    description: "Where the REST interface listens; 0 for any free port.",
    default: 8080,
    minimum: 0,
    maximum: 65535,
  }),
  topology: networkOptions.topology,
  scale: numberOption({
    description:
      "What the topology's capacities are multiplied by. Default: so that the fastest link has 40 Mbit/s, and all together 400, at most.",
    exclusiveMinimum: 0,
  }),
  splitting: networkOptions.splitting,
  "buffer-packets": networkOptions["buffer-packets"],
  traffic: networkOptions.traffic,
  load: networkOptions.load,
  flows: integerOption({
    description:
      "How many of the matrix's demands flow, the largest; the traffic of the others is added to them.",
    default: 40,
    minimum: 1,
  }),
  idle: networkOptions.idle,
  ...flowOptions,
  seconds: numberOption({
    description: "Ends after so long. Default: at Ctrl-C.",
    exclusiveMinimum: 0,
    unit: "seconds",
  }),
};

/** What the command line asks for. */
export interface WantedNetwork {
  /** The network; capacities in Mbit/s as they are built. */
  readonly topology: Topology;
  /** What its capacities were multiplied by. */
  readonly scale: number;
  /** How traffic is split. */
  readonly splitting: SplittingRule;
  /** Packets for which a link has room. */
  readonly bufferPackets: number;
  /** What flows. */
  readonly flows: readonly ScheduledFlow[];
}

/** Mbit/s of the fastest link and of all: hosts and switches share few cores. */
const FASTEST_MBPS = 40;
const TOTAL_MBPS = 400;
/** iperf3 runs for a day at most. */
const LONGEST_SECONDS = 86_400;
/** A slower flow is none, in Mbit/s. */
const SLOWEST_MBPS = 0.001;

/** Options of {@linkcode matrixFlows}. */
export interface MatrixFlowOptions {
  /** How long they last. */
  readonly durationSeconds: number;
  /** How many, the largest; they carry the traffic of the others as well. */
  readonly most: number;
}

/**
 * Flows for the demands of a matrix, from the first host of one switch to the
 * first of another, all at once.
 *
 * @param topology The network.
 * @param demands Mbit/s from switch to switch. Shape [switches, switches].
 * @param options How many, and how long.
 */
export function matrixFlows(
  { hosts, nodeCount }: Topology,
  demands: Float64Array,
  { durationSeconds, most }: MatrixFlowOptions,
): ScheduledFlow[] {
  const hostOf = (node: number) =>
    hosts.find((each) => each.node === node)!.name;
  const all = [...demands.keys()].filter((i) => demands[i] >= SLOWEST_MBPS);
  const largest = all.toSorted((a, b) => demands[b] - demands[a])
    .slice(0, most);
  const sum = (places: readonly number[]) =>
    places.reduce((total, i) => total + demands[i], 0);
  const share = sum(all) / sum(largest);
  return largest.sort((a, b) => a - b).map((i) => ({
    source: hostOf(Math.floor(i / nodeCount)),
    destination: hostOf(i % nodeCount),
    startSeconds: 0,
    durationSeconds,
    rate: share * demands[i],
  }));
}

function usualScale({ capacities }: Topology): number {
  const total = capacities.reduce((sum, capacity) => sum + capacity, 0);
  return Math.min(FASTEST_MBPS / Math.max(...capacities), TOTAL_MBPS / total);
}

function syntheticFlows(
  topology: Topology,
  options: OptionValues<RealNetworkScriptOptions> & { readonly seed: number },
): ScheduledFlow[] {
  const { traffic: type, load, seed, seconds = LONGEST_SECONDS } = options;
  const traffic = makeTraffic(topology, {
    type,
    load,
    seed,
    amplitude: 0,
    noise: 0,
  });
  const demands = new Float64Array(topology.nodeCount ** 2);
  traffic.matrixAt(0, demands);
  return matrixFlows(topology, demands, {
    durationSeconds: Math.min(seconds, LONGEST_SECONDS),
    most: options.flows,
  });
}

/**
 * What the command line asks for. What makes no sense throws `UsageError`.
 *
 * @param options The command line's values.
 */
export async function userRealNetwork(
  options: OptionValues<RealNetworkScriptOptions> & { readonly seed: number },
): Promise<WantedNetwork> {
  const { splitting, bufferPackets, idle } = options;
  return await asUsageError(async () => {
    const given = options.topology === undefined
      ? undefined
      : await userTopology(options.topology);
    const full = emulatorSettings({
      topology: given,
      traffic: { type: "idle" },
    }).topology;
    const scale = options.scale ?? usualScale(full);
    const topology = scaledTopology(full, scale);
    const flows = userFlows(options);
    // Makes sure that hosts are there, before anything is built.
    emulatorSettings({ topology: given, flows });
    return {
      topology,
      scale,
      splitting,
      bufferPackets,
      flows: idle || flows.length > 0
        ? flows
        : syntheticFlows(topology, options),
    };
  });
}
