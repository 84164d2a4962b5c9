import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  circularWalls,
  isEnclosed,
  type Point,
  rectangleWalls,
  slidingWalls,
  stopShort,
  type Wall,
} from "./walls.ts";

const ROOM = rectangleWalls([-6, 6], [-6, 6]);

function stopped(from: Point, to: Point, walls: readonly Wall[] = ROOM): Point {
  stopShort(walls, from, to);
  return to;
}

Deno.test("stopShort() leaves a fraction 1e-5 of the step", () => {
  assertEquals(stopped([0, 0], [1, 2]), [1, 2]);
  const [x, y] = stopped([5, 1], [7, 3]);
  assertAlmostEquals(x, 5 + (0.5 - 1e-5) * 2, 1e-12);
  assertAlmostEquals(y, 1 + (0.5 - 1e-5) * 2, 1e-12);
  // Whoever just touches the wall is stopped, too.
  assertAlmostEquals(stopped([5, 0], [6, 0])[0], 6 - 1e-5, 1e-12);
});

Deno.test("stopShort() makes walls sticky, as the original ones are", () => {
  // Within a fraction 1e-5 of the wall, a step along it and into it ends where
  // it began.
  const near: Point = [6 - 1e-6, 0];
  const [x, y] = stopped(near, [6 - 1e-6 + 0.1, 1]);
  assertAlmostEquals(x, near[0], 2e-6);
  assertAlmostEquals(y, 0, 2e-5);
});

Deno.test("sliding goes on along a wall with what is left", () => {
  const walls = slidingWalls(ROOM, 1e-6);
  const to: Point = [8, 2];
  assertEquals(walls.move([4, 0], to), 1);
  assertAlmostEquals(to[0], 6 - 1e-6, 1e-12);
  assertAlmostEquals(to[1], 2, 1e-12);
  // Again, from the wall: nothing sticks.
  const next: Point = [9, 3];
  walls.move(to, next);
  assertAlmostEquals(next[0], 6 - 1e-6, 1e-12);
  assertAlmostEquals(next[1], 3, 1e-12);
  // Into a corner, and out of it.
  const corner: Point = [12, 13];
  walls.move(next, corner);
  assertAlmostEquals(corner[0], 6 - 1e-6, 1e-12);
  assertAlmostEquals(corner[1], 6 - 1e-6, 1e-12);
  const out: Point = [corner[0] - 1, corner[1] - 1];
  walls.move(corner, out);
  assertAlmostEquals(out[0], 5 - 1e-6, 1e-12);
});

/** Whether two segments cross. */
function crosses(from: Point, to: Point, [x0, y0, x1, y1]: Wall): boolean {
  const side = (ax: number, ay: number, bx: number, by: number, p: Point) =>
    Math.sign((bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax));
  return side(x0, y0, x1, y1, from) !== side(x0, y0, x1, y1, to) &&
    side(...from, ...to, [x0, y0]) !== side(...from, ...to, [x1, y1]);
}

Deno.test("nobody gets through walls, whatever they stand like", () => {
  const random = new Random(3);
  const inner: Wall[] = Array.from({ length: 12 }, () => [
    random.uniform(-6, 6),
    random.uniform(-6, 6),
    random.uniform(-6, 6),
    random.uniform(-6, 6),
  ]);
  // A closed room with a sharp angle, which nobody may get into.
  const closed: Wall[] = [[0, 0, 3, 0], [3, 0, 0, 0.3], [0, 0.3, 0, 0]];
  inner.push(...closed);
  const all = [...ROOM, ...inner];
  const walls = slidingWalls(all, 1e-5);
  let place: Point = [-5.5, 5.5];
  let met = 0;
  for (let i = 0; i < 40_000; i++) {
    const size = random.choice([0.01, 0.5, 30]);
    const to: Point = [
      place[0] + size * random.normal(),
      place[1] + size * random.normal(),
    ];
    const wall = walls.move(place, to);
    if (wall >= 0) met++;
    else assert(all.every((one) => !crosses(place, to, one)), `step ${i}`);
    assert(
      Math.abs(to[0]) < 6 && Math.abs(to[1]) < 6,
      `step ${i} ends at ${to}`,
    );
    assert(!isEnclosed(closed, to), `step ${i} gets to ${to}`);
    place = to;
  }
  assert(met > 10_000);
});

Deno.test("nobody leaves a closed polygon", () => {
  const walls = circularWalls([1, 2], { radius: 3, segments: 7 });
  const sliding = slidingWalls(walls, 1e-6);
  const random = new Random(4);
  let place: Point = [1, 2];
  for (let i = 0; i < 20_000; i++) {
    const size = random.choice([0.1, 20]);
    const to: Point = [
      place[0] + size * random.normal(),
      place[1] + size * random.normal(),
    ];
    sliding.move(place, to);
    assert(isEnclosed(walls, to), `step ${i} ends at ${to}`);
    place = to;
  }
});

Deno.test("circularWalls() close a circle", () => {
  const walls = circularWalls([0, 0], { radius: 2 });
  assertEquals(walls.length, 100);
  assertEquals(walls[0].slice(0, 2), walls[99].slice(2));
  assert(isEnclosed(walls, [1.99, 0.01]));
  assert(!isEnclosed(walls, [2.01, 0]));
});

Deno.test("walls have a length", () => {
  assertThrows(
    () => slidingWalls([[1, 1, 1, 1]], 1e-6),
    RangeError,
    "two different places",
  );
});
