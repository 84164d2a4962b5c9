/**
 * What a network carries in equilibrium: loads, losses and delays of queues
 * that feed each other.
 *
 * @module
 */
import { finiteQueue } from "./finite_queue.ts";
import { shareMaxMin } from "./_max_min.ts";
import { largestUtilisation, type Routes } from "./routing.ts";
import type { Topology } from "./topology.ts";

export type { Routes, Topology };

/**
 * How links are shared.
 *
 * - `queues`: senders do not listen; each direction of a link is an M/M/1/K
 *   queue, and what finds it full is lost.
 * - `max-min`: senders slow down, as TCP's do; every pair of switches gets its
 *   max-min fair rate, up to its demand, and nothing is lost.
 */
export type Sharing = "queues" | "max-min";

/** Options of {@linkcode fluidSolver}. */
export interface FluidOptions {
  /** How links are shared. Default `queues`. */
  readonly sharing?: Sharing;
  /** Mean length of a packet in bits. Default 8000. */
  readonly packetBits?: number;
  /**
   * Packets for which a link has room, in each direction, the one that is
   * being sent included. Default 32.
   */
  readonly bufferPackets?: number;
}

/** What a network carries. */
export interface NetworkLoad {
  /** Mbit/s that arrive at each arc. Shape [arcs]. */
  readonly offered: Float64Array;
  /** Mbit/s that each arc carries. Shape [arcs]. */
  readonly carried: Float64Array;
  /** Share of packets lost at each arc. Shape [arcs]. */
  readonly loss: Float64Array;
  /**
   * Seconds from a packet's arrival at each arc to its arrival at the other
   * end: waiting, sending and propagation. Shape [arcs].
   */
  readonly delay: Float64Array;
  /**
   * Mbit/s that pass each switch on the way to each destination, what is sent
   * there included. Shape [destinations, switches].
   */
  readonly passing: Float64Array;
  /** Mbit/s that the hosts of each switch send. Shape [nodes]. */
  readonly sent: Float64Array;
  /** Mbit/s that the hosts of each switch receive. Shape [nodes]. */
  readonly received: Float64Array;
  /** All demands together, Mbit/s. */
  demand: number;
  /** What of them arrives, Mbit/s. */
  throughput: number;
  /** Mean delay of what arrives, seconds; 0 where nothing does. */
  meanDelay: number;
  /**
   * Largest load in proportion to capacity if nothing were lost: what traffic
   * engineering minimises. Above 1 where not all fits.
   */
  largestUtilisation: number;
  /** Sweeps that the fixed point took. */
  sweeps: number;
}

/** Losses are known to so much. */
const TOLERANCE = 1e-12;
/** From this sweep on, steps are halved, in case they go round in circles. */
const HALVED_FROM = 40;
const MOST_SWEEPS = 400;
const BITS_PER_MEGABIT = 1e6;

/**
 * Room for what a network carries.
 *
 * @param topology The network.
 */
export function makeNetworkLoad(
  { arcCount, nodeCount }: Topology,
): NetworkLoad {
  return {
    passing: new Float64Array(nodeCount * nodeCount),
    sent: new Float64Array(nodeCount),
    received: new Float64Array(nodeCount),
    offered: new Float64Array(arcCount),
    carried: new Float64Array(arcCount),
    loss: new Float64Array(arcCount),
    delay: new Float64Array(arcCount),
    demand: 0,
    throughput: 0,
    meanDelay: 0,
    largestUtilisation: 0,
    sweeps: 0,
  };
}

/** Refuses options that make no sense; fills in the others. */
export function fluidSettings(options: FluidOptions): Required<FluidOptions> {
  const { sharing = "queues", packetBits = 8000, bufferPackets = 32 } = options;
  if (sharing !== "queues" && sharing !== "max-min") {
    throw new RangeError(
      `Cannot share links by "${sharing}", expected one of queues, max-min`,
    );
  }
  if (!(packetBits > 0 && packetBits < Infinity)) {
    throw new RangeError(
      `Cannot send packets of ${packetBits} bits, expected a number above 0`,
    );
  }
  if (!Number.isSafeInteger(bufferPackets) || bufferPackets < 1) {
    throw new RangeError(
      `Cannot buffer ${bufferPackets} packets, expected a whole number from 1`,
    );
  }
  return { sharing, packetBits, bufferPackets };
}

/** What of each arc's load gets through the arcs before it. */
function sweep(
  routes: Routes,
  demands: Float64Array,
  { offered, loss, passing }: NetworkLoad,
): void {
  const { start, tails, heads, arcs, shares } = routes;
  const nodeCount = start.length - 1;
  offered.fill(0);
  for (let t = 0; t < nodeCount; t++) {
    const row = t * nodeCount;
    for (let u = 0; u < nodeCount; u++) {
      passing[row + u] = demands[u * nodeCount + t];
    }
    const end = start[t + 1];
    for (let i = start[t]; i < end; i++) {
      const arc = arcs[i];
      const flow = passing[row + tails[i]] * shares[i];
      offered[arc] += flow;
      passing[row + heads[i]] += flow * (1 - loss[arc]);
    }
  }
}

/**
 * Delivered traffic and its mean delay, exact for the arcs' losses and delays:
 * from each switch, the probability to arrive and the mean delay weighted with
 * it, the closest switch first.
 */
function summarise(
  routes: Routes,
  demands: Float64Array,
  load: NetworkLoad,
  scratch: { arrive: Float64Array; delay: Float64Array },
): void {
  const { start, tails, heads, arcs, shares } = routes;
  const { arrive, delay } = scratch;
  const nodeCount = start.length - 1;
  let demand = 0;
  let delivered = 0;
  let weighted = 0;
  load.sent.fill(0);
  for (let t = 0; t < nodeCount; t++) {
    arrive.fill(0);
    delay.fill(0);
    arrive[t] = 1;
    for (let i = start[t + 1] - 1; i >= start[t]; i--) {
      const arc = arcs[i];
      const through = shares[i] * (1 - load.loss[arc]);
      const v = heads[i];
      arrive[tails[i]] += through * arrive[v];
      delay[tails[i]] += through * (delay[v] + load.delay[arc] * arrive[v]);
    }
    let received = 0;
    for (let u = 0; u < nodeCount; u++) {
      const amount = demands[u * nodeCount + t];
      load.sent[u] += amount;
      received += amount * arrive[u];
      weighted += amount * delay[u];
      demand += amount;
    }
    load.received[t] = received;
    delivered += received;
  }
  load.demand = demand;
  load.throughput = delivered;
  load.meanDelay = delivered > 0 ? weighted / delivered : 0;
}

/**
 * A function that finds what a network carries. With `queues`, loads and
 * losses depend on each other and are solved by a fixed point: traffic is
 * thinned along its ways by the losses of the last sweep.
 *
 * @param topology The network.
 * @param options Links and packets. Throws `RangeError` for values that make
 * no sense.
 * @returns Writes into `load` what the network carries of `demands` (Mbit/s
 * from switch `i` to switch `j` at `i * nodes + j`, zeros on the diagonal) over
 * `routes`. Throws `Error` where the fixed point is not found.
 */
export function fluidSolver(
  topology: Topology,
  options: FluidOptions = {},
): (routes: Routes, demands: Float64Array, load: NetworkLoad) => void {
  const { sharing, packetBits, bufferPackets } = fluidSettings(options);
  const { nodeCount, arcCount, capacities, delays } = topology;
  const queue = { loss: 0, meanNumber: 0 };
  const scratch = {
    arrive: new Float64Array(nodeCount),
    delay: new Float64Array(nodeCount),
  };
  const sendSeconds = Float64Array.from(
    capacities,
    (capacity) => packetBits / (capacity * BITS_PER_MEGABIT),
  );

  /** Updates the losses; returns the largest change. */
  function updateLosses({ offered, loss }: NetworkLoad, step: number): number {
    let largest = 0;
    for (let arc = 0; arc < arcCount; arc++) {
      const utilisation = offered[arc] / capacities[arc >> 1];
      finiteQueue(utilisation, bufferPackets, queue);
      const change = queue.loss - loss[arc];
      loss[arc] += step * change;
      if (Math.abs(change) > largest) largest = Math.abs(change);
    }
    return largest;
  }

  function solveQueues(
    routes: Routes,
    demands: Float64Array,
    load: NetworkLoad,
  ): void {
    let change = Infinity;
    while (change > TOLERANCE) {
      if (load.sweeps === MOST_SWEEPS) {
        throw new Error(
          `Cannot find what the network ${
            JSON.stringify(topology.name)
          } carries: after ${MOST_SWEEPS} sweeps losses still change by ${change}`,
        );
      }
      change = updateLosses(load, load.sweeps < HALVED_FROM ? 1 : 0.5);
      if (change > 0) sweep(routes, demands, load);
      load.sweeps++;
    }
  }

  function writeArcs({ offered, carried, loss, delay }: NetworkLoad): void {
    for (let arc = 0; arc < arcCount; arc++) {
      const link = arc >> 1;
      const utilisation = offered[arc] / capacities[link];
      finiteQueue(utilisation, bufferPackets, queue);
      carried[arc] = offered[arc] * (1 - loss[arc]);
      const inSystem = utilisation > 0
        ? queue.meanNumber / (utilisation * (1 - queue.loss))
        : 1;
      delay[arc] = inSystem * sendSeconds[link] + delays[link];
    }
  }

  return (routes, demands, load) => {
    load.loss.fill(0);
    load.sweeps = 0;
    sweep(routes, demands, load);
    load.largestUtilisation = largestUtilisation(topology, load.offered);
    if (sharing === "queues") {
      solveQueues(routes, demands, load);
      writeArcs(load);
      summarise(routes, demands, load, scratch);
      return;
    }
    const rates = shareMaxMin(topology, routes, demands);
    sweep(routes, rates, load);
    writeArcs(load);
    summarise(routes, rates, load, scratch);
    load.demand = demands.reduce((sum, demand) => sum + demand, 0);
  };
}
