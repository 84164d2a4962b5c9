import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  chooseBins,
  countInBins,
  histogramFigure,
} from "./histogram_figure.ts";

Deno.test("chooseBins() holds all values in bins with round edges", () => {
  const random = new Random(1);
  for (const scale of [1e-6, 1, 1234]) {
    const values = Float64Array.from(
      { length: 1000 },
      () => random.normal(3, 1) * scale,
    );
    const bins = chooseBins(values);
    const counts = countInBins(values, bins);
    assertEquals(counts.reduce((a, b) => a + b), 1000);
    assert(bins.count >= 5 && bins.count <= 80, `${bins.count}`);
    assert(counts[0] > 0 && counts[bins.count - 1] > 0);
  }
});

Deno.test("chooseBins() copes with few, equal and missing values", () => {
  assertEquals(chooseBins([]), { start: 0, width: 1, count: 1 });
  assertEquals(chooseBins([NaN, Infinity]), { start: 0, width: 1, count: 1 });
  for (const value of [0, 5, -1e9, 1e-9]) {
    const bins = chooseBins([value, value]);
    assertEquals([...countInBins([value, value], bins)], [2]);
  }
  assertEquals(chooseBins([0, 10], 5).count, 6);
  for (const count of [0, NaN, 1e9]) {
    assertThrows(() => chooseBins([1], count), RangeError, `${count} bins`);
  }
});

Deno.test("countInBins() takes lower edges in and upper edges out", () => {
  const bins = { start: 0, width: 0.1, count: 3 };
  assertEquals(
    [...countInBins([0, 0.1, 0.2, 0.3, -0.01, NaN, 0.29], bins)],
    [1, 1, 2],
  );
});

Deno.test("histogramFigure() has area 1 when it shows densities", () => {
  const random = new Random(2);
  const values = Float64Array.from({ length: 300 }, () => random.exponential());
  const { data } = histogramFigure([{ name: "a", values }], { density: true });
  const width = data[0].width as number;
  const area = (data[0].y as number[]).reduce((sum, y) => sum + y * width, 0);
  assert(Math.abs(area - 1) < 1e-12);
});
