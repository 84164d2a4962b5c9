/**
 * What an agent sees of a network.
 *
 * @module
 */
import type { EmulatorSettings } from "./emulator_options.ts";
import type { FluidEmulator } from "./fluid_emulator.ts";
import type { NetworkStats } from "./routing_controller.ts";
import { edgeNodes, type Topology } from "./topology.ts";

export type { EmulatorSettings, FluidEmulator, NetworkStats, Topology };

/** Names of the parts of an observation. */
export type ObservationBlock =
  | "utilisations"
  | "delay"
  | "throughput"
  | "weights"
  | "demands"
  | "node-demands"
  | "time";

/** What observations are made of. */
export interface Seen {
  /** What the controller tells. */
  readonly stats: NetworkStats;
  /** Logarithms of the weights in proportion to their range, from 0 to 1. */
  readonly weights: Float64Array;
  /** The network itself, where it is embedded. */
  readonly emulator: FluidEmulator | undefined;
}

/** How large 1 is. */
export interface ObservationCaps {
  /** Milliseconds. */
  readonly delayCapMs: number;
  /** Mbit/s. */
  readonly throughputCapMbps: number;
  /** Mbit/s. */
  readonly demandCapMbps: number | undefined;
}

/** Writes a part of an observation; returns where the next begins. */
export type WriteBlock = (
  seen: Seen,
  target: Float32Array,
  offset: number,
) => number;

/** One part of an observation. */
export interface BlockDefinition {
  /** Whether only an embedded network tells it. */
  readonly onlyEmbedded?: boolean;
  /** Whether `demandCapMbps` is needed. */
  readonly needsDemandCap?: boolean;
  /** How many numbers it has. */
  size(topology: Topology): number;
  /** A function that writes it. */
  writer(topology: Topology, caps: ObservationCaps): WriteBlock;
}

function capped(value: number, cap: number): number {
  return value >= cap ? 1 : value / cap;
}

function networkOf({ emulator }: Seen): FluidEmulator {
  if (emulator === undefined) {
    throw new Error("Cannot see a network that is not embedded");
  }
  return emulator;
}

/** Ordered pairs of switches with hosts, as indices of a matrix. */
function pairIndices(topology: Topology): Int32Array {
  const nodes = edgeNodes(topology);
  return Int32Array.from(
    nodes.flatMap((i) =>
      nodes.filter((j) => j !== i).map((j) => i * topology.nodeCount + j)
    ),
  );
}

/**
 * The parts, by name:
 *
 * - `utilisations`: of each link, the busier direction's.
 * - `delay`: the mean delay in proportion to its cap, at most 1.
 * - `throughput`: likewise.
 * - `weights`: of each link, the logarithm from the lowest (0) to the highest
 *   (1) weight.
 * - `demands`: what the next step will carry, from each switch with hosts to
 *   each other one, in proportion to its cap, at most 1.
 * - `node-demands`: what each switch with hosts will send and receive in the
 *   next step, in proportion to the cap times the number of others.
 * - `time`: sine and cosine of the time of day, from 0 to 1.
 */
export const OBSERVATION_BLOCKS: Readonly<
  Record<ObservationBlock, BlockDefinition>
> = {
  utilisations: {
    size: ({ linkCount }) => linkCount,
    writer: () => ({ stats: { linkUtilisations } }, target, offset) => {
      target.set(linkUtilisations, offset);
      return offset + linkUtilisations.length;
    },
  },
  delay: {
    size: () => 1,
    writer: (_, { delayCapMs }) => ({ stats }, target, offset) => {
      target[offset] = capped(stats.averageDelayMs, delayCapMs);
      return offset + 1;
    },
  },
  throughput: {
    size: () => 1,
    writer: (_, { throughputCapMbps }) => ({ stats }, target, offset) => {
      target[offset] = capped(stats.throughputMbps, throughputCapMbps);
      return offset + 1;
    },
  },
  weights: {
    size: ({ linkCount }) => linkCount,
    writer: () => ({ weights }, target, offset) => {
      target.set(weights, offset);
      return offset + weights.length;
    },
  },
  demands: {
    onlyEmbedded: true,
    needsDemandCap: true,
    size: (topology) => pairIndices(topology).length,
    writer: (topology, { demandCapMbps = 1 }) => {
      const pairs = pairIndices(topology);
      return (seen, target, offset) => {
        const { demands } = networkOf(seen);
        for (let i = 0; i < pairs.length; i++) {
          target[offset + i] = capped(demands[pairs[i]], demandCapMbps);
        }
        return offset + pairs.length;
      };
    },
  },
  "node-demands": {
    onlyEmbedded: true,
    needsDemandCap: true,
    size: (topology) => 2 * edgeNodes(topology).length,
    writer: (topology, { demandCapMbps = 1 }) => {
      const nodes = edgeNodes(topology);
      const { nodeCount } = topology;
      const cap = demandCapMbps * (nodes.length - 1);
      return (seen, target, offset) => {
        const { demands } = networkOf(seen);
        nodes.forEach((node, i) => {
          let sent = 0;
          let received = 0;
          for (let other = 0; other < nodeCount; other++) {
            sent += demands[node * nodeCount + other];
            received += demands[other * nodeCount + node];
          }
          target[offset + 2 * i] = capped(sent, cap);
          target[offset + 2 * i + 1] = capped(received, cap);
        });
        return offset + 2 * nodes.length;
      };
    },
  },
  time: {
    onlyEmbedded: true,
    size: () => 2,
    writer: () => (seen, target, offset) => {
      const emulator = networkOf(seen);
      const { intervalsPerDay } = emulator.settings.traffic;
      const angle = 2 * Math.PI * (emulator.interval % intervalsPerDay) /
        intervalsPerDay;
      target[offset] = (1 + Math.sin(angle)) / 2;
      target[offset + 1] = (1 + Math.cos(angle)) / 2;
      return offset + 2;
    },
  },
};

/**
 * How many numbers some blocks have together.
 *
 * @param blocks Their names.
 * @param topology The network.
 */
export function observationSize(
  blocks: readonly ObservationBlock[],
  topology: Topology,
): number {
  return blocks.reduce(
    (sum, block) => sum + OBSERVATION_BLOCKS[block].size(topology),
    0,
  );
}

/**
 * A function that writes an observation.
 *
 * @param blocks What it is made of.
 * @param topology The network.
 * @param caps How large 1 is.
 */
export function observer(
  blocks: readonly ObservationBlock[],
  topology: Topology,
  caps: ObservationCaps,
): (seen: Seen, target: Float32Array, offset: number) => void {
  const writers = blocks.map((block) =>
    OBSERVATION_BLOCKS[block].writer(topology, caps)
  );
  return (seen, target, offset) => {
    let next = offset;
    for (const write of writers) next = write(seen, target, next);
  };
}
