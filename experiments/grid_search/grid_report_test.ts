import {
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
} from "@std/assert";
import { figureSvg } from "../../analysis/figures/svg.ts";
import { formatTable } from "../../core/table.ts";
import {
  gridFigure,
  gridPoints,
  gridTable,
  reportLines,
} from "./grid_report.ts";

const result = (learningRate: number, width: number, bestScore: number) => ({
  learningRate,
  width,
  bestScore,
  seed: 0,
  bestTimesteps: 100,
  lastScore: bestScore - 1,
  timesteps: 200,
  model: `${bestScore}.zip`,
});

Deno.test("gridPoints() have means over seeds, the best first", () => {
  const points = gridPoints([
    result(1e-3, 64, -5),
    result(1e-3, 64, -3),
    result(1e-4, 64, -3.5),
  ]);
  assertEquals(
    points.map(({ learningRate, seeds, best, model }) => [
      learningRate,
      seeds,
      best.estimate,
      model,
    ]),
    [[1e-4, 1, -3.5, "-3.5.zip"], [1e-3, 2, -4, "-3.zip"]],
  );
  // t(0.975, 1 degree of freedom) is 12.706; the standard error is 1.
  assertAlmostEquals(points[1].best.low, -4 - 12.7062, 1e-3);
  const text = formatTable(gridTable(points, "Search"));
  assertStringIncludes(text, "0.0001");
  assertStringIncludes(text, "95% low");
});

Deno.test("gridPoints() put what diverged last, whatever seed did", () => {
  const points = gridPoints([
    result(1e-2, 64, NaN),
    result(1e-2, 64, -9),
    result(1e-3, 64, -5),
    result(1e-1, 64, NaN),
  ]);
  assertEquals(
    points.map(({ learningRate, best, model }) => [
      learningRate,
      best.estimate,
      model,
    ]),
    [[1e-3, -5, "-5.zip"], [1e-2, NaN, "-9.zip"], [1e-1, NaN, "NaN.zip"]],
  );
  assertEquals(reportLines(points, []), ["Best model: -5.zip"]);
  assertEquals(reportLines(points.slice(1), []), []);
});

Deno.test("gridFigure() leaves what is missing white", () => {
  const points = gridPoints([result(1e-3, 64, -5), result(1e-4, 128, -3)]);
  const svg = figureSvg(gridFigure(points, "Search"));
  assertStringIncludes(svg, "Learning rate");
  assertEquals(gridTable(points, "Search").columns.length, 6);
});
