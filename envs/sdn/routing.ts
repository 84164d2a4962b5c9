/**
 * From link weights to routes, and from routes and demands to link loads.
 *
 * A routing is destination based, as that of OSPF and of switches that match
 * on the destination address: at each switch the traffic to a destination is
 * split over arcs that lead closer to it, so that there are no loops.
 *
 * @module
 */
import { exp } from "../../core/fdlibm.ts";
import type { Topology } from "./topology.ts";

export type { Topology };

/**
 * How a switch splits traffic over the ways to a destination.
 *
 * - `single`: all over one shortest path, of several the one over the link
 *   that comes first.
 * - `ecmp`: evenly over the next hops of all shortest paths (RFC 2992).
 * - `softmin`: in proportion to exp(-gamma (weight + distance from the next
 *   hop)) over all next hops that are closer to the destination; the larger
 *   gamma, the more over the shortest (Valadarsky et al., "Learning to Route",
 *   HotNets 2017).
 */
export type SplittingRule = "single" | "ecmp" | "softmin";

/** Options of {@linkcode computeRoutes}. */
export interface SplittingOptions {
  /** How traffic is split. Default `ecmp`. */
  readonly splitting?: SplittingRule;
  /** Sharpness of `softmin`. Default 2. */
  readonly gamma?: number;
}

/**
 * Routes to all destinations. To destination `t` lead the entries from
 * `start[t]` to `start[t + 1]`, those of the farthest switch first: whoever
 * walks over them forwards meets traffic after what flows into it.
 */
export interface Routes {
  /** Distances, shape [destinations, switches]. */
  readonly distances: Float64Array;
  /** Where each destination's entries begin. Shape [destinations + 1]. */
  readonly start: Int32Array;
  /** Where each entry leaves from. */
  readonly tails: Int32Array;
  /** Where each entry leads to. */
  readonly heads: Int32Array;
  /** The entry's arc. */
  readonly arcs: Int32Array;
  /** Share of what is at the tail for the destination; sums to 1 a tail. */
  readonly shares: Float64Array;
}

/** Weights that tie up to the rounding of actions, 32-bit floats, do tie. */
const TIE = 1 + 1e-6;

/**
 * Room for the routes of a network.
 *
 * @param topology The network.
 */
export function makeRoutes({ nodeCount, arcCount }: Topology): Routes {
  const most = nodeCount * arcCount;
  return {
    distances: new Float64Array(nodeCount * nodeCount),
    start: new Int32Array(nodeCount + 1),
    tails: new Int32Array(most),
    heads: new Int32Array(most),
    arcs: new Int32Array(most),
    shares: new Float64Array(most),
  };
}

/**
 * Throws unless there is a positive finite weight for each link: `TypeError`
 * for another number of weights, `RangeError` for a weight.
 *
 * @param topology The network.
 * @param weights Weights of the links.
 */
export function checkWeights(
  { linkCount }: Topology,
  weights: ArrayLike<number>,
): void {
  if (weights.length !== linkCount) {
    throw new TypeError(
      `Cannot route by ${weights.length} weights, expected ${linkCount}: one a link`,
    );
  }
  for (let l = 0; l < linkCount; l++) {
    if (!(weights[l] > 0 && weights[l] < Infinity)) {
      throw new RangeError(
        `Cannot route by the weight ${
          weights[l]
        } of link ${l}, expected a number above 0`,
      );
    }
  }
}

/** Writes the entries of switch `u` towards a destination. */
type Split = (to: Destination, u: number, entry: number) => number;

/** What a split needs to know; one object that is used again and again. */
interface Destination {
  /** Weights of the links. */
  weights: ArrayLike<number>;
  /** Where the entries go. */
  routes: Routes;
  /** Distances to the destination. */
  distances: Float64Array;
}

function singleSplit({ outStart, outArcs, arcHeads }: Topology): Split {
  return ({ weights, routes, distances }, u, entry) => {
    let best = -1;
    let shortest = Infinity;
    const end = outStart[u + 1];
    for (let i = outStart[u]; i < end; i++) {
      const arc = outArcs[i];
      const through = distances[arcHeads[arc]] + weights[arc >> 1];
      if (best < 0 || through * TIE < shortest) {
        best = arc;
        shortest = through;
      }
    }
    routes.tails[entry] = u;
    routes.heads[entry] = arcHeads[best];
    routes.arcs[entry] = best;
    routes.shares[entry] = 1;
    return entry + 1;
  };
}

function evenSplit({ outStart, outArcs, arcHeads }: Topology): Split {
  return ({ weights, routes, distances }, u, entry) => {
    const { tails, heads, arcs, shares } = routes;
    const distance = distances[u];
    let next = entry;
    const end = outStart[u + 1];
    for (let i = outStart[u]; i < end; i++) {
      const arc = outArcs[i];
      const v = arcHeads[arc];
      const rest = distances[v];
      if (rest + weights[arc >> 1] <= distance * TIE && rest < distance) {
        tails[next] = u;
        heads[next] = v;
        arcs[next] = arc;
        next++;
      }
    }
    const share = 1 / (next - entry);
    for (let i = entry; i < next; i++) shares[i] = share;
    return next;
  };
}

function softminSplit(
  { outStart, outArcs, arcHeads }: Topology,
  gamma: number,
): Split {
  return ({ weights, routes, distances }, u, entry) => {
    const { tails, heads, arcs, shares } = routes;
    const distance = distances[u];
    let next = entry;
    let total = 0;
    const end = outStart[u + 1];
    for (let i = outStart[u]; i < end; i++) {
      const arc = outArcs[i];
      const v = arcHeads[arc];
      if (distances[v] >= distance) continue;
      const detour = weights[arc >> 1] + distances[v] - distance;
      tails[next] = u;
      heads[next] = v;
      arcs[next] = arc;
      shares[next] = exp(-gamma * detour);
      total += shares[next];
      next++;
    }
    for (let i = entry; i < next; i++) shares[i] /= total;
    return next;
  };
}

function splitOf(
  topology: Topology,
  { splitting = "ecmp", gamma = 2 }: SplittingOptions,
): Split {
  switch (splitting) {
    case "single":
      return singleSplit(topology);
    case "ecmp":
      return evenSplit(topology);
    case "softmin":
      if (!(gamma >= 0 && gamma < Infinity)) {
        throw new RangeError(
          `Cannot split with gamma ${gamma}, expected a number from 0`,
        );
      }
      return softminSplit(topology, gamma);
  }
  throw new RangeError(
    `Cannot split traffic by "${splitting}", expected one of single, ecmp, softmin`,
  );
}

/**
 * A function that finds the routes for weights: shortest paths by Dijkstra's
 * algorithm, traffic split as the options say. Real-valued weights hardly ever
 * tie, so `ecmp` with them is nearly `single`.
 *
 * @param topology The network.
 * @param options How traffic is split.
 * @returns Writes into `routes` those for `weights`, which are not checked
 * (see {@linkcode checkWeights}).
 */
export function router(
  topology: Topology,
  options: SplittingOptions = {},
): (weights: ArrayLike<number>, routes: Routes) => void {
  const split = splitOf(topology, options);
  const { nodeCount, outStart, outArcs, arcHeads } = topology;
  const outLinks = outArcs.map((arc) => arc >> 1);
  const outHeads = outArcs.map((arc) => arcHeads[arc]);
  const order = new Int32Array(nodeCount);
  const distances = new Float64Array(nodeCount);

  /**
   * Dijkstra's distances by a linear scan, which in networks of this size is
   * as fast as a heap. Leaves switches in `order`, the closest first.
   */
  function measure(destination: number, weights: ArrayLike<number>): void {
    for (let i = 0; i < nodeCount; i++) {
      distances[i] = Infinity;
      order[i] = i;
    }
    distances[destination] = 0;
    for (let settled = 0; settled < nodeCount; settled++) {
      let nearest = settled;
      let distance = distances[order[settled]];
      for (let i = settled + 1; i < nodeCount; i++) {
        const other = distances[order[i]];
        if (other < distance) {
          nearest = i;
          distance = other;
        }
      }
      const u = order[nearest];
      order[nearest] = order[settled];
      order[settled] = u;
      const end = outStart[u + 1];
      for (let i = outStart[u]; i < end; i++) {
        const through = distance + weights[outLinks[i]];
        const v = outHeads[i];
        if (through < distances[v]) distances[v] = through;
      }
    }
  }

  return (weights, routes) => {
    const to = { weights, routes, distances };
    let entry = 0;
    for (let t = 0; t < nodeCount; t++) {
      measure(t, weights);
      routes.distances.set(distances, t * nodeCount);
      routes.start[t] = entry;
      for (let i = nodeCount - 1; i > 0; i--) {
        entry = split(to, order[i], entry);
      }
    }
    routes.start[nodeCount] = entry;
  };
}

/**
 * The routes for weights, in arrays of their own.
 *
 * @param topology The network.
 * @param weights A weight above 0 for each link. Throws `TypeError` for
 * another number of weights and `RangeError` for another weight.
 * @param options How traffic is split.
 */
export function computeRoutes(
  topology: Topology,
  weights: ArrayLike<number>,
  options: SplittingOptions = {},
): Routes {
  checkWeights(topology, weights);
  const routes = makeRoutes(topology);
  router(topology, options)(weights, routes);
  return routes;
}

/**
 * What flows over each arc when nothing is lost.
 *
 * @param routes The routes.
 * @param demands Demand from switch `i` to switch `j` at `i * nodes + j`.
 * @param loads Written: load of each arc, in the demands' unit.
 */
export function routeDemands(
  routes: Routes,
  demands: Float64Array,
  loads: Float64Array,
): void {
  const { start, tails, heads, arcs, shares } = routes;
  const nodeCount = start.length - 1;
  const waiting = new Float64Array(nodeCount);
  loads.fill(0);
  for (let t = 0; t < nodeCount; t++) {
    for (let u = 0; u < nodeCount; u++) waiting[u] = demands[u * nodeCount + t];
    for (let i = start[t]; i < start[t + 1]; i++) {
      const flow = waiting[tails[i]] * shares[i];
      loads[arcs[i]] += flow;
      waiting[heads[i]] += flow;
    }
  }
}

/**
 * The largest load in proportion to capacity; above 1 where not all fits.
 *
 * @param topology The network.
 * @param loads Load of each arc in Mbit/s.
 */
export function largestUtilisation(
  { capacities }: Topology,
  loads: Float64Array,
): number {
  let largest = 0;
  for (let arc = 0; arc < loads.length; arc++) {
    const utilisation = loads[arc] / capacities[arc >> 1];
    if (utilisation > largest) largest = utilisation;
  }
  return largest;
}
