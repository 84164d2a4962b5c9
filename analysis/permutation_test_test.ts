import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { Random } from "../core/random.ts";
import { permutationTest } from "./permutation_test.ts";

Deno.test("permutationTest() counts the splits that are as far apart", () => {
  assertAlmostEquals(permutationTest([1, 2, 3], [4, 5, 6]), 2 / 20);
  assertAlmostEquals(permutationTest([4, 5, 6], [1, 2, 3]), 2 / 20);
  assertAlmostEquals(permutationTest([1], [2, 3]), 2 / 3);
  assertAlmostEquals(permutationTest([7, 7], [7, 7, 7]), 1);
  assertAlmostEquals(permutationTest([0.1, 0.3], [0.2, 0.2]), 1);
});

Deno.test("permutationTest() draws splits where there are too many", () => {
  const a = Array.from({ length: 30 }, (_, i) => i);
  const near = permutationTest(a, a.map((value) => value + 0.1), {
    splits: 2000,
  });
  const far = permutationTest(a, a.map((value) => value + 100), {
    splits: 2000,
  });
  assert(near > 0.9);
  assertAlmostEquals(far, 1 / 2000);
});

Deno.test("permutationTest() gives even probabilities to samples of one kind", () => {
  // 2000 pairs of samples: the share below 0.2 has a standard error of 0.009,
  // so 0.05 off has a probability below 1e-7. A one-sided test would give 0.1.
  const random = new Random(5);
  const sample = () => Array.from({ length: 6 }, () => random.normal());
  let small = 0;
  for (let i = 0; i < 2000; i++) {
    if (permutationTest(sample(), sample()) <= 0.2) small++;
  }
  assertAlmostEquals(small / 2000, 0.2, 0.05);
});

Deno.test("permutationTest() refuses empty samples", () => {
  assertThrows(() => permutationTest([], [1]), RangeError, "0 and 1 values");
});
