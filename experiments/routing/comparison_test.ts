import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  largestUtilisation,
  makeRoutes,
  routeDemands,
  router,
} from "../../envs/sdn/routing.ts";
import { namedTopology } from "../../envs/sdn/named_topologies.ts";
import {
  playTest,
  policyAct,
  routingBaselines,
  routingGain,
  testMatrices,
  trainingMatrices,
} from "./comparison.ts";

const TEST = {
  options: { topology: "seed10", traffic: { load: 0.9 } },
  firstDay: 7,
  days: 1,
  episodes: 2,
  steps: 3,
  seed: 5,
} as const;

const still = () => new Float32Array(10);

Deno.test("policies meet the same matrices, whatever they do", () => {
  const quiet = playTest("quiet", still, TEST);
  const loud = playTest("loud", () => new Float32Array(10).fill(1), TEST);
  assertEquals(quiet.matrices, loud.matrices);
  assertEquals(testMatrices(TEST), quiet.matrices);
  assertEquals(quiet.utilisations.length, 6);
});

Deno.test("playTest() has agents forget between episodes", () => {
  let steps = 0;
  const begun: number[] = [];
  const counting = policyAct({
    observationSize: 1,
    actionSize: 10,
    act: () => void steps++,
    reset: () => void begun.push(steps),
  });
  playTest("counting", counting, TEST);
  assertEquals(begun, [0, 3]);
});

Deno.test("baselines are measured as policies are", async () => {
  const effort = {
    evaluations: 60,
    staticEvaluations: 60,
    staticMatrices: 4,
    trainingDays: 2,
  };
  const scores = await routingBaselines(TEST, effort);
  const by = Object.fromEntries(
    scores.map(({ name, utilisations }) => [name, utilisations]),
  );
  // Weights left alone in the environment are unit weights.
  const quiet = playTest("quiet", still, TEST).utilisations;
  quiet.forEach((value, i) =>
    assertAlmostEquals(value, by["unit weights"][i], 1e-12)
  );
  const bound = by["LP optimum"];
  for (const { utilisations } of scores) {
    utilisations.forEach((value, i) => assert(value >= bound[i] - 1e-6));
  }
  by["local search"].forEach((value, i) =>
    assert(value <= by["best static weights"][i])
  );
});

Deno.test("training matrices are none of the tested days'", () => {
  const training = trainingMatrices(TEST.options, { days: 7, count: 5 });
  assertEquals(training.length, 5);
  const topology = namedTopology("seed10");
  const routes = makeRoutes(topology);
  const loads = new Float64Array(topology.arcCount);
  router(topology, { splitting: "ecmp" })(new Float64Array(10).fill(1), routes);
  const of = (matrix: Float64Array) => {
    routeDemands(routes, matrix, loads);
    return largestUtilisation(topology, loads);
  };
  const tested = testMatrices(TEST).map(of);
  assert(training.map(of).every((value) => !tested.includes(value)));
});

Deno.test("routingGain() is 0 for unit weights and 1 for the search", () => {
  const compared = { unit: [1, 0.8], search: [0.8, 0.6] };
  assertAlmostEquals(routingGain([1, 0.8], compared), 0);
  assertAlmostEquals(routingGain([0.8, 0.6], compared), 1);
  assertAlmostEquals(routingGain([0.9, 0.7], compared), 0.5);
});
