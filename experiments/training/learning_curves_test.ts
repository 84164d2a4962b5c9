import { assertEquals } from "@std/assert";
import { learningCurves } from "./learning_curves.ts";

Deno.test("learningCurves() draws evaluations, and means of own episodes", () => {
  const { data } = learningCurves([
    { name: "a", evaluations: { timesteps: [10, 20], means: [-2, -1] } },
    {
      name: "b",
      returns: Float64Array.from({ length: 100 }, (_, i) => i),
      episodeSteps: 5,
    },
  ]);
  const [a, b] = data as unknown as { x: number[]; y: number[] }[];
  assertEquals([a.x, a.y], [[10, 20], [-2, -1]]);
  assertEquals(b.x.length, 50);
  assertEquals([b.x[0], b.y[0], b.x.at(-1), b.y.at(-1)], [10, 0.5, 500, 98.5]);
});
