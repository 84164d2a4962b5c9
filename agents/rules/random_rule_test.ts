import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomRule } from "./random_rule.ts";
import type { ServiceView } from "./service_view.ts";

const VIEW = {} as ServiceView;

Deno.test("randomRule() draws each change equally often", () => {
  // 30,000 draws; the count of a change of probability 1/3 has a standard
  // deviation of 81.6. Beyond 5.5 of them with probability 4e-8 each. Catches
  // probabilities that are off by 0.03.
  const rule = randomRule({ seed: 3 });
  const counts = [0, 0, 0];
  for (let i = 0; i < 30_000; i++) counts[rule.decide(VIEW) + 1]++;
  for (const count of counts) {
    assert(Math.abs(count - 10_000) < 449, `${count}`);
  }
});

Deno.test("randomRule() repeats itself from a seed or a saved state", () => {
  const draw = (rule: ReturnType<typeof randomRule>) =>
    Array.from({ length: 40 }, () => rule.decide(VIEW));
  const rule = randomRule({ seed: 7, changes: [-2, 5] });
  const saved = rule.saveState();
  const first = draw(rule);
  assertEquals(draw(randomRule({ seed: 7, changes: [-2, 5] })), first);
  assert(first.every((change) => change === -2 || change === 5));
  rule.reset();
  assert(draw(rule).join() !== first.join());
  rule.loadState(saved);
  assertEquals(draw(rule), first);
  assertThrows(() => randomRule({ changes: [] }), RangeError);
});
