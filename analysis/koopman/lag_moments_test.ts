import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  addPair,
  lagCorrelations,
  noMoments,
  sumMoments,
} from "./lag_moments.ts";

/** y = 2 x + 1 and a constant, seen through (x, 7). */
function pairs(values: readonly number[]) {
  const moments = noMoments(2);
  for (const x of values) {
    addPair(moments, Float64Array.of(x, 7), Float64Array.of(2 * x + 1, 7));
  }
  return moments;
}

Deno.test("correlations are about both means, in deviations of the first", () => {
  const { square, cross } = lagCorrelations(pairs([1, 2, 6]), 0.5);
  assertAlmostEquals(square.values[0], 1.5, 1e-12);
  assertAlmostEquals(cross.values[0], 2, 1e-12);
  // What never varies keeps its unit and correlates with nothing.
  assertAlmostEquals(square.values[3], 0.5, 1e-12);
  assertAlmostEquals(cross.values[1], 0, 1e-12);
});

Deno.test("sumMoments() is the moments of all pairs", () => {
  const sum = sumMoments([pairs([1, 2]), pairs([6])]);
  assertEquals(sum, pairs([1, 2, 6]));
});
