/**
 * Hand-written policies and experts for the routing environment.
 *
 * @module
 */
import { exp, log } from "../../core/fdlibm.ts";
import { Random } from "../../core/random.ts";
import { sample } from "../../core/spaces.ts";
import type { FluidEmulator } from "../../envs/sdn/fluid_emulator.ts";
import { optimumSolver } from "../../envs/sdn/optimal_routing.ts";
import type { SDNEnv } from "../../envs/sdn/sdn_env.ts";
import {
  inverseCapacityWeights,
  type SearchObjective,
  searchWeights,
  unitWeights,
} from "../../envs/sdn/weight_search.ts";

export type { SDNEnv, SearchObjective };

/** Names of policies that {@linkcode routingPolicy} makes. */
export const ROUTING_POLICIES = [
  "zeros",
  "random",
  "ospf",
  "local-search",
  "optimal",
] as const;

/** A policy's name. */
export type RoutingPolicyName = typeof ROUTING_POLICIES[number];

/** Who chooses actions in a routing environment. */
export interface RoutingPolicy extends Disposable {
  /** Its name. */
  readonly name: RoutingPolicyName;
  /** Called when an episode has begun; all randomness follows from the seed. */
  begin(seed: number): void;
  /** The next action, of the environment's action space; fresh. */
  act(): Float32Array;
}

/** Options of {@linkcode routingPolicy}. */
export interface RoutingPolicyOptions {
  /**
   * Sets of weights that `local-search` and `optimal` try in each step.
   * Default 400.
   */
  readonly evaluations?: number;
  /** What `local-search` makes small. Default `fortz-thorup`. */
  readonly objective?: SearchObjective;
}

/** `optimal` looks no further so close above the bound. */
const CLOSE_ENOUGH = 1.005;
/** Going to other weights takes steps: they have to be so much better. */
const WORTH_LEAVING = 0.97;
/** How many weights a search tries for each link. */
const LEVELS = 20;

/**
 * The action that moves weights towards others as far as one step may.
 *
 * @param env The environment, whose options say what actions do.
 * @param from The weights now. Shape [links].
 * @param to The weights wanted. Shape [links].
 */
export function actionTowards(
  env: SDNEnv,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
): Float32Array {
  const { isReference, actionScale, actionMode, emulator } = env.settings;
  const { low, high } = env.actionSpace;
  return Float32Array.from(low, (least, l) => {
    const start = actionMode === "absolute" ? emulator.baseline[l] : from[l];
    const wanted = isReference
      ? to[l] - start
      : log(to[l] / start) / actionScale;
    return Math.min(Math.max(wanted, least), high[l]);
  });
}

function zeros(env: SDNEnv): RoutingPolicy {
  return {
    name: "zeros",
    begin() {},
    act: () => new Float32Array(env.actionSpace.low.length),
    [Symbol.dispose]() {},
  };
}

function random(env: SDNEnv): RoutingPolicy {
  let stream = new Random(0);
  return {
    name: "random",
    begin: (seed) => stream = new Random(seed),
    act: () => sample(env.actionSpace, stream) as Float32Array,
    [Symbol.dispose]() {},
  };
}

function networkOf(env: SDNEnv, name: RoutingPolicyName): FluidEmulator {
  if (env.emulator === undefined) {
    throw new RangeError(
      `Cannot play the policy ${name} through ${env.settings.ryuBase}, which does not tell demands: expected one of zeros, random, ospf, or the embedded controller`,
    );
  }
  return env.emulator;
}

/** Capacities are those of the options, also where a controller is asked. */
function ospf(env: SDNEnv): RoutingPolicy {
  const weights = inverseCapacityWeights(env.settings.emulator.topology);
  return {
    name: "ospf",
    begin() {},
    act: () => actionTowards(env, env.weights, weights),
    [Symbol.dispose]() {},
  };
}

/**
 * Weights that a link can be given: where actions add up, multiples of half
 * the baseline's 1, which tie so that traffic can be split evenly; else evenly
 * spread over what one action reaches.
 */
function reachableLevels(env: SDNEnv): number[] {
  const { isReference, actionScale, actionMode, emulator } = env.settings;
  const { low, high } = emulator.weightRange;
  if (actionMode === "delta") {
    return Array.from({ length: LEVELS }, (_, i) => (i + 1) / 2)
      .filter((level) => level >= low && level <= high);
  }
  const [least, most] = isReference
    ? [Math.max(low, 1 - actionScale), Math.min(high, 1 + actionScale)]
    : [
      Math.max(low, exp(-actionScale)),
      Math.min(high, exp(actionScale)),
    ];
  return Array.from(
    { length: LEVELS },
    (_, i) => least * (most / least) ** (i / (LEVELS - 1)),
  );
}

/** The level closest to a weight. */
function nearestLevel(levels: readonly number[], weight: number): number {
  return levels.reduce((a, b) =>
    Math.abs(b - weight) < Math.abs(a - weight) ? b : a
  );
}

function localSearch(
  env: SDNEnv,
  { evaluations = 400, objective = "fortz-thorup" }: RoutingPolicyOptions,
): RoutingPolicy {
  const network = networkOf(env, "local-search");
  const levels = reachableLevels(env);
  const { topology, settings } = network;
  let best = unitWeights(topology);
  let stream = new Random(0);
  return {
    name: "local-search",
    begin(seed) {
      best = settings.baseline.slice();
      stream = new Random(seed);
    },
    act() {
      best = searchWeights(topology, [network.demands], {
        splitting: settings.splitting,
        gamma: settings.gamma,
        objective,
        levels,
        evaluations,
        start: best,
        seed: stream.integer(0, Number.MAX_SAFE_INTEGER),
      }).weights;
      return actionTowards(env, network.weights, best);
    },
    [Symbol.dispose]() {},
  };
}

async function optimal(
  env: SDNEnv,
  { evaluations = 400 }: RoutingPolicyOptions,
): Promise<RoutingPolicy> {
  const network = networkOf(env, "optimal");
  const levels = reachableLevels(env);
  const { topology, settings } = network;
  const solver = await optimumSolver(topology);
  let best = unitWeights(topology);
  let stream = new Random(0);

  const inverse = inverseCapacityWeights(topology);

  /** The best weights to be found for the demands that come. */
  function search(demands: Float64Array): Float64Array {
    const { links, largestUtilisation: bound } = solver.prices(demands);
    const most = levels[levels.length - 1];
    const within = (weight: number) => nearestLevel(levels, weight);
    const options = {
      splitting: settings.splitting,
      gamma: settings.gamma,
      objective: "largest-utilisation",
      levels,
      target: bound * CLOSE_ENOUGH,
      seed: stream.integer(0, Number.MAX_SAFE_INTEGER),
    } as const;
    const starts = [
      best,
      inverse.map(within),
      links.map((price) => within(price * most)),
    ].map((start) =>
      searchWeights(topology, [demands], { ...options, start, evaluations: 1 })
    );
    const { weights: start } = starts.reduce((a, b) =>
      b.objective < a.objective * WORTH_LEAVING ? b : a
    );
    return searchWeights(topology, [demands], {
      ...options,
      start,
      evaluations,
    })
      .weights;
  }

  return {
    name: "optimal",
    begin(seed) {
      best = settings.baseline.slice();
      stream = new Random(seed);
    },
    act() {
      const { demands } = network;
      if (demands.some((demand) => demand > 0)) best = search(demands);
      return actionTowards(env, network.weights, best);
    },
    [Symbol.dispose]: () => solver[Symbol.dispose](),
  };
}

/**
 * A policy by its name:
 *
 * - `zeros` leaves weights as they are.
 * - `random` draws actions from the action space.
 * - `ospf` moves weights to those in inverse proportion to capacities.
 * - `local-search` moves them to the best that a local search finds for the
 *   demands that come.
 * - `optimal` likewise, beginning from inverse capacities or the link prices of
 *   the optimum where these are better, until the largest utilisation is within half a percent of the least that
 *   any routing can reach.
 *
 * @param name Throws `RangeError` for one that is none, or that needs to know
 * more than a controller over HTTP tells.
 * @param env The environment that it acts in.
 * @param options How hard experts try.
 */
export function routingPolicy(
  name: RoutingPolicyName,
  env: SDNEnv,
  options: RoutingPolicyOptions = {},
): Promise<RoutingPolicy> | RoutingPolicy {
  switch (name) {
    case "zeros":
      return zeros(env);
    case "random":
      return random(env);
    case "ospf":
      return ospf(env);
    case "local-search":
      return localSearch(env, options);
    case "optimal":
      return optimal(env, options);
  }
  throw new RangeError(
    `Cannot play the policy "${name}", expected one of ${
      ROUTING_POLICIES.join(", ")
    }`,
  );
}
