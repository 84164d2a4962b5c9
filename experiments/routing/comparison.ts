/**
 * Routing policies beside fixed weights, searches and the optimum, on the same
 * traffic matrices.
 *
 * @module
 */
import type { Policy } from "../../agents/policy.ts";
import { Random } from "../../core/random.ts";
import { type SDNOptions, sdnSettings } from "../../envs/sdn/env_options.ts";
import { optimumSolver } from "../../envs/sdn/optimal_routing.ts";
import {
  largestUtilisation,
  makeRoutes,
  routeDemands,
  router,
} from "../../envs/sdn/routing.ts";
import { SDNEnv } from "../../envs/sdn/sdn_env.ts";
import { matricesAt } from "../../envs/sdn/traffic.ts";
import {
  inverseCapacityWeights,
  searchWeights,
  unitWeights,
} from "../../envs/sdn/weight_search.ts";

export type { Policy, SDNEnv, SDNOptions };

/** Which matrices policies are tested on. */
export interface RoutingTest {
  /** Options of the environment; `startDays` and `episodeSteps` are replaced. */
  readonly options: SDNOptions;
  /** The first day that is tested on, counted from 0. */
  readonly firstDay: number;
  /** How many days. */
  readonly days: number;
  /** Episodes, which begin at random intervals of these days. */
  readonly episodes: number;
  /** Steps of each: a matrix a step. */
  readonly steps: number;
  /** Where the beginnings come from. */
  readonly seed: number;
}

/** How hard searches try. */
export interface SearchEffort {
  /** Sets of weights tried for each matrix. */
  readonly evaluations: number;
  /** Sets tried for the best static weights. */
  readonly staticEvaluations: number;
  /** Training matrices that static weights are found on. */
  readonly staticMatrices: number;
  /** Days, from 0, that these are of. */
  readonly trainingDays: number;
}

/** One policy's largest utilisations, in the order of the matrices. */
export interface RoutingScore {
  /** Its name. */
  readonly name: string;
  /** Largest utilisation by each matrix, if nothing were lost. */
  readonly utilisations: Float64Array;
}

/** Chooses an action by what is seen. */
export interface Act {
  /** The next action. */
  (observation: Float32Array, env: SDNEnv): Float32Array;
  /** Called as an episode begins, by those who need to know. */
  begin?(): void;
}

/** The environment that a test is played in. */
export function testEnvironment(test: RoutingTest): SDNEnv {
  return new SDNEnv({
    ...test.options,
    startDays: { first: test.firstDay, count: test.days },
    episodeSteps: test.steps,
  });
}

/** The seeds of a test's episodes. */
function testSeeds({ seed, episodes }: RoutingTest): number[] {
  const random = new Random(seed);
  return Array.from(
    { length: episodes },
    () => random.integer(0, Number.MAX_SAFE_INTEGER),
  );
}

/** Acts as a trained policy. */
export function policyAct(policy: Policy): Act {
  const noMask = new Uint8Array(0);
  const act = (observation: Float32Array) => {
    const action = new Float32Array(policy.actionSize);
    policy.act(observation, noMask, action);
    return action;
  };
  return Object.assign(act, { begin: () => policy.reset?.() });
}

/**
 * Plays a test.
 *
 * @param name What plays.
 * @param act Its actions.
 * @param test Which matrices. Throws `RangeError` where the network is not
 * embedded: a controller over HTTP does not tell utilisations above 1.
 */
export function playTest(
  name: string,
  act: Act,
  test: RoutingTest,
): RoutingScore & { readonly matrices: readonly Float64Array[] } {
  using env = testEnvironment(test);
  const { emulator } = env;
  if (emulator === undefined) {
    throw new RangeError(
      `Cannot test policies through ${env.settings.ryuBase}, expected the embedded controller`,
    );
  }
  const matrices: Float64Array[] = [];
  const utilisations: number[] = [];
  for (const seed of testSeeds(test)) {
    let { observation } = env.reset({ seed });
    act.begin?.();
    for (let over = false; !over;) {
      matrices.push(emulator.demands.slice());
      const result = env.step(act(observation, env));
      observation = result.observation;
      utilisations.push(result.info.largestUtilisation!);
      over = result.truncated;
    }
  }
  return { name, utilisations: Float64Array.from(utilisations), matrices };
}

/** The matrices of a test, in the order in which policies meet them. */
export function testMatrices(test: RoutingTest): readonly Float64Array[] {
  const still = (_: Float32Array, env: SDNEnv) =>
    new Float32Array(env.actionSpace.low.length);
  return playTest("", still, test).matrices;
}

/** Matrices of the training days, evenly spread. */
export function trainingMatrices(
  options: SDNOptions,
  { days, count }: { days: number; count: number },
): Float64Array[] {
  const { topology, traffic } = sdnSettings(options).emulator;
  const all = Math.min(days * traffic.intervalsPerDay, traffic.intervals);
  const intervals = Array.from(
    { length: Math.min(count, all) },
    (_, i) => Math.floor((i + 0.5) * all / Math.min(count, all)),
  );
  return matricesAt(traffic, topology, intervals);
}

/**
 * Weights that are good for training days as a whole.
 *
 * @param options The network and its traffic.
 * @param effort How hard to search.
 * @param seed Of the search.
 */
export function bestStaticWeights(
  options: SDNOptions,
  effort: SearchEffort,
  seed: number,
): Float64Array {
  const { topology, splitting, gamma } = sdnSettings(options).emulator;
  const matrices = trainingMatrices(options, {
    days: effort.trainingDays,
    count: effort.staticMatrices,
  });
  return searchWeights(topology, matrices, {
    splitting,
    gamma,
    objective: "largest-utilisation",
    evaluations: effort.staticEvaluations,
    seed,
  }).weights;
}

/**
 * What others reach on a test's matrices: unit weights, inverse capacity, the
 * best static weights of the training days, local search by Fortz and Thorup's
 * cost from unit weights, local search for the largest utilisation from the
 * best static weights, and the linear programme's bound.
 *
 * @param test Which matrices.
 * @param effort How hard to search.
 * @param options The best static weights, where they are known, and a turn for
 * others between matrices.
 */
export async function routingBaselines(
  test: RoutingTest,
  effort: SearchEffort,
  options: {
    staticWeights?: Float64Array;
    onMatrix?: (done: number, all: number) => Promise<void>;
  } = {},
): Promise<RoutingScore[]> {
  const { topology, splitting, gamma } = sdnSettings(test.options).emulator;
  const matrices = testMatrices(test);
  const staticWeights = options.staticWeights ??
    bestStaticWeights(test.options, effort, test.seed);
  const fixed = {
    "unit weights": unitWeights(topology),
    "inverse capacity": inverseCapacityWeights(topology),
    "best static weights": staticWeights,
  };
  const route = router(topology, { splitting, gamma });
  const routes = makeRoutes(topology);
  const loads = new Float64Array(topology.arcCount);
  const scores: RoutingScore[] = Object.entries(fixed).map(
    ([name, weights]) => {
      route(weights, routes);
      const utilisations = matrices.map((matrix) => {
        routeDemands(routes, matrix, loads);
        return largestUtilisation(topology, loads);
      });
      return { name, utilisations: Float64Array.from(utilisations) };
    },
  );
  const found = (matrix: Float64Array, more: object, seed: number) =>
    searchWeights(topology, [matrix], {
      splitting,
      gamma,
      evaluations: effort.evaluations,
      seed,
      ...more,
    }).largestUtilisation;
  const classic = new Float64Array(matrices.length);
  const search = new Float64Array(matrices.length);
  const bound = new Float64Array(matrices.length);
  using solver = await optimumSolver(topology);
  for (const [i, matrix] of matrices.entries()) {
    classic[i] = found(matrix, { objective: "fortz-thorup" }, i);
    search[i] = found(matrix, {
      objective: "largest-utilisation",
      start: staticWeights,
    }, i);
    bound[i] = solver.solve(matrix).largestUtilisation;
    await options.onMatrix?.(i + 1, matrices.length);
  }
  return [
    ...scores,
    { name: "local search (Fortz-Thorup)", utilisations: classic },
    { name: "local search", utilisations: search },
    { name: "LP optimum", utilisations: bound },
  ];
}

/**
 * The share of what local search wins over unit weights that a policy wins:
 * (U_unit - U_policy) / (U_unit - U_search), of means; 1 is as good.
 *
 * @param utilisations The policy's.
 * @param compared Those of unit weights and of the search, of the same
 * matrices.
 */
export function routingGain(
  utilisations: ArrayLike<number>,
  compared: { unit: ArrayLike<number>; search: ArrayLike<number> },
): number {
  const sum = (values: ArrayLike<number>) =>
    Array.from(values).reduce((total, value) => total + value, 0);
  const unit = sum(compared.unit);
  return (unit - sum(utilisations)) / (unit - sum(compared.search));
}
