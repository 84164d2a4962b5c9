/**
 * Traffic matrices: who sends how much to whom.
 *
 * A matrix of a network with n switches is a Float64Array of n x n demands in
 * Mbit/s: from switch `i` to switch `j` at `i * n + j`, zeros on the diagonal
 * and for switches without hosts.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import {
  largestUtilisation,
  makeRoutes,
  routeDemands,
  router,
} from "./routing.ts";
import { edgeNodes, type Topology } from "./topology.ts";

export type { Random, Topology };

/** Kinds of matrices by name. */
export const MATRIX_KINDS = [
  "gravity",
  "exponential",
  "uniform",
  "hotspots",
] as const;

/** Kinds of matrices by name. */
export type MatrixKind = typeof MATRIX_KINDS[number];

/** How often a hotspot is sent to, compared with others. */
const HOTSPOT_FACTOR = 8;
/** One switch with hosts in so many is a hotspot; at least one is. */
const SWITCHES_A_HOTSPOT = 8;

/** Fills in the demand of each pair of switches with hosts. */
function eachPair(
  topology: Topology,
  demand: (i: number, j: number) => number,
): Float64Array {
  const { nodeCount } = topology;
  const nodes = edgeNodes(topology);
  const matrix = new Float64Array(nodeCount * nodeCount);
  for (const i of nodes) {
    for (const j of nodes) {
      if (i !== j) matrix[i * nodeCount + j] = demand(i, j);
    }
  }
  return matrix;
}

/**
 * One unit from each switch with hosts to each other one.
 *
 * @param topology The network.
 */
export function uniformMatrix(topology: Topology): Float64Array {
  return eachPair(topology, () => 1);
}

/**
 * The gravity model: demand in proportion to how much one end sends times how
 * much the other receives (Roughan et al., "Experience in measuring backbone
 * traffic variability", IMW 2002), with exponential weights.
 *
 * @param topology The network.
 * @param random Draws the weights.
 */
export function gravityMatrix(
  topology: Topology,
  random: Random,
): Float64Array {
  const draw = () =>
    Float64Array.from(
      { length: topology.nodeCount },
      () => random.exponential(),
    );
  const sent = draw();
  const received = draw();
  return eachPair(topology, (i, j) => sent[i] * received[j]);
}

/**
 * Independent exponential demands of mean 1.
 *
 * @param topology The network.
 * @param random Draws the demands.
 */
export function exponentialMatrix(
  topology: Topology,
  random: Random,
): Float64Array {
  return eachPair(topology, () => random.exponential());
}

/**
 * Uniform demands, but for a few random switches that all others send eight
 * times as much to: one in eight of those with hosts, at least one.
 *
 * @param topology The network.
 * @param random Draws the hotspots.
 */
export function hotspotMatrix(
  topology: Topology,
  random: Random,
): Float64Array {
  const nodes = random.shuffle(edgeNodes(topology));
  const count = Math.max(1, Math.floor(nodes.length / SWITCHES_A_HOTSPOT));
  const hot = new Set(nodes.slice(0, count));
  return eachPair(topology, (_, j) => hot.has(j) ? HOTSPOT_FACTOR : 1);
}

/**
 * A matrix of a kind, in units of its own; see {@linkcode scaleToLoad}.
 *
 * @param topology The network.
 * @param kind What it is like.
 * @param random Draws it.
 */
export function drawMatrix(
  topology: Topology,
  kind: MatrixKind,
  random: Random,
): Float64Array {
  switch (kind) {
    case "gravity":
      return gravityMatrix(topology, random);
    case "exponential":
      return exponentialMatrix(topology, random);
    case "uniform":
      return uniformMatrix(topology);
    case "hotspots":
      return hotspotMatrix(topology, random);
  }
  throw new RangeError(
    `Cannot draw traffic of the kind "${kind}", expected one of ${
      MATRIX_KINDS.join(", ")
    }`,
  );
}

/**
 * Scales a matrix so that the busiest link of shortest paths by hops (unit
 * weights, ECMP) has a given utilisation if nothing is lost.
 *
 * @param topology The network.
 * @param matrix Changed, and returned.
 * @param load The largest utilisation, above 0; 1 fills the busiest link.
 */
export function scaleToLoad(
  topology: Topology,
  matrix: Float64Array,
  load: number,
): Float64Array {
  if (!(load > 0 && load < Infinity)) {
    throw new RangeError(
      `Cannot scale traffic to a load of ${load}, expected a number above 0`,
    );
  }
  const routes = makeRoutes(topology);
  router(topology)(new Float64Array(topology.linkCount).fill(1), routes);
  const loads = new Float64Array(topology.arcCount);
  routeDemands(routes, matrix, loads);
  const now = largestUtilisation(topology, loads);
  if (now > 0) {
    for (let i = 0; i < matrix.length; i++) matrix[i] *= load / now;
  }
  return matrix;
}

/**
 * Throws `TypeError` unless a matrix has the network's size, and `RangeError`
 * unless its demands are finite, not negative, and zero on the diagonal.
 *
 * @param topology The network.
 * @param matrix The matrix.
 */
export function checkMatrix(
  { name, nodeCount }: Topology,
  matrix: ArrayLike<number>,
): void {
  if (matrix.length !== nodeCount * nodeCount) {
    throw new TypeError(
      `Cannot send ${matrix.length} demands through the network ${
        JSON.stringify(name)
      }, expected ${nodeCount} x ${nodeCount}`,
    );
  }
  for (let k = 0; k < matrix.length; k++) {
    const [i, j] = [Math.floor(k / nodeCount), k % nodeCount];
    const demand = matrix[k];
    if (!(demand >= 0 && demand < Infinity) || (i === j && demand !== 0)) {
      throw new RangeError(
        `Cannot send ${demand} Mbit/s from switch ${i} to ${j}, expected ${
          i === j ? "0" : "a number from 0"
        }`,
      );
    }
  }
}
