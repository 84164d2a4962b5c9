import { assertAlmostEquals, assertEquals } from "@std/assert";
import { logGamma } from "./log_gamma.ts";

Deno.test("logGamma() has the values of factorials and of the root of pi", () => {
  let factorial = 1;
  for (let n = 1; n < 20; factorial *= n++) {
    assertAlmostEquals(logGamma(n), Math.log(factorial), 1e-13 * n * n);
  }
  assertAlmostEquals(logGamma(0.5), Math.log(Math.PI) / 2, 1e-14);
  assertAlmostEquals(logGamma(1.5), Math.log(Math.PI) / 2 - Math.LN2, 1e-14);
});

Deno.test("logGamma() is NaN where it is not defined", () => {
  for (const x of [0, -1, NaN]) assertEquals(logGamma(x), NaN);
});
