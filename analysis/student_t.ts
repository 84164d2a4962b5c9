/**
 * Student's t distribution: its distribution function and quantiles.
 *
 * @module
 */
import { logGamma } from "../core/log_gamma.ts";

/**
 * The continued fraction of the incomplete beta function, by the modified
 * Lentz method (Abramowitz and Stegun 26.5.8).
 */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const guard = (value: number) => Math.abs(value) < tiny ? tiny : value;
  let c = 1;
  let d = 1 / guard(1 - (a + b) * x / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    fraction *= d * c;
    const odd = -(a + m) * (a + b + m) * x /
      ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return fraction;
}

/** The regularised incomplete beta function, `y` being 1 - `x`. */
function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) +
      b * Math.log(y),
  );
  return x < (a + 1) / (a + b + 2)
    ? front * betaFraction(x, a, b) / a
    : 1 - front * betaFraction(y, b, a) / b;
}

/** P(T > t) for t >= 0 (Abramowitz and Stegun 26.7.1). */
function upperTail(t: number, degrees: number): number {
  const square = t * t;
  return 0.5 * incompleteBeta(
    degrees / (degrees + square),
    square / (degrees + square),
    degrees / 2,
    0.5,
  );
}

function checkDegrees(degrees: number): void {
  if (!(degrees > 0 && degrees < Infinity)) {
    throw new RangeError(
      `Cannot use Student's t with ${degrees} degrees of freedom, expected a positive number`,
    );
  }
}

/**
 * The probability that a variate of Student's t distribution is at most `t`.
 *
 * @param t Any number.
 * @param degrees Degrees of freedom, positive. Throws `RangeError` otherwise.
 */
export function studentTDistribution(t: number, degrees: number): number {
  checkDegrees(degrees);
  return t < 0 ? upperTail(-t, degrees) : 1 - upperTail(t, degrees);
}

/**
 * The quantile of Student's t distribution: the value that a variate stays
 * below with the given probability.
 *
 * @param probability Between 0 and 1, both excluded. Throws `RangeError`
 * otherwise.
 * @param degrees Degrees of freedom, positive. Throws `RangeError` otherwise.
 *
 * @example Half the width of a 95 % interval with 10 degrees of freedom
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { studentTQuantile } from "./student_t.ts";
 *
 * assertAlmostEquals(studentTQuantile(0.975, 10), 2.228139, 1e-6);
 * ```
 */
export function studentTQuantile(probability: number, degrees: number): number {
  checkDegrees(degrees);
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(
      `Cannot compute the quantile at ${probability}, expected a probability between 0 and 1`,
    );
  }
  if (probability < 0.5) return -studentTQuantile(1 - probability, degrees);
  const tail = 1 - probability;
  if (tail === 0.5) return 0;
  let low = 0;
  let high = 1;
  while (upperTail(high, degrees) > tail && high < 1e300) {
    low = high;
    high *= 2;
  }
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (upperTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
}
