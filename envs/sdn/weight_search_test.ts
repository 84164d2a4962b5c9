import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { namedTopology } from "./named_topologies.ts";
import { computeRoutes, largestUtilisation, routeDemands } from "./routing.ts";
import { gravityMatrix, scaleToLoad } from "./traffic_matrices.ts";
import {
  inverseCapacityWeights,
  searchWeights,
  unitWeights,
  type WeightSearchOptions,
} from "./weight_search.ts";

const SEED10 = namedTopology("seed10");

function gravity(seed: number): Float64Array {
  return scaleToLoad(SEED10, gravityMatrix(SEED10, new Random(seed)), 0.9);
}

function utilisation(
  weights: ArrayLike<number>,
  demands: Float64Array,
): number {
  const loads = new Float64Array(SEED10.arcCount);
  routeDemands(computeRoutes(SEED10, weights), demands, loads);
  return largestUtilisation(SEED10, loads);
}

Deno.test("weights in inverse proportion to capacities, the fastest with 1", () => {
  const weights = inverseCapacityWeights(SEED10);
  assertEquals(Math.min(...weights), 1);
  SEED10.capacities.forEach((capacity, l) =>
    assertAlmostEquals(weights[l] * capacity, 400, 1e-9)
  );
});

Deno.test("what a search says of its weights is so", () => {
  for (const objective of ["fortz-thorup", "largest-utilisation"] as const) {
    const demands = gravity(1);
    const found = searchWeights(SEED10, [demands], { objective });
    assertAlmostEquals(
      utilisation(found.weights, demands),
      found.largestUtilisation,
      1e-12,
    );
    assert(found.evaluations <= 5000);
    assert(
      found.largestUtilisation <
        utilisation(unitWeights(SEED10), demands) - 0.1,
    );
  }
});

Deno.test("on a small network the search finds the best of all weights", () => {
  const ring = namedTopology("ring:4");
  const random = new Random(3);
  const levels = [1, 2, 3];
  const all = Array.from(
    { length: 81 },
    (_, i) => [1, 3, 9, 27].map((power) => levels[Math.floor(i / power) % 3]),
  );
  for (let i = 0; i < 5; i++) {
    const demands = scaleToLoad(ring, gravityMatrix(ring, random), 1);
    const loads = new Float64Array(ring.arcCount);
    const best = Math.min(...all.map((weights) => {
      routeDemands(computeRoutes(ring, weights), demands, loads);
      return largestUtilisation(ring, loads);
    }));
    const { largestUtilisation: found } = searchWeights(ring, [demands], {
      objective: "largest-utilisation",
      levels,
      evaluations: 1000,
    });
    assertAlmostEquals(found, best, 1e-12);
  }
});

Deno.test("static weights are searched for over many matrices", () => {
  const matrices = [1, 2, 3].map(gravity);
  const { weights, largestUtilisation: mean } = searchWeights(
    SEED10,
    matrices,
    {
      objective: "largest-utilisation",
    },
  );
  const each = matrices.map((matrix) => utilisation(weights, matrix));
  assertAlmostEquals(mean, each.reduce((a, b) => a + b) / 3, 1e-12);
  const unit = matrices.map((matrix) =>
    utilisation(unitWeights(SEED10), matrix)
  );
  assert(mean < unit.reduce((a, b) => a + b) / 3);
});

Deno.test("same seed, same weights; a target ends the search", () => {
  const demands = [gravity(2)];
  const options = { evaluations: 300, seed: 7 };
  assertEquals(
    searchWeights(SEED10, demands, options),
    searchWeights(SEED10, demands, options),
  );
  const { evaluations } = searchWeights(SEED10, demands, { target: 100 });
  assertEquals(evaluations, 1);
});

Deno.test("searches that make no sense are refused", () => {
  const search = (options: WeightSearchOptions) => () =>
    searchWeights(SEED10, [gravity(1)], options);
  assertThrows(() => searchWeights(SEED10, []), RangeError, "without traffic");
  assertThrows(search({ levels: [1] }), RangeError, "[1]");
  assertThrows(search({ levels: [0, 1] }), RangeError, "[0,1]");
  assertThrows(search({ start: [1] }), TypeError, "expected 10");
  assertThrows(
    search({ objective: "hops" as "fortz-thorup" }),
    RangeError,
    "hops",
  );
});
