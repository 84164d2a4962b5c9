/**
 * What tests of reservoirs have in common.
 *
 * @module
 */
import type { SingleMetricReservoir } from "./reservoir.ts";

/** Every kind, with options that differ from the defaults. */
export const KINDS = [
  { kind: "uniform", algorithm: "L" },
  { kind: "uniform", algorithm: "R" },
  { kind: "weighted" },
  { kind: "biased" },
  { kind: "biased", probability: 0.05 },
  { kind: "window" },
] as const;

/** The sum of (observed - expected)^2 / expected. */
export function chiSquare(
  observed: ArrayLike<number>,
  expected: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < observed.length; i++) {
    sum += (observed[i] - expected[i]) ** 2 / expected[i];
  }
  return sum;
}

/**
 * A bound that a chi-square variate exceeds with probability 1e-6, by Wilson
 * and Hilferty's cube root, whose error there is below 2 %.
 */
export function chiSquareBound(degrees: number): number {
  const share = 2 / (9 * degrees);
  return degrees * (1 - share + 4.7534 * Math.sqrt(share)) ** 3;
}

/** The whole state of a reservoir as numbers. */
export function stateOf(reservoir: SingleMetricReservoir): number[] {
  const { words, numbers } = reservoir.saveState() as {
    words: Uint32Array;
    numbers: Float64Array;
  };
  return [...words, ...numbers];
}
