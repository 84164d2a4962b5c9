import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { namedTopology } from "./named_topologies.ts";
import { computeRoutes, largestUtilisation, routeDemands } from "./routing.ts";
import {
  checkMatrix,
  drawMatrix,
  exponentialMatrix,
  gravityMatrix,
  hotspotMatrix,
  MATRIX_KINDS,
  type MatrixKind,
  scaleToLoad,
  uniformMatrix,
} from "./traffic_matrices.ts";

const NSFNET = namedTopology("nsfnet");

Deno.test("matrices have demands between switches with hosts, and no others", () => {
  const topology = namedTopology("seed10");
  for (const kind of MATRIX_KINDS) {
    const matrix = drawMatrix(topology, kind, new Random(1));
    checkMatrix(topology, matrix);
    assertEquals(matrix.filter((demand) => demand > 0).length, 12, kind);
    assertEquals(matrix, drawMatrix(topology, kind, new Random(1)), kind);
  }
});

Deno.test("gravity matrices have rank one off the diagonal", () => {
  const t = gravityMatrix(NSFNET, new Random(3));
  const at = (i: number, j: number) => t[i * 14 + j];
  for (let i = 2; i < 13; i++) {
    assertAlmostEquals(at(0, i) * at(1, 13) / (at(0, 13) * at(1, i)), 1, 1e-9);
  }
});

Deno.test("exponential demands have mean 1 and deviation 1", () => {
  const random = new Random(5);
  // 182,000 draws: the mean is within 5 deviations (of 0.0023) but for one in
  // a million; uniform demands would have a deviation of 0.58.
  const draws = Array.from({ length: 1000 }, () => [
    ...exponentialMatrix(NSFNET, random),
  ]).flat().filter((demand) => demand > 0);
  const mean = draws.reduce((a, b) => a + b) / draws.length;
  const square = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  assertEquals(draws.length, 182_000);
  assertAlmostEquals(mean, 1, 0.0125);
  assertAlmostEquals(Math.sqrt(square / draws.length), 1, 0.03);
});

Deno.test("hotspots receive eight times as much", () => {
  const matrix = hotspotMatrix(NSFNET, new Random(1));
  const received = Array.from(
    { length: 14 },
    (_, j) =>
      Array.from({ length: 14 }, (_, i) => matrix[i * 14 + j])
        .reduce((a, b) => a + b),
  );
  assertEquals(received.toSorted((a, b) => a - b).slice(-2), [13, 8 * 13]);
});

Deno.test("scaleToLoad() gives the busiest link the load", () => {
  const matrix = scaleToLoad(NSFNET, uniformMatrix(NSFNET), 0.7);
  const loads = new Float64Array(NSFNET.arcCount);
  const weights = new Float64Array(21).fill(1);
  routeDemands(computeRoutes(NSFNET, weights), matrix, loads);
  assertAlmostEquals(largestUtilisation(NSFNET, loads), 0.7, 1e-12);
  assert(matrix.every((demand) => demand === 0 || demand === matrix[1]));
});

Deno.test("matrices and loads that make no sense are refused", () => {
  assertThrows(
    () => checkMatrix(NSFNET, [1, 2]),
    TypeError,
    "expected 14 x 14",
  );
  for (const [place, demand] of [[0, 1], [1, -1], [1, NaN], [1, Infinity]]) {
    const matrix = new Float64Array(196);
    matrix[place] = demand;
    assertThrows(
      () => checkMatrix(NSFNET, matrix),
      RangeError,
      `${demand} Mbit/s`,
    );
  }
  for (const load of [0, -1, NaN, Infinity]) {
    assertThrows(
      () => scaleToLoad(NSFNET, uniformMatrix(NSFNET), load),
      RangeError,
    );
  }
  assertThrows(
    () => drawMatrix(NSFNET, "mass" as MatrixKind, new Random(0)),
    RangeError,
    "expected one of gravity",
  );
});
