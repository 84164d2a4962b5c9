import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { impliedTimescale, spectrum } from "./spectrum.ts";

const matrix = (size: number, values: number[]) => ({
  size,
  values: Float64Array.from(values),
});

Deno.test("spectrum() sorts by modulus and knows complex pairs", () => {
  const { eigenvalues, condition } = spectrum(
    matrix(3, [0.5, -0.5, 0, 0.5, 0.5, 0, 0, 0, 0.9]),
  );
  assertAlmostEquals(eigenvalues[0].real, 0.9, 1e-12);
  assertAlmostEquals(eigenvalues[1].modulus, Math.SQRT1_2, 1e-12);
  assertAlmostEquals(eigenvalues[1].imaginary, 0.5, 1e-12);
  assertAlmostEquals(eigenvalues[2].imaginary, -0.5, 1e-12);
  assertAlmostEquals(condition, 1, 1e-9);
});

Deno.test("spectrum() gives the condition of the eigenvectors", () => {
  // Unit eigenvectors (1, 0) and (1, 1) / sqrt 2: cond = cot(pi / 8).
  const skew = spectrum(matrix(2, [1, 1, 0, 2]));
  assertAlmostEquals(skew.condition, 1 + Math.SQRT2, 1e-9);
  // A rotation in skewed coordinates, diag(1, 4) R diag(1, 1/4): cond = 4.
  const turned = spectrum(matrix(2, [0, -0.25, 4, 0]));
  assertAlmostEquals(turned.condition, 4, 1e-9);
});

Deno.test("the condition bounds powers of a matrix that is not normal", () => {
  const values = [0.9, 5, 0, 0.8];
  const { condition, eigenvalues } = spectrum(matrix(2, values));
  let [a, b, d] = [1, 0, 1];
  for (let t = 1; t < 40; t++) {
    [a, b, d] = [a * 0.9, a * 5 + b * 0.8, d * 0.8];
    const norm = Math.hypot(a, b, d) / Math.SQRT2; // at most the 2-norm
    if (norm > condition * eigenvalues[0].modulus ** t) throw new Error(`${t}`);
  }
});

Deno.test("impliedTimescale() is the time of falling to 1 / e", () => {
  assertAlmostEquals(impliedTimescale(Math.exp(-0.25), 5), 20, 1e-12);
  assertEquals(impliedTimescale(1, 5), Infinity);
  assertEquals(impliedTimescale(0, 5), 0);
});

Deno.test("spectrum() refuses what is not square or not finite", () => {
  assertThrows(() => spectrum(matrix(2, [1, 2, 3])), RangeError, "2 x 2");
  assertThrows(() => spectrum(matrix(1, [NaN])), RangeError, "finite");
});
