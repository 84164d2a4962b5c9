import { assertEquals } from "@std/assert";
import { createRowBlock } from "../../envs/queueing/rows.ts";
import {
  CHUNK_POINTS,
  createGridSampler,
  GRID_COLUMNS,
  gridPoints,
} from "./grid.ts";

Deno.test("gridPoints() covers the horizon", () => {
  assertEquals(gridPoints(10_000, 0.5), 20_001);
  assertEquals(gridPoints(1, 0.3), 5);
});

Deno.test("createGridSampler() holds each row until the next", () => {
  const block = createRowBlock();
  block.size = 4;
  // Two rows between points, one on a point, and then none for long.
  block.timestamp.set([0.2, 0.4, 1, 1.1]);
  block.queueLength.set([1, 2, 3, 4]);
  block.server.set([0, 0, 1, 0]);
  const chunks: Float64Array[] = [];
  const grid = (server?: number) => {
    chunks.length = 0;
    const sampler = createGridSampler({
      step: 0.5,
      points: 7,
      server,
      write: (chunk) => chunks.push(chunk.slice()),
    });
    sampler.add(block, 9);
    sampler.finish();
    return [...chunks[0].subarray(7, 14)];
  };
  assertEquals(grid(), [0, 2, 3, 4, 4, 4, 4]);
  assertEquals(GRID_COLUMNS.indexOf("queueLength"), 1);
  assertEquals([...chunks[0].subarray(42, 49)], [0, 9, 9, 9, 9, 9, 9]);
  assertEquals(grid(1), [0, 0, 3, 3, 3, 3, 3]);
});

Deno.test("createGridSampler() hands on whole chunks and a short last one", () => {
  const sizes: number[] = [];
  const sampler = createGridSampler({
    step: 1,
    points: CHUNK_POINTS + 3,
    write: (chunk) => sizes.push(chunk.length / GRID_COLUMNS.length),
  });
  sampler.finish();
  assertEquals(sizes, [CHUNK_POINTS, 3]);
});
