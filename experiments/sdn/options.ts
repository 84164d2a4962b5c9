/**
 * What scripts about routing have in common on the command line.
 *
 * @module
 */
import {
  booleanOption,
  choiceOption,
  integerOption,
  numberOption,
  type Option,
  type OptionValues,
  parsedOption,
  pathOption,
  stringOption,
} from "../../core/options.ts";
import { asUsageError, UsageError } from "../../core/usage_error.ts";
import type { SDNOptions } from "../../envs/sdn/env_options.ts";
import {
  type EmulatorOptions,
  emulatorSettings,
  type TrafficOptions,
} from "../../envs/sdn/emulator_options.ts";
import {
  parseBandwidth,
  parsePairs,
  type ScheduledFlow,
  scheduleFlows,
} from "../../envs/sdn/flows.ts";
import {
  MATRIX_KINDS,
  type MatrixKind,
} from "../../envs/sdn/traffic_matrices.ts";
import { userMatrices, userTopology } from "./topology_files.ts";

export type {
  EmulatorOptions,
  MatrixKind,
  Option,
  ScheduledFlow,
  SDNOptions,
  TrafficOptions,
};

/** Options of a network and its traffic, by name. */
export type NetworkOptions = {
  /** Name or file of the network. */
  topology: Option<string | undefined>;
  /** Number of links. */
  "link-count": Option<number | undefined>;
  /** How traffic is split. */
  splitting: Option<"single" | "ecmp" | "softmin">;
  /** What the mean matrix is like. */
  traffic: Option<MatrixKind>;
  /** How much there is. */
  load: Option<number>;
  /** How far it swings. */
  amplitude: Option<number>;
  /** How much it scatters. */
  noise: Option<number>;
  /** A folder of recorded matrices. */
  matrices: Option<string | undefined>;
  /** No traffic. */
  idle: Option<boolean>;
  /** How links are shared. */
  sharing: Option<"queues" | "max-min">;
  /** Room of a link. */
  "buffer-packets": Option<number>;
};

/** Options of a network and its traffic: spread them into a script's. */
export const networkOptions: NetworkOptions = {
  topology: stringOption({
    description:
      "The network: seed10, seed2, nsfnet, nsfnet-classes, geant2, abilene, ring:N, fat-tree:K, random:N:L[:SEED], or a file (.gml, SNDlib's .txt, .json). Default: one of --link-count links.",
    placeholder: "NAME|FILE",
  }),
  "link-count": integerOption({
    description: "Number of links. Default: the topology's, or 10.",
    minimum: 1,
  }),
  splitting: choiceOption(["single", "ecmp", "softmin"], {
    description: "How traffic is split over ways to its destination.",
    default: "ecmp",
  }),
  traffic: choiceOption(MATRIX_KINDS, {
    description: "What the mean traffic matrix is like.",
    default: "gravity",
  }),
  load: numberOption({
    description:
      "Scale of traffic: utilisation of the busiest link by the mean matrix, under unit weights.",
    default: 0.6,
    exclusiveMinimum: 0,
  }),
  amplitude: numberOption({
    description: "How far traffic swings within a day, as a share.",
    default: 0.5,
    minimum: 0,
    maximum: 1,
  }),
  noise: numberOption({
    description: "Standard deviation of the logarithm of traffic's noise.",
    default: 0.2,
    minimum: 0,
    maximum: 3,
  }),
  matrices: pathOption({
    description:
      "Folder of SNDlib files of demands, played in the order of their names instead of synthetic traffic.",
    placeholder: "DIR",
  }),
  idle: booleanOption({ description: "Leaves the network without traffic." }),
  sharing: choiceOption(["queues", "max-min"], {
    description:
      "Whether full links lose packets (queues) or senders slow down (max-min).",
    default: "queues",
  }),
  "buffer-packets": integerOption({
    description: "Packets for which a link has room.",
    default: 32,
    minimum: 1,
  }),
};

/** Options of flows between hosts, by name. */
export type FlowOptions = {
  /** Who sends to whom. */
  "traffic-pairs": Option<[string, string][] | undefined>;
  /** How long. */
  "traffic-duration": Option<number>;
  /** How much, in Mbit/s. */
  "traffic-bw": Option<number>;
  /** How far apart. */
  "traffic-start-offset": Option<number>;
};

/** Options of flows between hosts: spread them into a script's. */
export const flowOptions: FlowOptions = {
  "traffic-pairs": parsedOption(parsePairs, {
    description: "Flows between hosts, such as h1:h2,h2:h3.",
    expected: "pairs of hosts such as h1:h2,h2:h3",
    placeholder: "A:B,...",
  }),
  "traffic-duration": numberOption({
    description: "How long each flow lasts.",
    default: 10,
    exclusiveMinimum: 0,
    unit: "seconds",
  }),
  "traffic-bw": parsedOption(parseBandwidth, {
    description: "What each flow sends, in bits a second as iperf takes it.",
    expected: "bits a second such as 10M, 500K or 1G",
    placeholder: "RATE",
    default: "10M",
  }),
  "traffic-start-offset": numberOption({
    description: "Time between the beginnings of two flows.",
    default: 0.5,
    minimum: 0,
    unit: "seconds",
  }),
};

/** Values of {@linkcode networkOptions}. */
export type NetworkValues = OptionValues<NetworkOptions>;

/** Values of {@linkcode flowOptions}. */
export type FlowValues = OptionValues<FlowOptions>;

/**
 * The flows of the command line; none where no pairs are given.
 *
 * @param options The command line's values.
 */
export function userFlows(options: FlowValues): ScheduledFlow[] {
  return asUsageError(() =>
    scheduleFlows(options.trafficPairs ?? [], {
      durationSeconds: options.trafficDuration,
      rate: options.trafficBw,
      startOffsetSeconds: options.trafficStartOffset,
    })
  );
}

/**
 * Options of an emulated network from the command line. What makes no sense
 * throws `UsageError`.
 *
 * @param options The command line's values.
 * @param more The seed of the traffic, and flows beside it.
 */
export async function userNetwork(
  options: NetworkValues,
  more: { trafficSeed: number; flows?: readonly ScheduledFlow[] },
): Promise<EmulatorOptions> {
  const { linkCount, splitting, sharing, bufferPackets } = options;
  const { trafficSeed, flows = [] } = more;
  const given = options.topology;
  const topology = given === undefined
    ? undefined
    : await asUsageError(() => userTopology(given));
  if (options.idle && options.matrices !== undefined) {
    throw new UsageError("Cannot be idle and play matrices, expected one");
  }
  const network = {
    topology,
    linkCount,
    splitting,
    sharing,
    bufferPackets,
    flows,
  };
  return await asUsageError(async () => {
    const settings = emulatorSettings({
      ...network,
      traffic: { type: "idle" },
    });
    const traffic = await trafficOf(options, settings, { trafficSeed, flows });
    return { ...network, traffic };
  });
}

async function trafficOf(
  options: NetworkValues,
  { topology }: ReturnType<typeof emulatorSettings>,
  more: { trafficSeed: number; flows: readonly ScheduledFlow[] },
): Promise<TrafficOptions> {
  if (options.idle || more.flows.length > 0) return { type: "idle" };
  if (options.matrices !== undefined) {
    const matrices = await userMatrices(options.matrices, topology);
    return { type: "recorded", matrices };
  }
  const { traffic: type, load, amplitude, noise } = options;
  return { type, load, amplitude, noise, seed: more.trafficSeed };
}
