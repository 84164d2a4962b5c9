/**
 * How full the links of a network are, under unit weights and better ones.
 *
 * @module
 */
import { barFigure } from "../../analysis/figures/bar_figure.ts";
import type { Figure } from "../../analysis/figures/figure.ts";
import { type SDNOptions, sdnSettings } from "../../envs/sdn/env_options.ts";
import {
  largestUtilisation,
  makeRoutes,
  routeDemands,
  router,
} from "../../envs/sdn/routing.ts";
import { matricesAt } from "../../envs/sdn/traffic.ts";
import { searchWeights, unitWeights } from "../../envs/sdn/weight_search.ts";

export type { Figure, SDNOptions };

/** Which demands are routed, and how hard weights are searched for. */
export interface NetworkUseOptions {
  /** The interval of the traffic, from 0. Default 144: noon of the first day. */
  readonly interval?: number;
  /** Sets of weights that the search tries. Default 1000. */
  readonly evaluations?: number;
  /** Seed of the search. Default 0. */
  readonly seed?: number;
}

/** Links of a network under one matrix of demands. */
export interface NetworkUse {
  /** Largest utilisation under unit weights. */
  readonly unit: number;
  /** The same under the weights that were found. */
  readonly searched: number;
  /** The weights that were found. Shape [links]. */
  readonly weights: Float64Array;
  /** The busier direction of every link, under both. */
  readonly figure: Figure;
}

/**
 * Routes one matrix of demands under unit weights and under those that a local
 * search finds for it.
 *
 * @param options The network and its traffic.
 * @param search Which matrix, and how hard to search.
 */
export function networkUse(
  options: SDNOptions,
  { interval = 144, evaluations = 1000, seed = 0 }: NetworkUseOptions = {},
): NetworkUse {
  const { topology, traffic, splitting, gamma } = sdnSettings(options).emulator;
  const [matrix] = matricesAt(traffic, topology, [interval]);
  const { weights } = searchWeights(topology, [matrix], {
    splitting,
    gamma,
    objective: "largest-utilisation",
    evaluations,
    seed,
  });
  const route = router(topology, { splitting, gamma });
  const routes = makeRoutes(topology);
  const loadsUnder = (weights: Float64Array) => {
    const loads = new Float64Array(topology.arcCount);
    route(weights, routes);
    routeDemands(routes, matrix, loads);
    return loads;
  };
  const before = loadsUnder(unitWeights(topology));
  const after = loadsUnder(weights);
  const busier = (loads: Float64Array) =>
    topology.capacities.map((capacity, link) =>
      100 * Math.max(loads[2 * link], loads[2 * link + 1]) / capacity
    );
  const categories = Array.from(
    topology.capacities,
    (_, link) =>
      [topology.arcTails[2 * link], topology.arcHeads[2 * link]]
        .map((node) => topology.nodeNames[node]).join("–"),
  );
  return {
    unit: largestUtilisation(topology, before),
    searched: largestUtilisation(topology, after),
    weights,
    figure: barFigure([
      { name: "all weights 1", values: busier(before) },
      { name: "searched weights", values: busier(after) },
    ], {
      title: `Links of ${topology.name}, the busier direction`,
      categories,
      y: { title: "Utilisation", unit: "%" },
      horizontalLines: [{ value: 100, label: "full" }],
    }),
  };
}
