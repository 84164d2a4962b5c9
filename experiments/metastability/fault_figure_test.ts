import { assertEquals } from "@std/assert";
import { faultFigure } from "./fault_figure.ts";

Deno.test("faultFigure() draws mean, interval, one run and the fault", () => {
  const paths = [Float64Array.of(0, 2, 4), Float64Array.of(0, 4, 4)];
  const { data, layout } = faultFigure(paths, {
    fault: { start: 2, end: 4 },
    interval: 2,
  });
  const named = data.filter(({ name }) =>
    name === "mean of the runs, 95 % interval"
  );
  assertEquals(named.at(-1)?.x, [0, 2, 4]);
  assertEquals(named.at(-1)?.y, [0, 3, 4]);
  const heights = data.flatMap(({ y }) => [...y as number[]]);
  assertEquals([Math.min(...heights), Math.max(...heights)], [0, 4]);
  assertEquals(data.some(({ name }) => name === "one run"), true);
  assertEquals((layout.shapes ?? []).length >= 2, true);
});
