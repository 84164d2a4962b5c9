import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { pendulumRegret, tabularScores } from "./reference_scores.ts";

Deno.test("tabularScores() finds the best paths of both tasks", async () => {
  const [lake, cliff] = await tabularScores({ seed: 0, seeds: 1 });
  assert(lake.scores[0] > 0.73 && lake.scores[0] < 0.7442);
  assertEquals(cliff.scores, [-13]);
  assertEquals([lake.reached, cliff.reached], [true, true]);
});

Deno.test("pendulumRegret() compares with the optimum of the same starts", () => {
  const line = pendulumRegret([-210, -190], { episodes: 2, firstSeed: 3 });
  const [, optimum, regret] = line.match(
    /starts is (-?[\d.]+) .* the regret (-?[\d.]+)$/,
  )!.map(Number);
  assert(optimum < 0 && optimum > -200);
  assertAlmostEquals(regret, optimum + 200, 0.011);
});
