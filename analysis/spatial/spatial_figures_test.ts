import { assertEquals } from "@std/assert";
import { gridScore } from "./grid_score.ts";
import { autocorrelogramFigure, spatialMapFigure } from "./spatial_figures.ts";
import { spatialMap } from "./spatial_map.ts";

const map = spatialMap(
  Array.from({ length: 200 }, (_, i) => Math.cos(i % 20) + Math.cos(i / 31)),
  { columns: 20, rows: 10 },
);

Deno.test("maps have the arena's coordinates", () => {
  const { data, layout } = spatialMapFigure(map, {
    limits: { xLimits: [-1, 1], yLimits: [0, 1] },
    title: "rates",
  });
  assertEquals((data[0].x as number[])[0], -0.95);
  assertEquals((data[0].y as number[]).at(-1), 0.95);
  assertEquals(layout.height, 300);
});

Deno.test("autocorrelograms are centred, from -1 to 1", () => {
  const { data } = autocorrelogramFigure(gridScore(map));
  assertEquals((data[0].x as number[])[19], 0);
  assertEquals([data[0].zmin, data[0].zmax], [-1, 1]);
});
