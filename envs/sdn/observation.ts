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

/** What numbers are named by. */
export interface NamingCaps extends ObservationCaps {
  /** A link's name. */
  linkName(link: number): string;
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
  /** What each of its numbers is, with its unit. */
  names(topology: Topology, caps: NamingCaps): string[];
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

/** A cap for people. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function linkNames(
  { linkCount }: Topology,
  linkName: (link: number) => string,
): string[] {
  return Array.from({ length: linkCount }, (_, link) => linkName(link));
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
    names: (topology, { linkName }) =>
      linkNames(topology, linkName).map((link) =>
        `utilisation of ${link} (0 to 1)`
      ),
    writer: () => ({ stats: { linkUtilisations } }, target, offset) => {
      target.set(linkUtilisations, offset);
      return offset + linkUtilisations.length;
    },
  },
  delay: {
    names: (_, { delayCapMs }) => [`mean delay (${delayCapMs} ms)`],
    writer: (_, { delayCapMs }) => ({ stats }, target, offset) => {
      target[offset] = capped(stats.averageDelayMs, delayCapMs);
      return offset + 1;
    },
  },
  throughput: {
    names: (
      _,
      { throughputCapMbps },
    ) => [`throughput (${throughputCapMbps} Mbit/s)`],
    writer: (_, { throughputCapMbps }) => ({ stats }, target, offset) => {
      target[offset] = capped(stats.throughputMbps, throughputCapMbps);
      return offset + 1;
    },
  },
  weights: {
    names: (topology, { linkName }) =>
      linkNames(topology, linkName).map((link) =>
        `logarithm of the weight of ${link} (0 lowest, 1 highest)`
      ),
    writer: () => ({ weights }, target, offset) => {
      target.set(weights, offset);
      return offset + weights.length;
    },
  },
  demands: {
    onlyEmbedded: true,
    needsDemandCap: true,
    names: (topology, { demandCapMbps = 1 }) => {
      const { nodeNames, nodeCount } = topology;
      return Array.from(
        pairIndices(topology),
        (pair) =>
          `demand from ${nodeNames[Math.floor(pair / nodeCount)]} to ${
            nodeNames[pair % nodeCount]
          } (${rounded(demandCapMbps)} Mbit/s)`,
      );
    },
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
    names: (topology, { demandCapMbps = 1 }) => {
      const nodes = edgeNodes(topology);
      const cap = rounded(demandCapMbps * (nodes.length - 1));
      return nodes.flatMap((node) =>
        ["from", "to"].map((way) =>
          `demand ${way} ${topology.nodeNames[node]} (${cap} Mbit/s)`
        )
      );
    },
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
    names: () =>
      ["sine", "cosine"].map((part) => `${part} of the time of day (0 to 1)`),
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

/** What of an environment's settings names what is seen. */
export interface ObservationSettings extends ObservationCaps {
  /** The parts. */
  readonly observation: readonly ObservationBlock[];
  /** Whose topology it is. */
  readonly emulator: Pick<EmulatorSettings, "topology">;
  /** `embedded`, or where a controller is, whose links have but numbers. */
  readonly ryuBase: string;
}

/**
 * What each number of an observation is, with its unit: what 1 stands for.
 *
 * @param settings The environment's.
 */
export function observationNames(settings: ObservationSettings): string[] {
  const { observation, emulator: { topology }, ryuBase } = settings;
  const { arcTails, arcHeads, nodeNames } = topology;
  const ends = (link: number) =>
    [arcTails, arcHeads].map((nodes) => nodeNames[nodes[2 * link]]).join("-");
  const linkName = (link: number) =>
    ryuBase === "embedded" ? `link ${link} ${ends(link)}` : `link ${link}`;
  return observation.flatMap((block) =>
    OBSERVATION_BLOCKS[block].names(topology, { ...settings, linkName })
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
