import { assertEquals } from "@std/assert";
import { describeRange, isInRange, type Range } from "./_numbers.ts";

Deno.test("describeRange() and isInRange() agree about bounds", () => {
  const cases: [Range, string, number[], number[]][] = [
    [{}, "", [-1e308, 0, 1e308], [NaN]],
    [{ minimum: 0 }, "from 0", [0, 1], [-1e-9, NaN]],
    [{ maximum: 1 }, "at most 1", [1, -5], [1.1]],
    [{ exclusiveMinimum: 0 }, "above 0", [1e-300], [0, -1]],
    [{ exclusiveMaximum: 1 }, "below 1", [0.999], [1, 2]],
    [{ minimum: 1, maximum: 2 }, "from 1 to 2", [1, 2], [0.9, 2.1]],
    [
      { exclusiveMinimum: 0, exclusiveMaximum: 1 },
      "above 0 and below 1",
      [0.5],
      [0, 1],
    ],
  ];
  for (const [range, text, inside, outside] of cases) {
    assertEquals(describeRange(range), text);
    for (const value of inside) assertEquals(isInRange(value, range), true);
    for (const value of outside) assertEquals(isInRange(value, range), false);
  }
});
