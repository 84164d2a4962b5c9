import { assertAlmostEquals, assertThrows } from "@std/assert";
import { studentTDistribution, studentTQuantile } from "./student_t.ts";

Deno.test("studentTQuantile() agrees with printed tables", () => {
  // NIST/SEMATECH handbook 1.3.6.7.2, with the digits of larger tables.
  const table = [
    [0.975, 1, 12.7062047362],
    [0.975, 2, 4.3026527297],
    [0.975, 3, 3.1824463053],
    [0.975, 4, 2.7764451052],
    [0.975, 5, 2.5705818356],
    [0.975, 9, 2.2621571628],
    [0.975, 10, 2.2281388520],
    [0.975, 30, 2.0422724563],
    [0.975, 100, 1.9839715185],
    [0.995, 5, 4.0321429836],
    [0.95, 3, 2.3533634348],
    [0.9995, 1, 636.6192487688],
    [0.975, 1e7, 1.9599641],
  ];
  for (const [probability, degrees, expected] of table) {
    assertAlmostEquals(studentTQuantile(probability, degrees), expected, 1e-6);
    assertAlmostEquals(
      studentTQuantile(1 - probability, degrees),
      -expected,
      1e-6,
    );
  }
});

Deno.test("studentTQuantile() agrees with the closed forms of 1 and 2 degrees", () => {
  for (const p of [0.500001, 0.6, 0.75, 0.9, 0.99, 0.9999]) {
    const cauchy = Math.tan(Math.PI * (p - 0.5));
    assertAlmostEquals(studentTQuantile(p, 1) / cauchy, 1, 1e-9);
    const two = 2 * (p - 0.5) * Math.sqrt(2 / (4 * p * (1 - p)));
    assertAlmostEquals(studentTQuantile(p, 2) / two, 1, 1e-9);
  }
});

Deno.test("studentTDistribution() undoes studentTQuantile()", () => {
  for (const degrees of [0.5, 1, 3.7, 12, 250, 1e5]) {
    for (const p of [1e-6, 0.01, 0.3, 0.5, 0.77, 0.999999]) {
      assertAlmostEquals(
        studentTDistribution(studentTQuantile(p, degrees), degrees),
        p,
        1e-12,
      );
    }
  }
});

Deno.test("studentTQuantile() throws when an argument is outside its range", () => {
  for (const p of [0, 1, -0.1, 2, NaN]) {
    assertThrows(() => studentTQuantile(p, 3), RangeError, `${p}`);
  }
  for (const degrees of [0, -1, NaN, Infinity]) {
    assertThrows(
      () => studentTQuantile(0.9, degrees),
      RangeError,
      `${degrees}`,
    );
  }
});
