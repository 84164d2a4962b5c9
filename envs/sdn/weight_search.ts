/**
 * Good weights by local search, and the weights that others begin with.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { networkCost } from "./link_cost.ts";
import {
  checkWeights,
  largestUtilisation,
  makeRoutes,
  routeDemands,
  router,
  type SplittingOptions,
} from "./routing.ts";
import type { Topology } from "./topology.ts";
import { checkMatrix } from "./traffic_matrices.ts";

export type { SplittingOptions, Topology };

/**
 * What a search makes small, on average over the matrices.
 *
 * - `fortz-thorup`: the cost of all links, see `fortzThorupCost`.
 * - `largest-utilisation`: the busiest link's, and among equals the cost.
 */
export const SEARCH_OBJECTIVES = [
  "fortz-thorup",
  "largest-utilisation",
] as const;

/** What a search makes small. */
export type SearchObjective = typeof SEARCH_OBJECTIVES[number];

/** Options of {@linkcode searchWeights}. */
export interface WeightSearchOptions extends SplittingOptions {
  /** What is made small. Default `fortz-thorup`. */
  readonly objective?: SearchObjective;
  /**
   * Weights that a link may have. Default: multiples of 0.5 from 0.5 to 10,
   * which tie, so that traffic can be split evenly.
   */
  readonly levels?: readonly number[];
  /** Weights to begin with. Default: all 1. */
  readonly start?: ArrayLike<number>;
  /** How many sets of weights are tried. Default 5000. */
  readonly evaluations?: number;
  /** Ends the search where the objective is this small. Default: never. */
  readonly target?: number;
  /** Where random numbers come from. Default 0. */
  readonly seed?: number;
}

/** What a search found. */
export interface FoundWeights {
  /** The weights. Shape [links]. */
  readonly weights: Float64Array;
  /** Their objective. */
  readonly objective: number;
  /** Mean largest utilisation over the matrices. */
  readonly largestUtilisation: number;
  /** How many sets of weights were tried. */
  readonly evaluations: number;
}

/** Cost of utilisations beside the largest one: it only breaks ties. */
const TIE_BREAK = 1e-6;
/** One link in so many gets a random weight when a search is stuck. */
const LINKS_A_KICK = 8;

function defaultLevels(): number[] {
  return Array.from({ length: 20 }, (_, i) => (i + 1) / 2);
}

/** Weights of 1: shortest paths by hops. */
export function unitWeights({ linkCount }: Topology): Float64Array {
  return new Float64Array(linkCount).fill(1);
}

/**
 * Weights in inverse proportion to capacities, as Cisco's OSPF sets them; the
 * fastest link has 1.
 *
 * @param topology The network.
 */
export function inverseCapacityWeights(
  { capacities }: Topology,
): Float64Array {
  const fastest = capacities.reduce((a, b) => Math.max(a, b));
  return capacities.map((capacity) => fastest / capacity);
}

/** What of some weights is looked at. */
interface Evaluation {
  objective: number;
  largestUtilisation: number;
}

function evaluator(
  topology: Topology,
  matrices: readonly Float64Array[],
  options: WeightSearchOptions,
): (weights: ArrayLike<number>) => Evaluation {
  const { objective = "fortz-thorup" } = options;
  if (!SEARCH_OBJECTIVES.includes(objective)) {
    throw new RangeError(
      `Cannot search for the least "${objective}", expected one of ${
        SEARCH_OBJECTIVES.join(", ")
      }`,
    );
  }
  const route = router(topology, options);
  const routes = makeRoutes(topology);
  const loads = new Float64Array(topology.arcCount);
  // The cost that there would be if every arc were just full.
  const scale = networkCost(
    topology,
    loads.map((_, arc) => topology.capacities[arc >> 1]),
  );
  return (weights) => {
    route(weights, routes);
    let cost = 0;
    let largest = 0;
    for (const matrix of matrices) {
      routeDemands(routes, matrix, loads);
      cost += networkCost(topology, loads);
      largest += largestUtilisation(topology, loads);
    }
    cost /= scale * matrices.length;
    largest /= matrices.length;
    return {
      objective: objective === "fortz-thorup"
        ? cost
        : largest + TIE_BREAK * cost,
      largestUtilisation: largest,
    };
  };
}

function checkOptions(
  topology: Topology,
  matrices: readonly Float64Array[],
  levels: readonly number[],
): void {
  if (matrices.length === 0) {
    throw new RangeError("Cannot search for weights without traffic matrices");
  }
  for (const matrix of matrices) checkMatrix(topology, matrix);
  if (
    levels.length < 2 || !levels.every((level) => level > 0 && level < Infinity)
  ) {
    throw new RangeError(
      `Cannot search among the weights [${levels}], expected two or more above 0`,
    );
  }
}

/**
 * Weights for which traffic costs little, by local search in the manner of
 * Fortz and Thorup: link after link in random order gets the best of all
 * weights; where no link can be bettered, a few get random ones, and the search
 * goes on from there. The best that was met is returned.
 *
 * @param topology The network.
 * @param matrices Demands (as for `routeDemands`); the objective is the mean
 * over them, so that many make weights that are good all along.
 * @param options Throws `RangeError` or `TypeError` for values that make no
 * sense.
 */
export function searchWeights(
  topology: Topology,
  matrices: readonly Float64Array[],
  options: WeightSearchOptions = {},
): FoundWeights {
  const {
    levels = defaultLevels(),
    start = unitWeights(topology),
    evaluations: budget = 5000,
    target = -Infinity,
    seed = 0,
  } = options;
  checkOptions(topology, matrices, levels);
  checkWeights(topology, start);
  const evaluate = evaluator(topology, matrices, options);
  const random = new Random(seed);
  const links = [...topology.capacities.keys()];
  const weights = Float64Array.from(start);
  let current = evaluate(weights);
  let best = { weights: weights.slice(), ...current };
  let evaluations = 1;

  /** Gives a link its best weight; returns whether that is another. */
  function improve(link: number): boolean {
    const before = weights[link];
    let chosen = before;
    for (const level of levels) {
      if (level === before || evaluations >= budget) continue;
      weights[link] = level;
      const tried = evaluate(weights);
      evaluations++;
      if (tried.objective < current.objective) {
        current = tried;
        chosen = level;
      }
    }
    weights[link] = chosen;
    return chosen !== before;
  }

  function kick(): void {
    weights.set(best.weights);
    random.shuffle(links);
    const count = Math.max(2, Math.ceil(links.length / LINKS_A_KICK));
    for (const link of links.slice(0, count)) {
      weights[link] = random.choice(levels);
    }
    current = evaluate(weights);
    evaluations++;
  }

  while (evaluations < budget && best.objective > target) {
    let improved = false;
    for (const link of random.shuffle(links)) {
      improved = improve(link) || improved;
      if (current.objective < best.objective) {
        best = { weights: weights.slice(), ...current };
        if (best.objective <= target) break;
      }
    }
    if (!improved && evaluations < budget) kick();
  }
  return { ...best, evaluations };
}
