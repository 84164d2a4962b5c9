import { assert, assertAlmostEquals } from "@std/assert";
import { Random } from "./random.ts";
import {
  exponentialBeyond,
  innerWidths,
  LAYERS,
  unitWidths,
} from "./ziggurat.ts";

Deno.test("layers get narrower, down to nothing below the top", () => {
  for (let layer = 0; layer < LAYERS; layer++) {
    assert(unitWidths[layer] * 2 ** 53 > innerWidths[layer]);
  }
  assert(innerWidths[0] > 7.69 && innerWidths[LAYERS - 1] === 0);
});

Deno.test("exponentialBeyond() takes the tail as the density further on", () => {
  const random = new Random(1);
  const tail = innerWidths[0];
  const draws = 20_000;
  let sum = 0;
  for (let i = 0; i < draws; i++) {
    const x = exponentialBeyond(0, tail, () => random.nextUint32());
    assert(x >= tail);
    sum += x - tail;
  }
  // Mean 1, standard error 0.0071; five of them: 6e-7. A tail without its
  // start, or one that ends, is off by more.
  assertAlmostEquals(sum / draws, 1, 5 / Math.sqrt(draws));
});
