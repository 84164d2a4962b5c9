import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { spectrum } from "../koopman/spectrum.ts";
import { METASTABLE, visit } from "./_test_chain.ts";
import {
  dirichletMean,
  leastSquaresStochastic,
  maximumLikelihood,
  reversibleMaximumLikelihood,
  type SquareMatrix,
  transitionCounts,
} from "./transition_matrix.ts";

function largestError(a: SquareMatrix, b: SquareMatrix): number {
  return a.values.reduce(
    (most, x, k) => Math.max(most, Math.abs(x - b.values[k])),
    0,
  );
}

Deno.test("transitionCounts() slides, and does not cross series", () => {
  const counts = transitionCounts([[0, 1, 0], [1, 1]], { states: 2 });
  assertEquals([...counts.values], [0, 1, 1, 1]);
  const apart = transitionCounts([[0, 1, 0], [1, 1]], { states: 2, lag: 2 });
  assertEquals([...apart.values], [1, 0, 0, 0]);
  assertThrows(
    () => transitionCounts([[2]], { states: 2 }),
    RangeError,
    "state 2",
  );
});

Deno.test("estimators find the matrix that a long series came from", () => {
  // 200,000 steps: entries of about 50,000 draws have a deviation of 0.0021
  // at most, so that 0.015 is seven of them. Rows shifted by one state, or a
  // transposed matrix of an irreversible chain, would miss by far more.
  const series = visit(METASTABLE, { steps: 200_000, random: new Random(3) });
  const counts = transitionCounts([series], { states: 4 });
  for (
    const matrix of [
      maximumLikelihood(counts),
      dirichletMean(counts, 1),
      reversibleMaximumLikelihood(counts),
    ]
  ) assert(largestError(matrix, METASTABLE) < 0.015);
});

Deno.test("a reversible estimate is in detailed balance", () => {
  const random = new Random(5);
  const counts = {
    size: 3,
    values: Float64Array.from({ length: 9 }, () => 1 + random.integer(0, 50)),
  };
  const { values } = reversibleMaximumLikelihood(counts);
  const eigenvalues = spectrum({ size: 3, values }).eigenvalues;
  assert(eigenvalues.every(({ imaginary }) => imaginary === 0));
  // Kolmogorov's criterion: both ways around the cycle are as likely.
  const p = (i: number, j: number) => values[i * 3 + j];
  assertAlmostEquals(
    p(0, 1) * p(1, 2) * p(2, 0),
    p(0, 2) * p(2, 1) * p(1, 0),
    1e-10,
  );
});

Deno.test("dirichletMean() weighs prior counts with the counts", () => {
  const counts = { size: 2, values: Float64Array.of(3, 1, 0, 0) };
  assertEquals([...dirichletMean(counts, 1).values], [4 / 6, 2 / 6, 0.5, 0.5]);
  const prior = { size: 2, values: Float64Array.of(0, 4, 1, 3) };
  assertEquals([...dirichletMean(counts, prior).values], [
    3 / 8,
    5 / 8,
    0.25,
    0.75,
  ]);
  assertThrows(() => dirichletMean(counts, -1), RangeError, "-1");
});

Deno.test("leastSquaresStochastic() recovers P from moving distributions", () => {
  const series = [0, 1, 2].map((start) => {
    const path = new Float64Array(40 * 4);
    path[start] = 1;
    for (let t = 1; t < 40; t++) {
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < 4; j++) {
          path[t * 4 + j] += path[(t - 1) * 4 + i] *
            METASTABLE.values[i * 4 + j];
        }
      }
    }
    return path;
  });
  const found = leastSquaresStochastic(series, 4);
  assert(largestError(found, METASTABLE) < 0.01);
  for (let i = 0; i < 4; i++) {
    const row = found.values.subarray(i * 4, i * 4 + 4);
    assert(row.every((p) => p >= 0));
    assertAlmostEquals(row.reduce((sum, p) => sum + p, 0), 1, 1e-9);
  }
  assertThrows(
    () => leastSquaresStochastic([new Float64Array(4)], 4),
    RangeError,
    "no pair",
  );
});
