import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { kMeans, nearest } from "./k_means.ts";

Deno.test("kMeans() finds clusters that lie apart", () => {
  const random = new Random(1);
  const points = Float64Array.from(
    { length: 600 },
    (_, i) =>
      [0, 10, 20][Math.floor(i / 2) % 3] * (i % 2 === 0 ? 1 : -1) +
      random.normal(),
  );
  const { centres, labels } = kMeans(points, {
    features: 2,
    clusters: 3,
    random,
  });
  const sorted = centres.map(([x]) => x).sort((a, b) => a - b);
  // Means of 100 draws: a deviation of 0.1.
  sorted.forEach((x, i) => assertAlmostEquals(x, 10 * i, 0.7));
  labels.forEach((label, i) =>
    assertEquals(label, nearest(points.subarray(2 * i, 2 * i + 2), centres))
  );
});

Deno.test("kMeans() refuses more clusters than points", () => {
  const options = { features: 1, clusters: 3, random: new Random(0) };
  assertThrows(
    () => kMeans(Float64Array.of(1, 2), options),
    RangeError,
    "2 points",
  );
});
