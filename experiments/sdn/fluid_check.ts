/**
 * The fluid emulator against packets.
 *
 * @module
 */
import type { Table } from "../../core/table.ts";
import { fluidSolver, makeNetworkLoad } from "../../envs/sdn/fluid_network.ts";
import { simulatePackets } from "../../envs/sdn/packet_simulation.ts";
import { makeRoutes, router } from "../../envs/sdn/routing.ts";
import type { Topology } from "../../envs/sdn/topology.ts";
import { scaleToLoad, uniformMatrix } from "../../envs/sdn/traffic_matrices.ts";

export type { Table, Topology };

/** What is compared. */
export interface FluidCheckOptions {
  /** The network. */
  readonly topology: Topology;
  /** Utilisation of the busiest link. */
  readonly load: number;
  /** Whether packets keep their lengths. */
  readonly lengths: "redrawn" | "kept";
  /** Packets for which a link has room. */
  readonly bufferPackets: number;
  /** Packets that are measured. */
  readonly packets: number;
  /** Where they come from. */
  readonly seed: number;
}

/** How they compare. */
export interface FluidCheck {
  /** Utilisation of the busiest link. */
  readonly load: number;
  /** Whether packets keep their lengths. */
  readonly lengths: "redrawn" | "kept";
  /** The fluid's mean delay, ms. */
  readonly fluidDelayMs: number;
  /** The packets' mean delay, ms. */
  readonly packetDelayMs: number;
  /** Difference of the delays, in percent of the fluid's. */
  readonly delayDifference: number;
  /** 95 % of such runs are so close to their mean, in percent. */
  readonly delayInterval: number;
  /** The fluid's loss. */
  readonly fluidLoss: number;
  /** The packets' loss. */
  readonly packetLoss: number;
  /** 95 % of such runs are so close to their mean. */
  readonly lossInterval: number;
}

/** Student's t with 19 degrees of freedom, for 20 batches. */
const T_95 = 2.093;

/**
 * Compares uniform traffic over shortest paths by hops, as a fluid and packet
 * by packet.
 *
 * @param options Network, load and packets.
 */
export function checkFluid(options: FluidCheckOptions): FluidCheck {
  const { topology, load, lengths, bufferPackets, packets, seed } = options;
  const demands = scaleToLoad(topology, uniformMatrix(topology), load);
  const routes = makeRoutes(topology);
  router(topology)(new Float64Array(topology.linkCount).fill(1), routes);
  const fluid = makeNetworkLoad(topology);
  fluidSolver(topology, { bufferPackets })(routes, demands, fluid);
  const { delay, loss } = simulatePackets({ topology, routes, demands }, {
    lengths,
    bufferPackets,
    packets,
    seed,
  });
  return {
    load,
    lengths,
    fluidDelayMs: 1000 * fluid.meanDelay,
    packetDelayMs: 1000 * delay.mean,
    delayDifference: 100 * (delay.mean / fluid.meanDelay - 1),
    delayInterval: 100 * T_95 * delay.standardError / fluid.meanDelay,
    fluidLoss: 1 - fluid.throughput / fluid.demand,
    packetLoss: loss.mean,
    lossInterval: T_95 * loss.standardError,
  };
}

/**
 * Comparisons as a table.
 *
 * @param checks The comparisons.
 */
export function fluidCheckTable(checks: readonly FluidCheck[]): Table {
  const small = (value: number) => value.toExponential(2);
  const percent = (value: number) => value.toFixed(2);
  return {
    columns: [
      { header: "load", format: String },
      { header: "lengths" },
      { header: "fluid delay", unit: "ms" },
      { header: "packet delay", unit: "ms" },
      { header: "difference", unit: "%", format: percent },
      { header: "95 % +-", unit: "%", format: percent },
      { header: "fluid loss", format: small },
      { header: "packet loss", format: small },
      { header: "95 % +-", format: small },
    ],
    rows: checks.map((check) => [
      check.load,
      check.lengths,
      check.fluidDelayMs,
      check.packetDelayMs,
      check.delayDifference,
      check.delayInterval,
      check.fluidLoss,
      check.packetLoss,
      check.lossInterval,
    ]),
  };
}
