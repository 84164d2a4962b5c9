import { assertAlmostEquals, assertEquals } from "@std/assert";
import { routingLines, routingTable } from "./evaluation.ts";

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
