import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { autocorrelationTime } from "./autocorrelation.ts";

/** x' = a x + noise: rho(k) = a^k. */
function autoregression(
  a: number,
  length: number,
  random: Random,
): Float64Array {
  const series = new Float64Array(length);
  let x = random.normal() / Math.sqrt(1 - a * a);
  for (let t = 0; t < length; t++) {
    series[t] = 7 + x;
    x = a * x + random.normal();
  }
  return series;
}

Deno.test("autocorrelationTime() of an autoregression is known", () => {
  const random = new Random(3);
  const a = 0.95;
  const series = Array.from(
    { length: 40 },
    () => autoregression(a, 5000, random.split()),
  );
  const found = autocorrelationTime(series, { interval: 2 });
  // Trapezoids under a^k: 2 (1/2 + a / (1 - a)) = 39; decay: -2 / ln a = 38.99.
  // 40 series of 128 times each: a standard error of some 2.5 %, here 6 of them.
  for (const interval of [found.integrated, found.exponential]) {
    assertAlmostEquals(interval.estimate / 39, 1, 0.15);
    assert(
      interval.low < interval.estimate && interval.estimate < interval.high,
    );
    const width = (interval.high - interval.low) / 39;
    assert(width > 0.03 && width < 0.3);
  }
  assertAlmostEquals(found.mean, 7, 0.3);
  assertAlmostEquals(found.standardDeviation, 1 / Math.sqrt(1 - a * a), 0.2);
  assertAlmostEquals(found.autocorrelation[10], a ** 10, 0.08);
});

Deno.test("intervals hold the truth about as often as they say", () => {
  // 60 trials at 95 %: at least 48 by chance in all but 1e-5 of cases. An
  // interval half as wide (covering 67 %) would have 40.
  const random = new Random(8);
  let covered = 0;
  for (let trial = 0; trial < 60; trial++) {
    const series = Array.from(
      { length: 20 },
      () => autoregression(0.8, 600, random.split()),
    );
    const { integrated } = autocorrelationTime(series, { interval: 1 });
    if (integrated.low <= 4.5 && 4.5 <= integrated.high) covered++;
  }
  assert(covered >= 48, `${covered}`);
});

Deno.test("a common mean shows what is slower than a series", () => {
  const flat = [0, 0, 10, 10].map((level) => new Float64Array(50).fill(level));
  const { autocorrelation } = autocorrelationTime(flat, { interval: 1 });
  assertAlmostEquals(autocorrelation[5], 1, 1e-9);
});

Deno.test("autocorrelationTime() refuses what has none", () => {
  const one = [Float64Array.of(1, 2, 3)];
  assertThrows(
    () => autocorrelationTime(one, { interval: 1 }),
    RangeError,
    "1 series",
  );
  const still = [new Float64Array(9), new Float64Array(9)];
  assertThrows(
    () => autocorrelationTime(still, { interval: 1 }),
    RangeError,
    "never varies",
  );
});
