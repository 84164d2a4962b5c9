import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { identityDictionary as dictionary } from "./dictionaries.ts";
import { sumMoments } from "./lag_moments.ts";
import { slowMode, slowModeMoments, slowTimescale } from "./slow_mode.ts";
import { trajectoriesOf } from "./trajectories.ts";

/** Series of a slow mode (timescale 50) and a fast one (5), mixed. */
function modes(
  { series, samples, noise, quick = 5 }: {
    series: number;
    samples: number;
    noise: number;
    quick?: number;
  },
) {
  const random = new Random(3);
  const [slow, fast] = [Math.exp(-1 / 50), Math.exp(-1 / 5)];
  const all = Array.from({ length: series }, () => {
    let [s, f] = [random.normal(0, 5), random.normal(0, quick)];
    const p = new Float64Array(samples);
    const r = new Float64Array(samples);
    for (let t = 0; t < samples; t++) {
      p[t] = s + f + random.normal(0, noise * 5);
      r[t] = s - f;
      s = slow * s + random.normal(0, noise * 5 * Math.sqrt(1 - slow ** 2));
      f = fast * f + random.normal(0, noise * quick * Math.sqrt(1 - fast ** 2));
    }
    return { p, r };
  });
  return trajectoriesOf({
    p: all.map(({ p }) => p),
    r: all.map(({ r }) => r),
  }, 1);
}

Deno.test("the timescale of a linear system is exact", () => {
  const data = modes({ series: 8, samples: 400, noise: 0 });
  const { timescale, lags } = slowMode(data, { dictionary });
  assertAlmostEquals(timescale, 50, 1e-2);
  assertAlmostEquals(lags.long, 50, 5);
});

Deno.test("a feature's noise does not shorten it", () => {
  // 100,000 samples, 2,000 timescales: a deviation of 4 %. Half of p is noise;
  // the short lag alone would imply 13.
  const data = modes({ series: 100, samples: 1000, noise: 1, quick: 0 });
  const only = trajectoriesOf({
    p: data.series.map((values) => values.filter((_, i) => i % 2 === 0)),
  }, 1);
  const { timescale } = slowMode(only, { dictionary });
  assertAlmostEquals(timescale, 50, 10);
});

Deno.test("sums of parts are the sums of all", () => {
  const data = modes({ series: 4, samples: 100, noise: 1 });
  const lags = { short: 3, long: 12 };
  const whole = slowModeMoments(data, { dictionary, lags });
  const parts = data.series.map((values) =>
    slowModeMoments({ ...data, series: [values] }, { dictionary, lags })
  );
  const sum = {
    short: sumMoments(parts.map(({ short }) => short)),
    long: sumMoments(parts.map(({ long }) => long)),
  };
  assertEquals(sum.short.pairs, 4 * 88);
  assertAlmostEquals(
    slowTimescale(sum, lags),
    slowTimescale(whole, lags),
    1e-9,
  );
});

Deno.test("what never varies has no timescale, what grows an infinite one", () => {
  const flat = trajectoriesOf({ p: [new Float64Array(20)] }, 1);
  assertEquals(slowMode(flat, { dictionary }).timescale, 0);
  const growing = trajectoriesOf({
    p: [Float64Array.from({ length: 60 }, (_, t) => 1.1 ** t)],
  }, 1);
  assertEquals(slowMode(growing, { dictionary }).timescale, Infinity);
});

Deno.test("slowMode() takes two samples, and refuses one", () => {
  const short = trajectoriesOf({ p: [[1, 2], [2, 3], [4, 1]] }, 1);
  assert(slowMode(short, { dictionary }).timescale >= 0);
  assertThrows(
    () => slowMode(trajectoriesOf({ p: [[1]] }, 1), { dictionary }),
    RangeError,
    "longer series",
  );
});
