import { assertEquals, assertLess } from "@std/assert";
import { thinned } from "./_thin.ts";

Deno.test("thinned() keeps ends and extremes of a long line", () => {
  const points: number[] = [];
  for (let i = 0; i < 100_000; i++) {
    points.push(i / 200, i === 77_777 ? 1000 : i % 7);
  }
  const few = thinned(points);
  assertLess(few.length, 2 * 4 * 1001 + 1);
  assertEquals(few.slice(0, 2), points.slice(0, 2));
  assertEquals(few.slice(-2), points.slice(-2));
  assertEquals(few.includes(1000), true);
});

Deno.test("thinned() leaves short lines alone", () => {
  assertEquals(thinned([0, 0, 0.1, 5, 0.2, 3, 0.3, 4]), [
    0,
    0,
    0.1,
    5,
    0.2,
    3,
    0.3,
    4,
  ]);
});
