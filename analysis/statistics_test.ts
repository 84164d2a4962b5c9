import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { Random } from "../core/random.ts";
import {
  bootstrapInterval,
  interquartileMean,
  mean,
  meanInterval,
  median,
  pairedDifferenceInterval,
  quantile,
  standardDeviation,
} from "./statistics.ts";

Deno.test("mean() and standardDeviation() keep their digits beside a large offset", () => {
  const offset = 1e12;
  const values = [4, 7, 13, 16].map((value) => value + offset);
  assertEquals(mean(values), 10 + offset);
  assertAlmostEquals(standardDeviation(values), Math.sqrt(30), 1e-12);
  assertEquals(mean(new Float32Array([1, 2])), 1.5);
  assertEquals(standardDeviation([3]), NaN);
});

Deno.test("quantile() interpolates as NumPy does", () => {
  const values = [7, 1, 3, 10];
  const table = [[0, 1], [1, 10], [0.5, 5], [0.25, 2.5], [0.9, 9.1]];
  for (const [probability, expected] of table) {
    assertAlmostEquals(quantile(values, probability), expected, 1e-12);
  }
  assertEquals(values, [7, 1, 3, 10]);
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([5]), 5);
  assertEquals(quantile([-Infinity, 0, Infinity], 1), Infinity);
  assertEquals(median([1, NaN, 2]), NaN);
  for (const probability of [-0.1, 1.1, NaN]) {
    assertThrows(() => quantile(values, probability), RangeError);
  }
});

Deno.test("interquartileMean() drops a quarter at either end", () => {
  assertEquals(interquartileMean([100, 2, 3, -50]), 2.5);
  assertEquals(interquartileMean([1, 2, 9]), 4);
  assertEquals(interquartileMean([9, 1, 2, 3, 4, 5, 6, 1000]), 4.5);
});

Deno.test("meanInterval() agrees with a hand computation", () => {
  const { estimate, low, high } = meanInterval([1, 2, 3, 4, 5]);
  const half = 2.7764451052 * Math.sqrt(2.5 / 5);
  assertEquals(estimate, 3);
  assertAlmostEquals(low, 3 - half, 1e-9);
  assertAlmostEquals(high, 3 + half, 1e-9);
  assertEquals(meanInterval([2]), {
    estimate: 2,
    low: -Infinity,
    high: Infinity,
  });
  assertEquals(meanInterval([2, 2, 2]), { estimate: 2, low: 2, high: 2 });
});

Deno.test("meanInterval() holds the mean as often as it says", () => {
  // 4000 samples of 4 normals, confidence 0.9: 3600 hits expected, standard
  // deviation 19. Outside 3600 +- 95 (5 sigma) with probability 6e-7. The
  // normal quantile in place of Student's would hit about 3220 times, a
  // divisor n about 3410 times.
  const random = new Random(20);
  let hits = 0;
  for (let i = 0; i < 4000; i++) {
    const sample = Float64Array.from({ length: 4 }, () => random.normal(5, 2));
    const { low, high } = meanInterval(sample, { confidence: 0.9 });
    if (low <= 5 && 5 <= high) hits++;
  }
  assertGreater(hits, 3600 - 95);
  assertLess(hits, 3600 + 95);
});

Deno.test("pairedDifferenceInterval() is the interval of the differences", () => {
  const first = [10, 20, 30];
  const second = new Float32Array([9, 18, 27]);
  assertEquals(
    pairedDifferenceInterval({ first, second }),
    meanInterval([1, 2, 3]),
  );
  assertThrows(
    () => pairedDifferenceInterval({ first, second: [1] }),
    TypeError,
    "Cannot pair 3 values with 1",
  );
});

Deno.test("bootstrapInterval() comes close to Student's interval of a large sample", () => {
  // 400 normals: the two half widths differ by the bootstrap's own noise,
  // about 2.5 % for 2000 resamples; 15 % is 6 standard deviations of it. An
  // interval of standard deviations rather than standard errors is 20 times
  // wider.
  const random = new Random(4);
  const values = Float64Array.from({ length: 400 }, () => random.normal());
  const student = meanInterval(values);
  const bootstrap = bootstrapInterval(values, mean, { random });
  assertEquals(bootstrap.estimate, student.estimate);
  const ratio = (bootstrap.high - bootstrap.low) / (student.high - student.low);
  assertAlmostEquals(ratio, 1, 0.15);
});

Deno.test("bootstrapInterval() gives the same interval for the same seed", () => {
  const interval = (seed: number) =>
    bootstrapInterval([1, 5, 2, 8, 3], interquartileMean, {
      random: new Random(seed),
      resamples: 100,
      confidence: 0.8,
    });
  assertEquals(interval(1), interval(1));
  assertEquals(
    bootstrapInterval([4], mean, { random: new Random(1) }),
    { estimate: 4, low: 4, high: 4 },
  );
});

Deno.test("statistics throw when there are no values", () => {
  const random = new Random(1);
  for (
    const compute of [
      () => mean([]),
      () => standardDeviation([]),
      () => quantile([], 0.5),
      () => median([]),
      () => interquartileMean([]),
      () => meanInterval([]),
      () => pairedDifferenceInterval({ first: [], second: [] }),
      () => bootstrapInterval([], mean, { random }),
    ]
  ) assertThrows(compute, RangeError, "of 0 values, expected at least 1");
});

Deno.test("intervals throw when an option is outside its range", () => {
  const random = new Random(1);
  for (const confidence of [0, 1, NaN]) {
    assertThrows(() => meanInterval([1, 2], { confidence }), RangeError);
  }
  for (const resamples of [1, 2.5, NaN]) {
    assertThrows(
      () => bootstrapInterval([1], mean, { random, resamples }),
      RangeError,
      `${resamples}`,
    );
  }
});
