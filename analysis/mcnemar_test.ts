import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { mcnemarTest } from "./mcnemar.ts";

function pairs(lost: number, won: number, same = 3): [boolean, boolean][] {
  return [
    ...Array.from({ length: lost }, (): [boolean, boolean] => [true, false]),
    ...Array.from({ length: won }, (): [boolean, boolean] => [false, true]),
    ...Array.from({ length: same }, (): [boolean, boolean] => [true, true]),
  ];
}

Deno.test("mcnemarTest() sums the binomial's tails", () => {
  assertEquals(mcnemarTest(pairs(2, 5)), {
    lost: 2,
    won: 5,
    // 2 (1 + 7 + 21) / 128
    probability: 58 / 128,
  });
  assertAlmostEquals(mcnemarTest(pairs(15, 0)).probability, 2 / 2 ** 15, 1e-18);
  assertEquals(mcnemarTest(pairs(4, 4)).probability, 1);
  assertEquals(mcnemarTest(pairs(0, 0)).probability, 1);
  assertThrows(() => mcnemarTest([]), RangeError);
});
