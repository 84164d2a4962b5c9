import { assertAlmostEquals, assertEquals } from "@std/assert";
import { exp, log } from "./fdlibm.ts";
import { Random } from "./random.ts";

/** Folds the bits of many results into one number. */
function digest(results: (uniform: number) => number): string {
  const value = new Float64Array(1);
  const words = new BigUint64Array(value.buffer);
  const mask = (1n << 64n) - 1n;
  const random = new Random(7);
  let hash = 0n;
  for (let i = 0; i < 1_000_000; i++) {
    value[0] = results(random.uniform());
    hash ^= words[0];
    hash = ((hash << 5n) | (hash >> 59n)) & mask;
  }
  return hash.toString(16);
}

// The digests were printed by a Rust program over the crate libm 0.2.
Deno.test("log() gives the bits of the libm crate on a million arguments", () => {
  assertEquals(digest(log), "40f50814117bea81");
});

Deno.test("exp() gives the bits of the libm crate on a million arguments", () => {
  assertEquals(digest((u) => exp((u - 0.5) * 1400)), "84eb0c59e1266432");
});

Deno.test("log() and exp() keep the special values", () => {
  assertEquals(log(0), -Infinity);
  assertEquals(log(-1), NaN);
  assertEquals(log(NaN), NaN);
  assertEquals(log(Infinity), Infinity);
  assertEquals(log(1), 0);
  assertAlmostEquals(log(5e-324), -744.4400719213812, 1e-12);
  assertEquals(exp(-Infinity), 0);
  assertEquals(exp(Infinity), Infinity);
  assertEquals(exp(NaN), NaN);
  assertEquals(exp(0), 1);
  assertEquals(exp(1e-9), 1 + 1e-9);
});
