import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { contextOf, countChoices } from "./_test_simulators.ts";
import { ecmp, wcmp } from "./hashing.ts";

const FLOWS = 100_000;

/** Chi-square of counts against shares. */
function chiSquare(counts: Float64Array, shares: readonly number[]): number {
  return shares.reduce((sum, share, i) => {
    const expected = share * FLOWS;
    return sum + (counts[i] - expected) ** 2 / expected;
  }, 0);
}

// Chi-square of 6 degrees exceeds 40 with probability 5e-7. A server that got
// 2 % more would give 40 at 100,000 flows.
Deno.test("ecmp() sends as many flows to each server", () => {
  const counts = countChoices(
    ecmp().choose,
    contextOf([1, 1, 1, 1, 2, 2, 2]),
    FLOWS,
  );
  assert(chiSquare(counts, new Array(7).fill(1 / 7)) < 40, `${counts}`);
});

Deno.test("wcmp() sends flows in proportion to weights, however unequal", () => {
  for (
    const weights of [
      [2, 2, 2, 2, 4, 4, 4],
      [1, 2, 3, 4, 5, 6, 79],
      [1e-3, 1, 1, 1, 1, 1, 1],
      [0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.1],
    ]
  ) {
    const counts = countChoices(wcmp().choose, contextOf(weights), FLOWS);
    const total = weights.reduce((sum, weight) => sum + weight);
    const shares = weights.map((weight) => weight / total);
    assert(chiSquare(counts, shares) < 40, `${weights}: ${counts}`);
  }
});

Deno.test("the same key goes to the same server", () => {
  for (const rule of [ecmp(), wcmp()]) {
    const context = contextOf([1, 2, 3], { flowKey: 0xdeadbeef });
    const first = rule.choose(0, context);
    for (let i = 0; i < 10; i++) assertEquals(rule.choose(0, context), first);
    const largest = { ...context, flowKey: 2 ** 32 - 1 };
    assert([0, 1, 2].includes(rule.choose(0, largest)));
  }
});

Deno.test("wcmp() with one server sends everything to it", () => {
  const counts = countChoices(wcmp().choose, contextOf([0.3]), 100);
  assertAlmostEquals(counts[0], 100);
});
