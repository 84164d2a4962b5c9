import { assert, assertEquals } from "@std/assert";
import { areWeights, spread, withoutDown, writeSedWeights } from "./weights.ts";

Deno.test("areWeights() refuses what a message cannot carry", () => {
  assert(areWeights(Float64Array.of(0, 1e-30)));
  for (
    const bad of [[0, 0], [1, -1], [1, NaN], [1, Infinity], [1, 1e39], [1e-50]]
  ) {
    assert(!areWeights(Float64Array.from(bad)), String(bad));
  }
});

Deno.test("withoutDown() leaves servers that are up, or all", () => {
  const weights = (...up: number[]) => {
    const of = Float64Array.of(1, 2, 0);
    withoutDown(of, Uint8Array.from(up));
    return [...of];
  };
  assertEquals(weights(1, 0, 1), [1, 0, 0]);
  assertEquals(weights(0, 0, 0), [1, 2, 0]);
  assertEquals(weights(0, 0, 1), [1, 2, 0]);
});

Deno.test("writeSedWeights() takes the first capacities that fit", () => {
  const weights = new Float64Array(2);
  const two = Float64Array.of(2, 4);
  const words = writeSedWeights(weights, [undefined, Float64Array.of(1), two]);
  assertEquals([words, ...weights], ["weights of SED", 2, 4]);
  assert(writeSedWeights(weights, [undefined]).startsWith("equal weights"));
  assertEquals([...weights], [1, 1]);
  assertEquals(spread([1, 3]), [0.5, 1.5]);
});
