import { assertEquals, assertThrows } from "@std/assert";
import {
  compareNumbers,
  estimateOf,
  exactly,
  hasMoved,
  meanOf,
  type Standing,
} from "./numbers.ts";

function standing(
  published: Parameters<typeof compareNumbers>[0][number],
  now: unknown,
): Standing {
  return compareNumbers([published], [exactly(published.name, now)])[0]
    .standing;
}

Deno.test("meanOf() has the interval of Student's t, or none where all are alike", () => {
  const { low, estimate, high } = meanOf("a", [1, 2, 3, 4, 5]);
  assertEquals(estimate, 3);
  assertEquals(
    [low, high].map((end) => end.toFixed(4)),
    ["1.0368", "4.9632"],
  );
  assertEquals(meanOf("a", [7, 7]), {
    name: "a",
    estimate: 7,
    low: 7,
    high: 7,
  });
});

Deno.test("compareNumbers() tells the same, inside and outside", () => {
  const published = meanOf("a", [1, 2, 3, 4, 5]);
  assertEquals(standing(published, 3), "same");
  assertEquals(standing(published, 3 + 1e-12), "same");
  assertEquals(standing(published, 4.96), "inside");
  assertEquals(standing(published, 4.97), "outside");
  assertEquals(standing(published, null), "outside");
});

Deno.test("compareNumbers() wants six digits of numbers without an interval", () => {
  assertEquals(standing(exactly("a", 100), 100.00005), "inside");
  assertEquals(standing(exactly("a", 100), 100.001), "outside");
  assertEquals(standing(exactly("a", true), false), "outside");
  assertEquals(standing(exactly("a", null), null), "same");
});

Deno.test("compareNumbers() finds numbers that only one run has", () => {
  const compared = compareNumbers(
    [exactly("gone", 1), exactly("kept", 2)],
    [exactly("kept", 2), exactly("new", 3)],
  );
  assertEquals(
    compared.map(({ name, standing }) => [name, standing]),
    [["gone", "missing"], ["kept", "same"], ["new", "missing"]],
  );
  assertEquals(compared.map(hasMoved), [true, false, true]);
});

Deno.test("compareNumbers() moves with what is no number", () => {
  assertEquals(standing(exactly("a", 1), NaN), "outside");
});

Deno.test("estimateOf() and exactly() refuse what is no number", () => {
  assertThrows(
    () => exactly("queue", undefined),
    TypeError,
    'Cannot read "queue": it is undefined, expected a number',
  );
  assertEquals(estimateOf("a", { estimate: 5, low: 4, high: null }), {
    name: "a",
    estimate: 5,
    low: 4,
    high: Infinity,
  });
});
