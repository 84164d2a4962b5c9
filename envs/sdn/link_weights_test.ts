import { assertEquals, assertThrows } from "@std/assert";
import { addToWeights, checkWeightsWithin } from "./link_weights.ts";
import { namedTopology } from "./named_topologies.ts";

const range = { low: 0.1, high: 10 };

Deno.test("addToWeights() stops at the range's ends", () => {
  const weights = Float64Array.of(1, 0.2, 9);
  addToWeights(weights, [0.5, -1, 9.9], range);
  assertEquals([...weights], [1.5, 0.1, 10]);
});

Deno.test("addToWeights() changes nothing where a delta makes no sense", () => {
  const weights = Float64Array.of(1, 1);
  for (const bad of [NaN, Infinity, 10]) {
    assertThrows(
      () => addToWeights(weights, [0.5, bad], range),
      RangeError,
      `link 1 by ${bad}`,
    );
  }
  assertThrows(() => addToWeights(weights, [1], range), TypeError, "1 deltas");
  assertEquals([...weights], [1, 1]);
});

Deno.test("checkWeightsWithin() names the link that is outside", () => {
  const topology = namedTopology("seed2");
  checkWeightsWithin(topology, [10], range);
  assertThrows(
    () => checkWeightsWithin(topology, [10.5], range),
    RangeError,
    "link 0 the weight 10.5",
  );
  assertThrows(() => checkWeightsWithin(topology, [1, 1], range), TypeError);
});
