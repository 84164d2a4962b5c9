import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  compareSuccessorMatrices,
  foragingPlaces,
  gridCellRun,
  LINE_SETS,
  spacingRatio,
} from "./reproduction.ts";

Deno.test("an animal forages all over the room", () => {
  const places = foragingPlaces(60_000, 3);
  assertEquals(places.length, 120_000);
  assert(places.every((place) => Math.abs(place) < 0.5));
  // 20 minutes in 4 x 4 parts of the room.
  const parts = new Set<number>();
  for (let i = 0; i < places.length; i += 2) {
    parts.add(
      Math.floor(4 * places[i] + 2) * 4 + Math.floor(4 * places[i + 1] + 2),
    );
  }
  assertEquals(parts.size, 16);
  assertEquals(foragingPlaces(10, 3), places.slice(0, 20));
});

Deno.test("a grid cell's run tells of scores and rates", () => {
  const run = gridCellRun("fig3", { seed: 1, steps: 20_000 });
  assertEquals(run.rates.values.length, 10_000);
  assert(run.meanRate > 0.3 && run.meanRate < 3);
  assert(run.peakRate > run.meanRate);
});

Deno.test("spacings and successor matrices are compared with what is known", () => {
  const ratio = spacingRatio(LINE_SETS[4], {
    seed: 1,
    spacings: 12,
    steps: 300_000,
  });
  assertAlmostEquals(ratio, 1, 0.2);
  const compared = compareSuccessorMatrices({
    side: 3,
    discount: 0.8,
    runs: 6,
    steps: 20_000,
  });
  assertEquals(compared.expected, 5 / 3);
  assert(compared.meanSquare < 6);
  assert(compared.largestDifference < 0.05);
});
