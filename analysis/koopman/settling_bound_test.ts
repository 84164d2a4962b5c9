import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { MODEL } from "./_test_model.ts";
import { embeddingConstants, settlingBound } from "./settling_bound.ts";

Deno.test("embeddingConstants() are those of a linear encoder", () => {
  // Scaled features are stretched by 1 and 2.
  const { lower, upper, diameter, pairs } = embeddingConstants(MODEL);
  assert(lower >= 1 - 1e-6 && upper <= 2 + 1e-6);
  assert(upper > 1.2);
  assertAlmostEquals(pairs, 400 * 399 / 2, 2);
  // The extremes of q are 5 and 85, where l differs too.
  assert(diameter > 80 && diameter < 150);
});

Deno.test("the bound holds for the model's own rollouts", () => {
  const bound = settlingBound(MODEL);
  assert(bound.condition > 1);
  const rest = MODEL.decode(MODEL.fixedPoint)[0];
  for (const epsilon of [0.1, 1, 10]) {
    for (const values of MODEL.data.series) {
      const start = MODEL.encode(values.slice(0, 2));
      const q = MODEL.decode(MODEL.rollout(start, 400)).filter((_, i) =>
        i % 2 === 0
      );
      const last = q.findLastIndex((x) => Math.abs(x - rest) > epsilon);
      const time = (last + 1) * MODEL.interval;
      assert(bound.time(epsilon) >= time - MODEL.interval);
      assert(
        bound.timeFrom(values.slice(0, 2), epsilon) >= time - MODEL.interval,
      );
      assert(
        bound.time(epsilon) >= bound.timeFrom(values.slice(0, 2), epsilon) - 1,
      );
    }
  }
  assertThrows(() => bound.time(0), RangeError, "above 0");
});
