/**
 * The logarithm of the gamma function.
 *
 * @module
 */

/** Lanczos' coefficients for g = 7, n = 9 (Godfrey 2001); error below 1e-14. */
const LANCZOS = [
  0.99999999999980993,
  676.5203681218851,
  -1259.1392167224028,
  771.32342877765313,
  -176.61502916214059,
  12.507343278686905,
  -0.13857109526572012,
  9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/**
 * ln Γ(x), with an error below 1e-14 of the larger of 1 and itself.
 *
 * @param x Above 0; NaN elsewhere.
 *
 * @example Factorials
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { logGamma } from "./log_gamma.ts";
 *
 * assertAlmostEquals(Math.exp(logGamma(5)), 24, 1e-12);
 * ```
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return NaN;
  const shifted = x - 1;
  let series = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) series += LANCZOS[i] / (shifted + i);
  const t = shifted + 7.5;
  return 0.91893853320467274178 + (shifted + 0.5) * Math.log(t) - t +
    Math.log(series);
}
