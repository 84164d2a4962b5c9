import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import {
  eigenmaps,
  latticeNeighbours,
  latticeTransitions,
  successorMatrix,
  successorSeries,
  transitionsOf,
} from "./successor_matrix.ts";

const SIDE = 12;
const STATES = SIDE * SIDE;
const TRANSITIONS = latticeTransitions({ width: SIDE, depth: SIDE });
const DEGREES = latticeNeighbours({ width: SIDE, depth: SIDE })
  .map(({ length }) => length);

/** Equal to so many digits as the number is written with. */
function assertDigits(actual: number, expected: number, digits = 6) {
  assertAlmostEquals(actual, expected, 0.5 * 10 ** -digits + 1e-12);
}

Deno.test("the closed form on 12 x 12 has the known entries at gamma 0.9", () => {
  const matrix = successorMatrix(TRANSITIONS, 0.9);
  const at = (s: number, u: number) => matrix[s * STATES + u];
  assertDigits(at(0, 0), 1.652237);
  assertDigits(at(143, 143), 1.652237);
  assertDigits(at(0, 1), 1.087062);
  assertDigits(at(1, 0), 0.724708);
  assertDigits(at(78, 78), 1.452688);
  assertDigits(at(78, 79), 0.503179);
  const trace = DEGREES.reduce((sum, _, s) => sum + at(s, s), 0);
  assertDigits(trace, 223.155767);
  const columns = DEGREES.map((_, u) =>
    DEGREES.reduce((sum, _, s) => sum + at(s, u), 0)
  );
  assertDigits(Math.min(...columns), 6.514629);
  assertDigits(Math.max(...columns), 11.532319);
});

Deno.test("the closed form on 12 x 12 has the known entries at gamma 0.99", () => {
  const matrix = successorMatrix(TRANSITIONS, 0.99);
  assertDigits(matrix[0], 2.835555);
  assertDigits(matrix[78 * STATES + 78], 2.446922);
  let trace = 0;
  for (let s = 0; s < STATES; s++) trace += matrix[s * (STATES + 1)];
  assertDigits(trace, 412.124911);
});

Deno.test("rows sum to 1 / (1 - gamma), and visits balance in detail", () => {
  for (const discount of [0.9, 0.99]) {
    const matrix = successorMatrix(TRANSITIONS, discount);
    for (let s = 0; s < STATES; s++) {
      const row = matrix.subarray(s * STATES, (s + 1) * STATES);
      assertAlmostEquals(
        row.reduce((sum, value) => sum + value, 0),
        1 / (1 - discount),
        1e-9,
      );
      for (let u = 0; u < s; u++) {
        assertAlmostEquals(
          DEGREES[s] * row[u],
          DEGREES[u] * matrix[u * STATES + s],
          1e-10,
        );
      }
    }
  }
});

Deno.test("eigenvalues on 12 x 12 are the known ones", () => {
  const known = {
    transitions: [1, 0.980614, 0.980614, 0.959493, 0.924269, 0.924269],
    0.9: [
      10,
      8.514454,
      8.514454,
      7.328352,
      5.946797,
      5.946797,
      5.279807,
      5.279807,
    ],
    0.99: [100, 34.255869, 34.255869, 19.959301],
  };
  const check = (matrix: Float64Array, values: number[]) => {
    const found = eigenmaps(matrix, DEGREES);
    values.forEach((value, i) => assertDigits(found.values[i], value));
    return found;
  };
  check(TRANSITIONS, known.transitions);
  check(successorMatrix(TRANSITIONS, 0.99), known[0.99]);
  const { maps } = check(successorMatrix(TRANSITIONS, 0.9), known[0.9]);
  // The fourth is not degenerate: cos(pi x / 11) cos(pi y / 11).
  const wave = (i: number) => Math.cos(Math.PI * i / (SIDE - 1));
  const scale = maps[3][0];
  maps[3].forEach((value, s) =>
    assertAlmostEquals(
      value,
      scale * wave(s % SIDE) * wave(Math.floor(s / SIDE)),
      1e-10,
    )
  );
});

Deno.test("the series stops after the known number of terms", () => {
  const short = successorSeries(TRANSITIONS, {
    discount: 0.9,
    threshold: 1e-6,
  });
  assertEquals(short.iterations, 97);
  const exact = successorMatrix(TRANSITIONS, 0.9);
  const error = Math.max(
    ...short.matrix.map((value, i) => Math.abs(value - exact[i])),
  );
  assertAlmostEquals(error, 4.4e-6, 0.05e-6);
  const long = successorSeries(TRANSITIONS, {
    discount: 0.99,
    threshold: 1e-6,
  });
  assertEquals(long.iterations, 959);
});

Deno.test("rooms that are not square are numbered along x first", () => {
  const neighbours = latticeNeighbours({ width: 20, depth: 2 });
  assertEquals(neighbours[0], [1, 20]);
  assertEquals(neighbours[25], [5, 24, 26]);
  const transitions = latticeTransitions({ width: 20, depth: 2 });
  const back = transitionsOf(successorMatrix(transitions, 0.9), 0.9);
  back.forEach((value, i) => assertAlmostEquals(value, transitions[i], 1e-12));
  const line = latticeTransitions({ width: 3, depth: 1 });
  assertEquals([...line], [0, 1, 0, 0.5, 0, 0.5, 0, 1, 0]);
  assertEquals([...latticeTransitions({ width: 1, depth: 1 })], [1]);
  assertThrows(() => successorMatrix(new Float64Array(3), 0.9), TypeError);
  assert(eigenmaps(line, [1, 2, 1]).values[0] <= 1 + 1e-12);
});
