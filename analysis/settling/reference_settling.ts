/**
 * Settling times as the original computed them, to compare with its numbers.
 * Both are in its half-units, indices of a grid of step 0.5.
 *
 * @module
 */

/** Constants that the original has in its code. */
export const REFERENCE_CONSTANTS = {
  /** The plateau of the queue. */
  target: 60,
  /** Greatest stretch of the encoder, L. */
  upper: 1.66,
  /** Least stretch, L'. */
  lower: 0.82,
  /** Diameter of the data. */
  diameter: 103.05,
  /** Grid points of a learning step. */
  pointsPerStep: 10,
  /** Points at the end of the path that are not looked at. */
  tail: 200,
};

/** Such constants, of other data. */
export type ReferenceConstants = typeof REFERENCE_CONSTANTS;

/**
 * The original's empirical settling time: the first point, from the beginning
 * and so before the fault, at which the path lies within epsilon of 60 once.
 * Infinity where there is none.
 *
 * @param path Mean queue length on its grid.
 * @param epsilon Half the width of the band.
 * @param constants Those that differ from the original's.
 */
export function referenceSettlingIndex(
  path: ArrayLike<number>,
  epsilon: number,
  constants: Partial<ReferenceConstants> = {},
): number {
  const { target, tail } = { ...REFERENCE_CONSTANTS, ...constants };
  for (let i = 0; i < path.length - tail; i++) {
    if (Math.abs(path[i] - target) <= epsilon) return i;
  }
  return Infinity;
}

/**
 * The original's bound, ln(L D / (L' delta)) / -ln |lambda|, with constants for
 * L, L' and D, and without the condition of the eigenvectors, which a matrix
 * that is not normal needs. Infinity from modulus 1 - 1e-12 on.
 *
 * @param modulus |lambda| of the slowest mode of a learning step.
 * @param delta Half the width of the band.
 * @param constants Those that differ from the original's.
 */
export function referenceBound(
  modulus: number,
  delta: number,
  constants: Partial<ReferenceConstants> = {},
): number {
  if (modulus >= 1 - 1e-12) return Infinity;
  const { upper, lower, diameter, pointsPerStep } = {
    ...REFERENCE_CONSTANTS,
    ...constants,
  };
  return pointsPerStep * Math.log(upper * diameter / (lower * delta)) /
    -Math.log(modulus);
}
