import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  createRunningStatistics,
  normaliseRows,
} from "./running_statistics.ts";

/** Rows of two columns far from zero and of different spread. */
function randomRows(count: number, seed = 1): Float64Array {
  const random = new Random(seed);
  return Float64Array.from(
    { length: 2 * count },
    (_, i) => i % 2 === 0 ? random.normal(1000, 2) : random.normal(-3, 50),
  );
}

function exact(rows: Float64Array, column: number): [number, number] {
  const values = [...rows].filter((_, i) => i % 2 === column);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, squares / values.length];
}

Deno.test("createRunningStatistics() has mean and variance of all rows, however they came", () => {
  const rows = randomRows(3000);
  for (const batch of [1, 7, 500, 3000]) {
    const statistics = createRunningStatistics(2);
    for (let start = 0; start < rows.length; start += 2 * batch) {
      statistics.update(rows.subarray(start, start + 2 * batch));
    }
    for (const column of [0, 1]) {
      const [mean, variance] = exact(rows, column);
      // It begins with 1e-4 rows of mean 0 and variance 1.
      const share = 1e-4 / (3000 + 1e-4);
      assertAlmostEquals(
        statistics.mean[column],
        (1 - share) * mean,
        1e-9 * Math.abs(mean),
      );
      const wanted = (1 - share) * variance + share +
        share * (1 - share) * mean ** 2;
      assertAlmostEquals(statistics.variance[column], wanted, 1e-9 * wanted);
    }
  }
});

Deno.test("createRunningStatistics() begins with mean 0 and variance 1", () => {
  const statistics = createRunningStatistics(3);
  statistics.update([]);
  assertEquals([...statistics.mean], [0, 0, 0]);
  assertEquals([...statistics.variance], [1, 1, 1]);
});

Deno.test("createRunningStatistics() goes on from a saved state", () => {
  const first = createRunningStatistics(2);
  first.update(randomRows(10));
  const state = structuredClone(first.saveState());
  const second = createRunningStatistics(2);
  second.update(randomRows(99, 2));
  second.loadState(state);
  first.update(randomRows(5, 3));
  second.update(randomRows(5, 3));
  assertEquals(second.saveState(), first.saveState());
});

Deno.test("normaliseRows() centres, scales and clips each column", () => {
  const statistics = {
    mean: Float64Array.of(10, -1),
    variance: Float64Array.of(4, 0),
  };
  const into = new Float32Array(6);
  const rows = Float32Array.of(12, -1, 5, -0.9, 1000, -5);
  normaliseRows(rows, into, { statistics, clip: 10 });
  assertEquals([...into], [1, 0, -2.5, 10, 10, -10]);
});
