import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { gridScore } from "./grid_score.ts";
import { smoothedMap, type SpatialMap, spatialMap } from "./spatial_map.ts";

const SIZE = 50;

function mapOf(
  value: (x: number, y: number) => number,
  columns = SIZE,
  rows = SIZE,
): SpatialMap {
  return spatialMap(
    Array.from(
      { length: columns * rows },
      (_, i) => value(i % columns, Math.floor(i / columns)),
    ),
    { columns, rows },
  );
}

/** Waves whose maxima form a grid. */
function waves(angles: readonly number[], wavelength: number, phase = 0) {
  return (x: number, y: number) =>
    angles.reduce((sum, degrees) => {
      const angle = degrees * Math.PI / 180;
      const along = Math.cos(angle) * x + Math.sin(angle) * y;
      return sum + Math.cos(2 * Math.PI * along / wavelength + phase);
    }, 0);
}

Deno.test("a hexagonal grid has a high score, its spacing and orientation", () => {
  for (const [turn, wavelength] of [[0, 10], [13, 12], [25, 9]]) {
    const map = mapOf(waves([0, 60, 120].map((a) => a + turn), wavelength, 1));
    const { score, spacing, orientation, peaks } = gridScore(map);
    assert(score > 1, `score ${score} at ${turn} degrees`);
    // Maxima are 2 / sqrt(3) wavelengths apart, 30 degrees off the waves.
    assertAlmostEquals(spacing, wavelength * 2 / Math.sqrt(3), 0.6);
    assertEquals(peaks.length, 6);
    const expected = (turn + 30) % 60;
    assertAlmostEquals((orientation - expected + 90) % 60 - 30, 0, 4);
  }
});

Deno.test("square grids and stripes have scores below zero", () => {
  const square = gridScore(mapOf(waves([0, 90], 12)));
  assert(square.score < -0.5, `${square.score}`);
  assertAlmostEquals(square.spacing, 12, 2.5);
  assert(gridScore(mapOf(waves([20], 12))).score < 0);
});

Deno.test("a grid is found in a room that is not square, and under noise", () => {
  const grid = waves([10, 70, 130], 12);
  assert(gridScore(mapOf(grid, 60, 40)).score > 0.8);
  const random = new Random(6);
  const noisy = mapOf((x, y) => grid(x, y) + 1.5 * random.normal());
  assert(gridScore(smoothedMap(noisy, 1.5)).score > 0.5);
});

Deno.test("smoothed noise scores on both sides of zero", () => {
  // 60 maps without hexagons, of which grids would score all above 0.8. Were
  // their share of positive scores one half, 60 or none would be one in 1e18.
  const random = new Random(7);
  const scores = Array.from(
    { length: 60 },
    () =>
      gridScore(smoothedMap(mapOf(() => random.normal(), 30, 30), 2.5)).score,
  );
  const positive = scores.filter((score) => score > 0).length;
  assert(positive > 3 && positive < 57, `${positive} of 60 above 0`);
  assert(scores.filter((score) => score > 0.8).length < 10);
});

Deno.test("a single field has no neighbours, and no score", () => {
  const one = gridScore(
    mapOf((x, y) => Math.exp(-((x - 25) ** 2 + (y - 25) ** 2) / 50)),
  );
  assert(!(one.score > 0.5));
  const flat = gridScore(mapOf(() => 1));
  assert(Number.isNaN(flat.score) && Number.isNaN(flat.spacing));
  assertEquals(flat.peaks, []);
});
