import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { monomials, radialBasis } from "./dictionaries.ts";
import { estimateOperator } from "./operator.ts";
import { trajectoriesOf } from "./trajectories.ts";

/** x' = A x + c exactly, from two starts. */
function linearSystem() {
  const run = (x: number, y: number) => {
    const xs = [], ys = [];
    for (let t = 0; t < 30; t++) {
      xs.push(x);
      ys.push(y);
      [x, y] = [0.95 * x + 0.1 * y + 3, 0.7 * y - 1];
    }
    return { xs, ys };
  };
  const [a, b] = [run(0, 10), run(100, -5)];
  return trajectoriesOf({ q: [a.xs, b.xs], l: [a.ys, b.ys] }, 2);
}

Deno.test("estimateOperator() finds an affine system's eigenvalues", () => {
  const { spectrum, timescales, pairs } = estimateOperator(linearSystem());
  assertEquals(pairs, 58); // 29 in each series, none from one to the other
  assertAlmostEquals(spectrum.eigenvalues[0].modulus, 0.95, 1e-6);
  assertAlmostEquals(spectrum.eigenvalues[1].modulus, 0.7, 1e-6);
  assertAlmostEquals(timescales[0], -2 / Math.log(0.95), 1e-3);
});

Deno.test("a lag scales eigenvalues and keeps timescales", () => {
  const { spectrum, timescales } = estimateOperator(linearSystem(), { lag: 3 });
  assertAlmostEquals(spectrum.eigenvalues[0].modulus, 0.95 ** 3, 1e-6);
  assertAlmostEquals(timescales[0], -2 / Math.log(0.95), 1e-3);
});

Deno.test("EDMD with monomials linearises what has a finite invariant set", () => {
  // x' = 0.9 x, y' = 0.5 y + x^2: eigenvalues 0.9, 0.81 and 0.5, which DMD,
  // without x^2 among its observables, cannot have.
  const random = new Random(4);
  const xs: number[][] = [], ys: number[][] = [];
  for (let i = 0; i < 20; i++) {
    let [x, y] = [random.uniform(-1, 1), random.uniform(-1, 1)];
    xs.push([]), ys.push([]);
    for (let t = 0; t < 6; t++) {
      xs[i].push(x), ys[i].push(y);
      [x, y] = [0.9 * x, 0.5 * y + x * x];
    }
  }
  const data = trajectoriesOf({ x: xs, y: ys }, 1);
  const dictionary = {
    ...monomials(2),
    size: () => 3,
    lift: (s: Float64Array, into: Float64Array) =>
      into.set([s[0], s[1], s[0] ** 2]),
  };
  const moduli = (options = {}) =>
    estimateOperator(data, options).spectrum.eigenvalues.map(({ modulus }) =>
      modulus
    );
  // Scaling shifts x, so that x^2 gains terms in x: still an invariant set.
  moduli({ dictionary }).forEach((modulus, i) =>
    assertAlmostEquals(modulus, [0.9, 0.81, 0.5][i], 1e-5)
  );
  assertEquals(
    moduli().some((modulus) => Math.abs(modulus - 0.81) < 0.01),
    false,
  );
});

Deno.test("delays see a mode that a single feature hides", () => {
  // The sum of two decays needs two states.
  const y = Array.from({ length: 60 }, (_, t) => 3 * 0.97 ** t - 2 * 0.6 ** t);
  const data = trajectoriesOf({ y: [y] }, 1);
  const { eigenvalues } =
    estimateOperator(data, { delays: 2, ridge: 0 }).spectrum;
  assertAlmostEquals(eigenvalues[0].modulus, 0.97, 1e-6);
  assertAlmostEquals(eigenvalues[1].modulus, 0.6, 1e-6);
});

Deno.test("dictionaries have the sizes they name", () => {
  assertEquals(monomials(3).size(2), 9);
  const lifted = new Float64Array(5);
  monomials(2).lift(Float64Array.of(2, 3), lifted);
  assertEquals([...lifted].sort((a, b) => a - b), [2, 3, 4, 6, 9]);
  const bumps = radialBasis([Float64Array.of(2, 3)], 1);
  const three = new Float64Array(bumps.size(2));
  bumps.lift(Float64Array.of(2, 4), three);
  assertAlmostEquals(three[2], Math.exp(-0.5));
});

Deno.test("estimateOperator() refuses series without a pair", () => {
  const short = trajectoriesOf({ q: [[1, 2], [3, 4]] }, 1);
  assertThrows(
    () => estimateOperator(short, { lag: 2 }),
    RangeError,
    "0 pairs",
  );
});
