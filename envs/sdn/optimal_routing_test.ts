import { assert, assertAlmostEquals, assertRejects } from "@std/assert";
import { Random } from "../../core/random.ts";
import { namedTopology } from "./named_topologies.ts";
import { optimumSolver } from "./optimal_routing.ts";
import { computeRoutes, largestUtilisation, routeDemands } from "./routing.ts";
import { makeTopology, type Topology } from "./topology.ts";
import {
  gravityMatrix,
  scaleToLoad,
  uniformMatrix,
} from "./traffic_matrices.ts";

Deno.test("on a ring with one demand both ways are filled alike", async () => {
  const topology = makeTopology({
    name: "ring",
    nodes: ["a", "b", "c", "d"],
    links: [
      { source: 0, target: 1, capacity: 10 },
      { source: 1, target: 2, capacity: 10 },
      { source: 2, target: 3, capacity: 30 },
      { source: 3, target: 0, capacity: 30 },
    ],
  });
  const demands = new Float64Array(16);
  demands[2] = 20; // a to c: 10 + 30 Mbit/s lead there
  using solver = await optimumSolver(topology);
  const { largestUtilisation: most, loads } = solver.solve(demands);
  assertAlmostEquals(most, 0.5, 1e-7);
  assertAlmostEquals(loads[0], 5, 1e-6);
  assertAlmostEquals(loads[7], 15, 1e-6);
});

Deno.test("uniform traffic on a ring of five cannot do better than its cuts", async () => {
  const topology = namedTopology("ring:5");
  using solver = await optimumSolver(topology);
  // Ten pairs at distance 1 and ten at distance 2 each way: 15 a direction,
  // on five arcs, so 3 Mbit/s on each.
  const { largestUtilisation: most } = solver.solve(uniformMatrix(topology));
  assertAlmostEquals(most * 100, 3, 1e-6);
});

Deno.test("no weights do better than the optimum; its loads are what it says", async () => {
  const random = new Random(1);
  for (const name of ["seed10", "nsfnet-classes"]) {
    const topology = namedTopology(name);
    using solver = await optimumSolver(topology);
    for (let i = 0; i < 3; i++) {
      const demands = scaleToLoad(
        topology,
        gravityMatrix(topology, random),
        1.2,
      );
      const optimum = solver.solve(demands);
      assertAlmostEquals(
        largestUtilisation(topology, optimum.loads),
        optimum.largestUtilisation,
        1e-6,
      );
      const loads = new Float64Array(topology.arcCount);
      for (let k = 0; k < 200; k++) {
        const weights = topology.capacities.map(() => random.uniform(0.1, 10));
        routeDemands(computeRoutes(topology, weights), demands, loads);
        assert(
          largestUtilisation(topology, loads) >
            optimum.largestUtilisation - 1e-6,
        );
      }
    }
  }
});

/** Directed distances by Floyd and Warshall's algorithm. */
function distancesBy(topology: Topology, prices: Float64Array): Float64Array {
  const { nodeCount: n, arcTails, arcHeads } = topology;
  const d = new Float64Array(n * n).fill(Infinity);
  for (let u = 0; u < n; u++) d[u * n + u] = 0;
  prices.forEach((price, arc) => d[arcTails[arc] * n + arcHeads[arc]] = price);
  for (let k = 0; k < n; k++) {
    for (let ij = 0; ij < n * n; ij++) {
      const through = d[Math.floor(ij / n) * n + k] + d[k * n + ij % n];
      d[ij] = Math.min(d[ij], through);
    }
  }
  return d;
}

Deno.test("by the optimum's prices all its ways are shortest", async () => {
  const topology = namedTopology("nsfnet-classes");
  using solver = await optimumSolver(topology);
  for (let seed = 0; seed < 3; seed++) {
    const demands = scaleToLoad(
      topology,
      gravityMatrix(topology, new Random(seed)),
      1,
    );
    const { arcs, links, loads, ...least } = solver.prices(demands);
    assert(links.every((price) => price > 0 && price <= 1));
    const distances = distancesBy(topology, arcs);
    const paid = loads.reduce((sum, load, arc) => sum + load * arcs[arc], 0);
    const shortest = demands.reduce(
      (sum, demand, k) => sum + demand * distances[k],
      0,
    );
    // Nobody pays more than the shortest way costs.
    assertAlmostEquals(paid / shortest, 1, 1e-6);
    assertAlmostEquals(
      largestUtilisation(topology, loads),
      least.largestUtilisation,
      1e-5,
    );
    assertAlmostEquals(
      solver.solve(demands).largestUtilisation,
      least.largestUtilisation,
      1e-9,
    );
  }
});

Deno.test("a solver is used again and again, and refuses wrong matrices", async () => {
  const topology = namedTopology("seed10");
  using solver = await optimumSolver(topology);
  const demands = scaleToLoad(topology, uniformMatrix(topology), 0.5);
  const first = solver.solve(demands).largestUtilisation;
  solver.prices(demands);
  const half = demands.map((demand) => demand / 2);
  assertAlmostEquals(solver.solve(half).largestUtilisation, first / 2, 1e-7);
  assertAlmostEquals(solver.solve(demands).largestUtilisation, first, 1e-7);
  assertAlmostEquals(
    solver.solve(new Float64Array(49)).largestUtilisation,
    0,
    1e-9,
  );
  await assertRejects(
    () => Promise.resolve().then(() => void solver.solve(new Float64Array(4))),
    TypeError,
    "expected 7 x 7",
  );
});
