import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  referenceBound,
  referenceSettlingIndex,
} from "./reference_settling.ts";

Deno.test("referenceBound() gives the original's numbers", () => {
  // Its bounds at |lambda| = 0.9965, rounded to four digits.
  const expected = { 1: 15_216, 5: 10_630, 10: 8655, 29: 5622 };
  for (const [delta, bound] of Object.entries(expected)) {
    assertAlmostEquals(referenceBound(0.9965, Number(delta)) / bound, 1, 0.002);
  }
  assertEquals(referenceBound(1, 1), Infinity);
});

Deno.test("referenceSettlingIndex() takes the first visit, before any fault", () => {
  const path = new Float64Array(400).fill(20);
  path[50] = 58;
  assertEquals(referenceSettlingIndex(path, 2), 50);
  assertEquals(referenceSettlingIndex(path, 1), Infinity);
  path.fill(60, 200);
  assertEquals(referenceSettlingIndex(path, 1), Infinity); // the tail is left out
});
