import { assertEquals } from "@std/assert";
import { networkUse } from "./network_use.ts";

Deno.test("networkUse() finds weights by which the busiest link is less so", () => {
  const { unit, searched, weights, figure } = networkUse({
    topology: "nsfnet-classes",
    traffic: { type: "gravity", load: 0.9, seed: 0 },
  }, { evaluations: 200 });
  assertEquals(searched < unit, true);
  const bars = figure.data as unknown as { y: number[] }[];
  assertEquals(bars.map(({ y }) => y.length), [weights.length, weights.length]);
  assertEquals(
    bars.map(({ y }) => Math.max(...y).toFixed(6)),
    [unit, searched].map((share) => (100 * share).toFixed(6)),
  );
});
