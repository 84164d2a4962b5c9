/**
 * The network of the fluid emulator packet by packet, to check it.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { type BatchMeans, batchMeans } from "./_batch_means.ts";
import { makeEventHeap } from "./_event_heap.ts";
import { type FluidOptions, fluidSettings } from "./fluid_network.ts";
import type { Routes } from "./routing.ts";
import type { Topology } from "./topology.ts";
import { checkMatrix } from "./traffic_matrices.ts";

export type { BatchMeans, FluidOptions, Routes, Topology };

/** Options of {@linkcode simulatePackets}. */
export interface PacketSimulationOptions extends Omit<FluidOptions, "sharing"> {
  /**
   * `redrawn`: a packet has another length at each hop, as Kleinrock's
   * independence assumption has it. `kept`: it has one, as real ones do.
   * Default `redrawn`.
   */
  readonly lengths?: "redrawn" | "kept";
  /** Packets that are sent and measured. Default 500,000. */
  readonly packets?: number;
  /** Packets that are sent before. Default a fifth as many. */
  readonly warmUpPackets?: number;
  /** Where random numbers come from. Default 0. */
  readonly seed?: number;
}

/** What happened to the packets that were measured. */
export interface PacketResults {
  /** Mean delay of those that arrived, in seconds. */
  readonly delay: BatchMeans;
  /** Share of those sent that were lost. */
  readonly loss: BatchMeans;
  /** Packets that arrived. */
  readonly delivered: number;
  /** Packets that were lost. */
  readonly lost: number;
  /** Shares of packets lost at each arc. Shape [arcs]. */
  readonly arcLoss: Float64Array;
  /** What each arc carried, Mbit/s. Shape [arcs]. */
  readonly carried: Float64Array;
}

const BATCHES = 20;
const BITS_PER_MEGABIT = 1e6;

/** Packets on their way, by number; numbers are used again. */
interface PacketPool {
  readonly sentAt: number[];
  readonly destination: number[];
  readonly bits: number[];
  /** Batch in which it was sent; -1 for those that are not measured. */
  readonly batch: number[];
  readonly free: number[];
}

/** Pairs with traffic, and how likely a packet is one of the first so many. */
function pairsOf(demands: Float64Array) {
  const pairs = [...demands.keys()].filter((k) => demands[k] > 0);
  let sum = 0;
  const cumulative = Float64Array.from(pairs, (k) => sum += demands[k]);
  return { pairs, cumulative, total: sum };
}

/** The first place whose sum is above a value. */
function findAbove(cumulative: Float64Array, value: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Sends packets through a network: Poisson arrivals for each pair, exponential
 * lengths, a random choice of next hops by the routes' shares, queues of
 * limited room, propagation.
 *
 * @param network Network, routes and demands, as for `fluidSolver`.
 * @param options How many packets, of which kind. Throws `RangeError` for
 * values that make no sense, and where nothing is sent.
 */
export function simulatePackets(
  network: {
    readonly topology: Topology;
    readonly routes: Routes;
    readonly demands: Float64Array;
  },
  options: PacketSimulationOptions = {},
): PacketResults {
  const { topology, routes, demands } = network;
  const { packetBits, bufferPackets } = fluidSettings(options);
  const { lengths = "redrawn", packets = 500_000, seed = 0 } = options;
  const { warmUpPackets = Math.floor(packets / 5) } = options;
  checkMatrix(topology, demands);
  checkCounts(packets, warmUpPackets);
  const { nodeCount, arcCount, capacities, delays } = topology;
  const { pairs, cumulative, total } = pairsOf(demands);
  if (total === 0) throw new RangeError("Cannot send packets without demands");
  const packetsPerSecond = total * BITS_PER_MEGABIT / packetBits;

  const random = new Random(seed);
  const heap = makeEventHeap();
  const pool: PacketPool = {
    sentAt: [],
    destination: [],
    bits: [],
    batch: [],
    free: [],
  };
  const queues = Array.from(
    { length: arcCount },
    () => new Int32Array(bufferPackets),
  );
  const heads = new Int32Array(arcCount);
  const counts = new Int32Array(arcCount);
  const arcOffered = new Float64Array(arcCount);
  const arcLost = new Float64Array(arcCount);
  const arcBits = new Float64Array(arcCount);
  const sent = new Float64Array(BATCHES);
  const lost = new Float64Array(BATCHES);
  const delivered = new Float64Array(BATCHES);
  const delaySums = new Float64Array(BATCHES);
  let now = 0;
  let sentCount = 0;
  let measuredFrom = 0;
  let measuredUntil = 0;

  function isMeasured(): boolean {
    return sentCount > warmUpPackets && sentCount <= warmUpPackets + packets;
  }

  function createPacket(pair: number): number {
    const packet = pool.free.pop() ?? pool.sentAt.length;
    pool.sentAt[packet] = now;
    pool.destination[packet] = pair % nodeCount;
    pool.bits[packet] = packetBits * random.exponential();
    pool.batch[packet] = isMeasured()
      ? Math.floor((sentCount - warmUpPackets - 1) / packets * BATCHES)
      : -1;
    return packet;
  }

  function send(arc: number): void {
    const packet = queues[arc][heads[arc]];
    if (lengths === "redrawn") {
      pool.bits[packet] = packetBits * random.exponential();
    }
    const bits = pool.bits[packet];
    if (isMeasured()) arcBits[arc] += bits;
    const seconds = bits / (capacities[arc >> 1] * BITS_PER_MEGABIT);
    heap.push(now + seconds, arc);
  }

  function enqueue(packet: number, arc: number): void {
    const measured = isMeasured();
    if (measured) arcOffered[arc]++;
    if (counts[arc] === bufferPackets) {
      if (measured) arcLost[arc]++;
      const batch = pool.batch[packet];
      if (batch >= 0) lost[batch]++;
      pool.free.push(packet);
      return;
    }
    queues[arc][(heads[arc] + counts[arc]) % bufferPackets] = packet;
    if (++counts[arc] === 1) send(arc);
  }

  function chooseArc(node: number, destination: number): number {
    const { start, tails, arcs, shares } = routes;
    let draw = random.uniform();
    let chosen = -1;
    for (let i = start[destination]; i < start[destination + 1]; i++) {
      if (tails[i] !== node) continue;
      chosen = arcs[i];
      draw -= shares[i];
      if (draw < 0) break;
    }
    return chosen;
  }

  function arrive(packet: number, node: number): void {
    if (node !== pool.destination[packet]) {
      enqueue(packet, chooseArc(node, pool.destination[packet]));
      return;
    }
    const batch = pool.batch[packet];
    if (batch >= 0) {
      delivered[batch]++;
      delaySums[batch] += now - pool.sentAt[packet];
    }
    pool.free.push(packet);
  }

  /** The packet at a queue's head has left it. */
  function depart(arc: number): void {
    const packet = queues[arc][heads[arc]];
    heads[arc] = (heads[arc] + 1) % bufferPackets;
    if (--counts[arc] > 0) send(arc);
    const delay = delays[arc >> 1];
    const node = topology.arcHeads[arc];
    // Events below the arcs' numbers are departures, above them arrivals.
    if (delay === 0) arrive(packet, node);
    else heap.push(now + delay, arcCount + packet * nodeCount + node);
  }

  function handle(event: number): void {
    if (event < arcCount) depart(event);
    else {
      const code = event - arcCount;
      arrive(Math.floor(code / nodeCount), code % nodeCount);
    }
  }

  let nextPacket = random.exponential(packetsPerSecond);
  while (sentCount < warmUpPackets + packets) {
    while (heap.size > 0 && heap.firstTime() < nextPacket) {
      now = heap.firstTime();
      handle(heap.pop());
    }
    now = nextPacket;
    nextPacket += random.exponential(packetsPerSecond);
    sentCount++;
    if (sentCount === warmUpPackets + 1) measuredFrom = now;
    const pair = pairs[findAbove(cumulative, random.uniform(0, total))];
    const packet = createPacket(pair);
    const batch = pool.batch[packet];
    if (batch >= 0) sent[batch]++;
    arrive(packet, Math.floor(pair / nodeCount));
  }
  measuredUntil = now;
  sentCount++;
  while (heap.size > 0) {
    now = heap.firstTime();
    handle(heap.pop());
  }
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  const seconds = measuredUntil - measuredFrom;
  return {
    delay: batchMeans(delaySums, delivered),
    loss: batchMeans(lost, sent),
    delivered: sum(delivered),
    lost: sum(lost),
    arcLoss: arcLost.map((count, arc) => count / Math.max(1, arcOffered[arc])),
    carried: arcBits.map((bits) => bits / BITS_PER_MEGABIT / seconds),
  };
}

function checkCounts(packets: number, warmUpPackets: number): void {
  if (!Number.isSafeInteger(packets) || packets < BATCHES) {
    throw new RangeError(
      `Cannot measure ${packets} packets, expected a whole number from ${BATCHES}`,
    );
  }
  if (!Number.isSafeInteger(warmUpPackets) || warmUpPackets < 0) {
    throw new RangeError(
      `Cannot warm up with ${warmUpPackets} packets, expected a whole number from 0`,
    );
  }
}
