import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { namedTopology } from "./named_topologies.ts";
import {
  checkWeights,
  computeRoutes,
  largestUtilisation,
  routeDemands,
  type Routes,
  type SplittingRule,
} from "./routing.ts";
import { makeTopology, type Topology } from "./topology.ts";
import { uniformMatrix } from "./traffic_matrices.ts";

function ones(topology: Topology): Float64Array {
  return new Float64Array(topology.linkCount).fill(1);
}

function randomWeights(topology: Topology, random: Random): Float64Array {
  return Float64Array.from(
    { length: topology.linkCount },
    () => random.uniform(0.1, 10),
  );
}

/** Distances of all pairs by Floyd and Warshall's algorithm. */
function allDistances(topology: Topology, weights: Float64Array): number[][] {
  const { nodeCount, arcCount, arcTails, arcHeads } = topology;
  const d = Array.from(
    { length: nodeCount },
    (_, i) =>
      Array.from({ length: nodeCount }, (_, j) => i === j ? 0 : Infinity),
  );
  for (let arc = 0; arc < arcCount; arc++) {
    const [u, v] = [arcTails[arc], arcHeads[arc]];
    d[u][v] = Math.min(d[u][v], weights[arc >> 1]);
  }
  for (let k = 0; k < nodeCount; k++) {
    for (let i = 0; i < nodeCount; i++) {
      for (let j = 0; j < nodeCount; j++) {
        d[i][j] = Math.min(d[i][j], d[i][k] + d[k][j]);
      }
    }
  }
  return d;
}

/** Shares of each switch for each destination sum to 1; no entry goes back. */
function checkRoutes(topology: Topology, routes: Routes): void {
  const { nodeCount } = topology;
  for (let t = 0; t < nodeCount; t++) {
    const sums = new Float64Array(nodeCount);
    for (let i = routes.start[t]; i < routes.start[t + 1]; i++) {
      const [u, v] = [routes.tails[i], routes.heads[i]];
      sums[u] += routes.shares[i];
      assert(
        routes.distances[t * nodeCount + v] <
          routes.distances[t * nodeCount + u],
      );
      assertEquals(topology.arcTails[routes.arcs[i]], u);
      assertEquals(topology.arcHeads[routes.arcs[i]], v);
    }
    for (let u = 0; u < nodeCount; u++) {
      assertAlmostEquals(sums[u], u === t ? 0 : 1, 1e-12);
    }
  }
}

Deno.test("NSFNET with unit weights and ECMP has the loads known", () => {
  const topology = namedTopology("nsfnet");
  const routes = computeRoutes(topology, ones(topology));
  const loads = new Float64Array(topology.arcCount);
  routeDemands(routes, uniformMatrix(topology), loads);
  const total = loads.reduce((sum, load) => sum + load, 0);
  assertAlmostEquals(total, 390, 1e-9);
  assertAlmostEquals(total / 182, 2.142857, 5e-7);
  assertAlmostEquals(Math.max(...loads), 15.3333, 5e-5);
  assertAlmostEquals(Math.min(...loads), 5.9167, 5e-5);
  const busiest = [...loads.keys()].filter((arc) => loads[arc] > 15.333);
  const ends = busiest.map((arc) => [
    topology.arcTails[arc],
    topology.arcHeads[arc],
  ]);
  assertEquals(ends, [[7, 10], [10, 7]]);
  assertEquals(Math.max(...routes.distances), 3);
});

Deno.test("distances are those of Floyd and Warshall", () => {
  const random = new Random(1);
  for (const name of ["seed10", "geant2", "random:30:60", "fat-tree:4"]) {
    const topology = namedTopology(name);
    const weights = randomWeights(topology, random);
    const { distances } = computeRoutes(topology, weights);
    allDistances(topology, weights).forEach((row, i) =>
      row.forEach((distance, j) =>
        assertAlmostEquals(
          distances[j * topology.nodeCount + i],
          distance,
          1e-9,
        )
      )
    );
  }
});

Deno.test("routes lose nothing and lead closer, however traffic is split", () => {
  const random = new Random(2);
  for (const name of ["seed10", "nsfnet", "ring:6", "fat-tree:4"]) {
    const topology = namedTopology(name);
    for (const splitting of ["single", "ecmp", "softmin"] as SplittingRule[]) {
      checkRoutes(
        topology,
        computeRoutes(topology, ones(topology), { splitting }),
      );
      const weights = randomWeights(topology, random);
      checkRoutes(topology, computeRoutes(topology, weights, { splitting }));
    }
  }
});

/** Two ways from a to d, of weight 2 and 2 + `longer`. */
function square(longer: number) {
  const topology = makeTopology({
    name: "square",
    nodes: ["a", "b", "c", "d"],
    links: [
      { source: 0, target: 1 },
      { source: 1, target: 3 },
      { source: 0, target: 2 },
      { source: 2, target: 3 },
    ],
  });
  const demands = new Float64Array(16);
  demands[3] = 8;
  const loadsBy = (splitting: SplittingRule) => {
    const loads = new Float64Array(8);
    const weights = [1, 1, 1, 1 + longer];
    routeDemands(
      computeRoutes(topology, weights, { splitting, gamma: 2 }),
      demands,
      loads,
    );
    return [loads[0], loads[4]];
  };
  return { topology, loadsBy };
}

Deno.test("traffic is split over equal ways only by ecmp", () => {
  const { loadsBy } = square(0);
  assertEquals(loadsBy("single"), [8, 0]);
  assertEquals(loadsBy("ecmp"), [4, 4]);
  assertEquals(loadsBy("softmin"), [4, 4]);
  assertEquals(square(0.25).loadsBy("ecmp"), [8, 0]);
});

Deno.test("softmin splits in proportion to exp(-gamma detour)", () => {
  const [short, long] = square(0.25).loadsBy("softmin");
  assertAlmostEquals(long / short, Math.exp(-2 * 0.25), 1e-12);
  assertAlmostEquals(short + long, 8, 1e-12);
});

Deno.test("weights that differ by rounding tie", () => {
  const { topology } = square(0);
  const routes = computeRoutes(topology, [0.1, 0.2, 0.3 - 1e-12, 1e-12]);
  const toD = routes.start[4] - routes.start[3];
  assertEquals(toD, 4);
});

Deno.test("largestUtilisation() takes capacities into account", () => {
  const topology = makeTopology({
    name: "line",
    nodes: ["a", "b", "c"],
    links: [
      { source: 0, target: 1, capacity: 10 },
      { source: 1, target: 2, capacity: 100 },
    ],
  });
  assertEquals(largestUtilisation(topology, Float64Array.of(0, 5, 40, 0)), 0.5);
});

Deno.test("weights and rules that make no sense are refused", () => {
  const topology = namedTopology("ring:3");
  assertThrows(() => checkWeights(topology, [1, 2]), TypeError, "expected 3");
  for (const weight of [0, -1, NaN, Infinity]) {
    assertThrows(
      () => computeRoutes(topology, [1, weight, 1]),
      RangeError,
      `weight ${weight} of link 1`,
    );
  }
  assertThrows(
    () =>
      computeRoutes(topology, [1, 1, 1], { splitting: "softmin", gamma: -1 }),
    RangeError,
    "gamma -1",
  );
});
