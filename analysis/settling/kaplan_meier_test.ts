import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { survivalSummary } from "./kaplan_meier.ts";

const known = (...times: number[]) =>
  times.map((time) => ({ time: Math.abs(time), censored: time < 0 }));

Deno.test("survivalSummary() meets the classic remission data", () => {
  // Weeks in remission under 6-MP (Freireich et al., 1963), 12 of 21 censored:
  // S(6) = .857, S(10) = .753, S(23) = .448; the median is 23.
  const weeks = known(
    6,
    6,
    6,
    -6,
    7,
    -9,
    10,
    -10,
    -11,
    13,
    16,
    -17,
    -19,
    -20,
    22,
    23,
    -25,
    -32,
    -32,
    -34,
    -35,
  );
  const summary = survivalSummary(weeks);
  assertEquals(summary.censored, 12);
  assertEquals([...summary.curve.times], [6, 7, 10, 13, 16, 22, 23]);
  [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482].forEach((s, i) =>
    assertAlmostEquals(summary.curve.survival[i], s, 1e-4)
  );
  assertEquals(summary.median, 23);
  assertEquals(summary.medianHigh, Infinity);
  // R's survival gives .620 and .952 for the first step, with conf.type log-log.
  assertAlmostEquals(summary.curve.low[0], 0.6197, 1e-3);
  assertAlmostEquals(summary.curve.high[0], 0.9516, 1e-3);
});

Deno.test("with fewer than half of the events there is no median", () => {
  const { median, censoredShare } = survivalSummary(known(3, -10, -10, -10));
  assertEquals(median, Infinity);
  assertEquals(censoredShare, 0.75);
});

Deno.test("without censoring the median is the sample's", () => {
  assertEquals(survivalSummary(known(5, 1, 3)).median, 3);
});

Deno.test("censoring does not move the median of exponential times", () => {
  // 4,000 times of mean 100, cut at 120: the median's error is 100 / sqrt(4000)
  // = 1.6, here 6 of them. A median over finished runs only would be 47.
  const random = new Random(2);
  const times = Array.from({ length: 4000 }, () => {
    const time = 100 * random.exponential();
    return { time: Math.min(time, 120), censored: time > 120 };
  });
  const { median, medianLow, medianHigh } = survivalSummary(times);
  assertAlmostEquals(median, 100 * Math.LN2, 10);
  assert(medianLow < median && median < medianHigh);
});

Deno.test("survivalSummary() refuses no times and negative ones", () => {
  assertThrows(() => survivalSummary([]), RangeError, "no times");
  const wrong = [{ time: NaN, censored: false }];
  assertThrows(() => survivalSummary(wrong), RangeError, "NaN");
});
