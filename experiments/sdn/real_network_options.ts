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
      "What the topology's capacities are multiplied by. Default: so that the fastest link has 40 Mbit/s.",
    exclusiveMinimum: 0,
  }),
  splitting: networkOptions.splitting,
  "buffer-packets": networkOptions["buffer-packets"],
  traffic: networkOptions.traffic,
  load: networkOptions.load,
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

/** Speed of the fastest link, in Mbit/s: hosts and switches share few cores. */
const FASTEST_MBPS = 40;
/** iperf3 runs for a day at most. */
const LONGEST_SECONDS = 86_400;
/** A slower flow is none, in Mbit/s. */
const SLOWEST_MBPS = 0.001;

/**
 * One flow for each demand of a matrix, from the first host of one switch to
 * the first of another, all at once.
 *
 * @param topology The network.
 * @param demands Mbit/s from switch to switch. Shape [switches, switches].
 * @param durationSeconds How long they last.
 */
export function matrixFlows(
  { hosts, nodeCount }: Topology,
  demands: Float64Array,
  durationSeconds: number,
): ScheduledFlow[] {
  const firstHost = (node: number) => hosts.find((each) => each.node === node);
  return Array.from(demands, (rate, i): ScheduledFlow | undefined => {
    const source = firstHost(Math.floor(i / nodeCount));
    const destination = firstHost(i % nodeCount);
    return rate < SLOWEST_MBPS || source === undefined ||
        destination === undefined
      ? undefined
      : {
        source: source.name,
        destination: destination.name,
        startSeconds: 0,
        durationSeconds,
        rate,
      };
  }).filter((flow) => flow !== undefined);
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
  return matrixFlows(topology, demands, Math.min(seconds, LONGEST_SECONDS));
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
    const fastest = Math.max(...full.capacities);
    const scale = options.scale ?? FASTEST_MBPS / fastest;
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
