import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  coarserMap,
  occupancyMap,
  rateMap,
  smoothedMap,
  spatialMap,
} from "./spatial_map.ts";

const BINS = { xLimits: [-1, 1], yLimits: [0, 1], columns: 4, rows: 2 };

Deno.test("occupancyMap() counts, and leaves out what lies outside", () => {
  const places = [-1, 0, -0.6, 0.49, 1, 1, 0.1, 0.5, 1.01, 0, 0, -0.1, NaN, 0];
  const { values } = occupancyMap(places, BINS);
  assertEquals([...values], [2, 0, 0, 0, 0, 0, 1, 1]);
});

Deno.test("rateMap() is the mean in each bin, and NaN where nobody was", () => {
  const places = [-0.9, 0.1, -0.8, 0.2, 0.9, 0.9];
  const { values } = rateMap(places, [1, 3, 5], BINS);
  assertEquals([...values], [2, NaN, NaN, NaN, NaN, NaN, NaN, 5]);
  assertThrows(() => rateMap(places, [1], BINS), TypeError, "1 rates at 3");
});

Deno.test("smoothedMap() is a Gaussian over the known bins", () => {
  const values = new Float64Array(15 * 21);
  values[7 * 21 + 10] = 1;
  const { values: smooth } = smoothedMap(
    { values, columns: 21, rows: 15 },
    1.5,
  );
  const at = (x: number, y: number) => smooth[(7 + y) * 21 + 10 + x];
  // Far from the edges the ratios are those of a Gaussian.
  assertAlmostEquals(
    at(2, 0) / at(0, 0),
    Math.exp(-0.5 * (2 / 1.5) ** 2),
    2e-3,
  );
  assertAlmostEquals(at(0, 2), at(2, 0), 2e-3);
  assertAlmostEquals(at(1, 2) / at(0, 0), Math.exp(-0.5 * 5 / 1.5 ** 2), 2e-3);
  // A flat map stays flat, at edges and beside unknown bins.
  const random = new Random(1);
  const flat = Float64Array.from(
    values,
    () => random.uniform() < 0.3 ? NaN : 3,
  );
  const kept = smoothedMap({ values: flat, columns: 21, rows: 15 }, 2);
  kept.values.forEach((value, i) => {
    if (Number.isNaN(flat[i])) assert(Number.isNaN(value));
    else assertAlmostEquals(value, 3, 1e-12);
  });
  assertThrows(() => smoothedMap(kept, 0), RangeError, "over 0 bins");
});

Deno.test("spatialMap() wants a value for each bin", () => {
  assertEquals(spatialMap([1, 2], { columns: 2, rows: 1 }).values.length, 2);
  assertThrows(() => spatialMap([1], { columns: 2, rows: 1 }), TypeError);
});

Deno.test("coarserMap() is the mean of what is known", () => {
  const map = spatialMap([1, 3, NaN, NaN, 5, NaN, NaN, NaN], {
    columns: 4,
    rows: 2,
  });
  assertEquals([...coarserMap(map, 2).values], [3, NaN]);
  assertThrows(() => coarserMap(map, 3), RangeError, "join 3 of 4 by 2");
});
