import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { queueingChain } from "../markov/queueing_chain.ts";
import { slowModes } from "../markov/spectrum.ts";
import { stationaryLaw } from "../markov/stationary_law.ts";
import { transientLaw } from "../markov/transient_law.ts";
import {
  autocorrelationTime,
  integratedTime,
  slowDecay,
} from "./autocorrelation.ts";

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

Deno.test("intervals hold the truth as often as they say, and lie above 0", () => {
  // 1000 trials at 95 %: 915 by chance in all but 1e-6 of cases. The jackknife
  // alone holds it in some 840: series are few and short, 200 times in all.
  const random = new Random(8);
  let covered = 0;
  for (let trial = 0; trial < 1000; trial++) {
    const series = Array.from(
      { length: 10 },
      () => autoregression(0.8, 90, random.split()),
    );
    const { integrated } = autocorrelationTime(series, { interval: 1 });
    if (integrated.low <= 4.5 && 4.5 <= integrated.high) covered++;
    assert(integrated.low > 0);
  }
  assert(covered >= 915 && covered < 1000, `${covered}`);
});

Deno.test("a series that alternates may have no time at all", () => {
  const random = new Random(2);
  const series = Array.from(
    { length: 10 },
    () => autoregression(-0.9, 500, random.split()),
  );
  // 1/2 + a / (1 - a).
  const { integrated } = autocorrelationTime(series, { interval: 1 });
  assertAlmostEquals(integrated.estimate, 0.5 - 0.9 / 1.9, 0.6);
  assert(integrated.low < integrated.high);
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

Deno.test("slowDecay() is a chain's relaxation time where one mode is far slower than the others", () => {
  // Queue and orbit at load 0.97: 434.6, the next mode 36. At 0.9: 119.7, the
  // next 22.7, and the slowest mode has a small share in the queue.
  for (
    const [arrivalRate, interval, lags] of [[9.7, 25, 80], [9, 2, 110]] as const
  ) {
    const { chain, queue } = queueingChain({ arrivalRate, serviceRate: 10 });
    const law = stationaryLaw(chain);
    const [slowest] = slowModes(chain, { law });
    const mean = law.reduce((sum, p, i) => sum + p * queue[i], 0);
    let moved: Float64Array = law.map((p, i) => p * (queue[i] - mean));
    const rho = Float64Array.from({ length: lags }, (_, lag) => {
      if (lag > 0) moved = transientLaw(chain, moved, interval);
      return moved.reduce((sum, p, i) => sum + p * (queue[i] - mean), 0);
    });
    const shares = rho.map((value) => value / rho[0]);
    const decay = slowDecay(shares) * interval;
    const integrated = integratedTime(shares) * interval;
    if (arrivalRate === 9.7) {
      assertAlmostEquals(decay, -1 / slowest.real, 0.1);
      assert(integrated > 0.9 * decay && integrated < decay);
    } else {
      assert(decay < -0.5 / slowest.real);
    }
  }
});
