/**
 * Weights as messages carry them, and those of SED.
 *
 * @module
 */

/**
 * Smallest and largest weight over the mean.
 *
 * @param weights At least one above 0.
 */
export function spread(weights: ArrayLike<number>): [number, number] {
  let [low, high, sum] = [Infinity, 0, 0];
  for (let i = 0; i < weights.length; i++) {
    low = Math.min(low, weights[i]);
    high = Math.max(high, weights[i]);
    sum += weights[i];
  }
  const mean = sum / weights.length;
  return [low / mean, high / mean];
}

/**
 * Whether flows can be sent by them: finite numbers from 0, one at least above
 * it, as they are in 32 bits.
 *
 * @param weights Shape [servers].
 */
export function areWeights(weights: Float64Array): boolean {
  let sum = 0;
  for (const weight of weights) {
    const written = Math.fround(weight);
    if (!(written >= 0 && written < Infinity)) return false;
    sum += written;
  }
  return sum > 0;
}

/**
 * Takes the weight from servers that are down, unless none would be left that
 * has any.
 *
 * @param weights Changed, shape [servers].
 * @param up 1 for servers that are up, shape [servers].
 */
export function withoutDown(weights: Float64Array, up: Uint8Array): void {
  let left = 0;
  for (let i = 0; i < up.length; i++) left += up[i] * weights[i];
  // Also where a weight is no number: that is for others to see.
  if (!(left > 0)) return;
  for (let i = 0; i < up.length; i++) if (up[i] === 0) weights[i] = 0;
}

/**
 * Writes the weights of SED.
 *
 * @param weights Written to, shape [servers].
 * @param known Capacities that may be the servers', the best first; of another
 * length they are not.
 * @returns What was written, in words: without capacities all weights are
 * equal.
 */
export function writeSedWeights(
  weights: Float64Array,
  known: readonly (Float64Array | undefined)[],
): string {
  const capacities = known.find((each) => each?.length === weights.length);
  if (capacities === undefined) {
    weights.fill(1);
    return "equal weights, as no capacities are known";
  }
  weights.set(capacities);
  return "weights of SED";
}
