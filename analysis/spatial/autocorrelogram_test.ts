import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { spatialAutocorrelogram } from "./autocorrelogram.ts";
import { type SpatialMap, spatialMap } from "./spatial_map.ts";

function mapOf(
  columns: number,
  rows: number,
  value: (x: number, y: number) => number,
): SpatialMap {
  return spatialMap(
    Array.from(
      { length: columns * rows },
      (_, i) => value(i % columns, Math.floor(i / columns)),
    ),
    { columns, rows },
  );
}

Deno.test("the autocorrelogram of a wave is the wave", () => {
  const wave = (x: number) => Math.cos(2 * Math.PI * x / 8);
  const { values, columns, rows } = spatialAutocorrelogram(mapOf(32, 16, wave));
  assertEquals([columns, rows], [63, 31]);
  const at = (dx: number, dy: number) => values[(dy + 15) * 63 + dx + 31];
  // Moved by whole waves over whole waves, it is itself; by half, its opposite.
  assertAlmostEquals(at(0, 0), 1, 1e-12);
  assertAlmostEquals(at(8, 3), 1, 1e-12);
  assertAlmostEquals(at(-16, 5), 1, 1e-12);
  assertAlmostEquals(at(4, 0), -1, 1e-12);
  assert(Number.isNaN(at(31, 15)));
});

Deno.test("the autocorrelogram is Pearson's correlation of what is known", () => {
  const random = new Random(2);
  const map = mapOf(7, 5, () => random.uniform() < 0.2 ? NaN : random.normal());
  const { values } = spatialAutocorrelogram(map, { minimumOverlap: 3 });
  for (const [dx, dy] of [[1, 0], [-2, 1], [3, -2], [0, 4]]) {
    const pairs: [number, number][] = [];
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 7; x++) {
        const [u, v] = [x + dx, y + dy];
        if (u < 0 || v < 0 || u > 6 || v > 4) continue;
        const pair: [number, number] = [
          map.values[y * 7 + x],
          map.values[v * 7 + u],
        ];
        if (!pair.some(Number.isNaN)) pairs.push(pair);
      }
    }
    const mean = (k: 0 | 1) =>
      pairs.reduce((sum, pair) => sum + pair[k], 0) / pairs.length;
    const [a, b] = [mean(0), mean(1)];
    const moment = (i: 0 | 1, j: 0 | 1) =>
      pairs.reduce(
        (sum, pair) => sum + (pair[i] - [a, b][i]) * (pair[j] - [a, b][j]),
        0,
      );
    assertAlmostEquals(
      values[(dy + 4) * 13 + dx + 6],
      moment(0, 1) / Math.sqrt(moment(0, 0) * moment(1, 1)),
      1e-12,
    );
  }
  const last = values.length - 1;
  values.forEach((value, i) => assertEquals(value, values[last - i]));
});

Deno.test("flat maps have no correlation", () => {
  const { values } = spatialAutocorrelogram(mapOf(6, 6, () => 0.1));
  assert(values.every(Number.isNaN));
  assertThrows(
    () => spatialAutocorrelogram(mapOf(3, 3, () => 1), { minimumOverlap: 1 }),
    RangeError,
    "from 2",
  );
});
