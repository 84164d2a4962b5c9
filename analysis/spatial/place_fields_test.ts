import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { placeFields, spatialInformation } from "./place_fields.ts";
import { type SpatialMap, spatialMap } from "./spatial_map.ts";

const SIZE = { columns: 30, rows: 20 };

function mapOf(value: (x: number, y: number) => number): SpatialMap {
  return spatialMap(
    Array.from({ length: 600 }, (_, i) => value(i % 30, Math.floor(i / 30))),
    SIZE,
  );
}

function bump(x0: number, y0: number, height: number) {
  return (x: number, y: number) =>
    height * Math.exp(-((x - x0) ** 2 + (y - y0) ** 2) / 8);
}

Deno.test("one Gaussian is one field, with its middle and peak", () => {
  const fields = placeFields(mapOf(bump(12, 9, 5)));
  assertEquals(fields.length, 1);
  assertEquals(fields[0].peak, 5);
  assertAlmostEquals(fields[0].center[0], 12, 1e-9);
  assertAlmostEquals(fields[0].center[1], 9, 1e-9);
  // exp(-r^2 / 8) > 0.2 within 3.59 bins: 40.4 bins of area.
  assertAlmostEquals(fields[0].bins.length, 40, 5);
});

Deno.test("two Gaussians are two fields, the larger first", () => {
  const [one, two] = [bump(6, 9, 4), bump(22, 9, 7)];
  const both = mapOf((x, y) => one(x, y) + two(x, y));
  const fields = placeFields(both);
  assertEquals(fields.map(({ peak }) => Math.round(peak)), [7, 4]);
  assertEquals(placeFields(both, { threshold: 0.8, minimumBins: 3 }).length, 1);
  assertEquals(placeFields(both, { minimumBins: 100 }).length, 0);
  assertThrows(() => placeFields(both, { threshold: 0 }), RangeError);
});

Deno.test("silent and unknown bins are no field", () => {
  assertEquals(placeFields(mapOf(() => 0)), []);
  const gap = mapOf((x, y) => x === 15 ? NaN : bump(15, 9, 1)(x, y));
  assertEquals(placeFields(gap).length, 2);
});

Deno.test("a cell tells nothing when it is equally active everywhere", () => {
  assertAlmostEquals(spatialInformation(mapOf(() => 3)), 0, 1e-12);
  // Active in one of 600 bins: log2 600 bits.
  const single = mapOf((x, y) => x === 4 && y === 4 ? 9 : 0);
  assertAlmostEquals(spatialInformation(single), Math.log2(600), 1e-12);
  // Active in half of them: 1 bit.
  const half = mapOf((x) => x < 15 ? 2 : 0);
  assertAlmostEquals(spatialInformation(half), 1, 1e-12);
  // Where that half is a quarter of the time: 2 bits.
  const occupancy = mapOf((x) => x < 15 ? 1 : 3);
  assertAlmostEquals(spatialInformation(half, occupancy), 2, 1e-12);
  assert(Number.isNaN(spatialInformation(mapOf(() => 0))));
  assertThrows(
    () => spatialInformation(half, spatialMap([1], { columns: 1, rows: 1 })),
    TypeError,
    "maps of one size",
  );
});
