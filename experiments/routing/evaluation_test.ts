import { assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { recordingContext } from "../training/_recording_context.ts";
import { bestStaticWeights, routingBaselines } from "./comparison.ts";
import {
  compareRouting,
  routingLines,
  type RoutingModel,
  routingTable,
} from "./evaluation.ts";

Deno.test("compareRouting() finds static weights as the first model's study did", async () => {
  const test = {
    options: { topology: "seed10", traffic: { load: 0.9 } },
    firstDay: 7,
    days: 1,
    episodes: 1,
    steps: 2,
    seed: 5,
  };
  const effort = { evaluations: 20, staticEvaluations: 60, staticMatrices: 4 };
  const model = (seed: number) => ({
    seed,
    trainingDays: 2,
    play: () => ({ name: "model", utilisations: new Float64Array(2) }),
  } as unknown as RoutingModel);
  const { context } = recordingContext();
  const [played, , ...baselines] = await compareRouting(
    [model(3), model(9)],
    test,
    { effort, context },
  );
  assertEquals(played.name, "model");
  const own = { ...effort, trainingDays: 2 };
  const staticWeights = bestStaticWeights(test.options, own, 3);
  assertEquals(
    baselines,
    await routingBaselines(test, own, { staticWeights }),
  );
  assertNotEquals(staticWeights, bestStaticWeights(test.options, own, 5));
});

Deno.test("routingLines() pairs by matrices", () => {
  const score = (name: string, ...utilisations: number[]) => ({
    name,
    utilisations: Float64Array.from(utilisations),
  });
  const lines = routingLines([
    score("policy", 0.8, 0.9),
    score("unit weights", 1, 1.1),
    score("local search (Fortz-Thorup)", 0.8, 0.9),
    score("local search", 0.6, 0.7),
  ]);
  const [policy, unit] = lines;
  assertAlmostEquals(policy.difference.estimate, -0.2);
  // The same difference by every matrix: an interval of no width.
  assertAlmostEquals(policy.difference.low, -0.2);
  assertAlmostEquals(policy.gain, 0.5);
  assertAlmostEquals(policy.classicGain, 1);
  assertEquals(unit.overloaded, 0.5);
  assertEquals(routingTable(lines, 2).rows.length, 4);
});
