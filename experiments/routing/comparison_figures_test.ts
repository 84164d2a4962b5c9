import { assertEquals } from "@std/assert";
import { routingBars, utilisationCurves } from "./comparison_figures.ts";

const SCORES = [
  { name: "unit weights", utilisations: Float64Array.of(0.9, 1.1) },
  { name: "LP optimum", utilisations: Float64Array.of(0.6, 0.5) },
];

Deno.test("routingBars() puts the best first", () => {
  const { data } = routingBars(SCORES);
  const [bars] = data as unknown as { x: string[]; y: number[] }[];
  assertEquals(bars.x, ["LP optimum", "unit weights"]);
  assertEquals(bars.y.map(Math.round), [55, 100]);
});

Deno.test("utilisationCurves() fall from all matrices to none", () => {
  const { data } = utilisationCurves(SCORES);
  const [, optimum] = data as unknown as { x: number[]; y: number[] }[];
  assertEquals([optimum.x, optimum.y], [
    [50, 50, 60],
    [1, 0.5, 0],
  ]);
});
