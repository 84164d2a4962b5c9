import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { stateGrid } from "./state_grid.ts";

const ROOM = {
  roomWidth: 20,
  roomDepth: 2 as number | undefined,
  center: [0, 0],
  density: 1,
  reference: false,
};

Deno.test("states are cells, numbered along x from the lowest y", () => {
  const grid = stateGrid(ROOM);
  assertEquals([grid.width, grid.depth], [20, 2]);
  assertEquals(grid.stateAt([-9.5, -0.5]), 0);
  assertEquals(grid.stateAt([9.5, -0.5]), 19);
  assertEquals(grid.stateAt([-9.5, 0.5]), 20);
  // Walls and what rounds beyond them belong to the outermost cells.
  assertEquals(grid.stateAt([10, 1]), 39);
  assertEquals(grid.stateAt([10.0001, -1.0001]), 19);
  for (let s = 0; s < 40; s++) assertEquals(grid.stateAt(grid.centerOf(s)), s);
  assertThrows(() => grid.stateAt([11, 0]), RangeError, "room of 20 by 2");
  assertEquals(grid.stepsFrom([-9.5, -0.5]), [[0, 1], [1, 0]]);
  assertEquals(grid.stepsFrom([5, 0.25]), [[0.5, -0.75], [1.5, 0.25], [
    -0.5,
    0.25,
  ]]);
});

Deno.test("the room may lie anywhere, and may be a line", () => {
  const grid = stateGrid({ ...ROOM, roomDepth: undefined, center: [100, 5] });
  assertEquals([grid.width, grid.depth], [20, 1]);
  assertEquals(grid.stateAt([90.5, 77]), 0);
  assertAlmostEquals(grid.centerOf(19)[0], 109.5);
});

Deno.test("a density of a tenth makes a tenth as many states", () => {
  const grid = stateGrid({ ...ROOM, roomDepth: 30, density: 0.1 });
  assertEquals([grid.width, grid.depth], [2, 3]);
  assertThrows(
    () => stateGrid({ ...ROOM, density: 0.01 }),
    RangeError,
    "0 x 0 states",
  );
  assertThrows(() => stateGrid({ ...ROOM, density: 1000 }), RangeError);
});

Deno.test("in reference mode states are points from wall to wall", () => {
  const grid = stateGrid({ ...ROOM, reference: true });
  assertEquals(grid.stateAt([-10, 1]), 0);
  assertEquals(grid.stateAt([-10, -1]), 1);
  assertEquals(grid.stateAt([10, -1]), 39);
  assertAlmostEquals(grid.centerOf(2)[0], -10 + 20 / 19);
  assertEquals(grid.stepsFrom([0, 0]).length, 4);
  // The first of two points that are as near.
  assertEquals(
    stateGrid({ ...ROOM, roomWidth: 2, reference: true }).stateAt([0, 0]),
    0,
  );
  const values = Float64Array.from({ length: 40 }, (_, i) => i);
  const { values: rows, columns } = grid.heatMap(values);
  assertEquals(rows[0][0], 1);
  assertEquals(rows[1][0], 0);
  assertEquals(columns![0], -10);
});
