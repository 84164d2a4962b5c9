/**
 * How evenly servers are loaded: indices in closed form.
 *
 * All take the servers' values (flows, durations, loads), numbers from 0, at
 * least one, and allocate nothing. Values that are all equal are fairest, all
 * zero included, and so is a single one. A value that is not finite gives NaN.
 *
 * @module
 */

/** Values of servers, shape [servers]: an array or typed array. */
export type Values = ArrayLike<number>;

/** A ratio under this counts as this where its logarithm is taken. */
const SMALLEST_RATIO = 1e-10;

/**
 * Throws where there is no value or a negative one.
 *
 * @returns Whether all are finite.
 */
function check(values: Values): boolean {
  const count = values.length;
  if (count === 0) {
    throw new RangeError(
      "Cannot judge the fairness of 0 servers, expected at least 1",
    );
  }
  let finite = true;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value < 0) {
      throw new RangeError(
        `Cannot judge the fairness of value ${value} of server ${i}, expected a number from 0`,
      );
    }
    finite &&= value < Infinity;
  }
  return finite;
}

function total(values: Values): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

/**
 * The largest value.
 *
 * @param values Throws `RangeError` when empty or negative.
 */
export function largest(values: Values): number {
  if (!check(values)) return NaN;
  let result = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > result) result = values[i];
  }
  return result;
}

/**
 * The smallest value.
 *
 * @param values Throws `RangeError` when empty or negative.
 */
export function smallest(values: Values): number {
  if (!check(values)) return NaN;
  let result = values[0];
  for (let i = 1; i < values.length; i++) {
    if (values[i] < result) result = values[i];
  }
  return result;
}

/**
 * Jain's index (sum x)^2 / (n sum x^2): from 1 / n, one server has all, to 1,
 * all have the same (Jain, Chiu and Hawe, "A quantitative measure of fairness
 * and discrimination", 1984).
 *
 * @param values Throws `RangeError` when empty or negative.
 */
export function jainIndex(values: Values): number {
  const scale = largest(values);
  if (scale === 0) return 1;
  const count = values.length;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const share = values[i] / scale; // no square over- or underflows
    sum += share;
    squares += share * share;
  }
  // Rounding may leave the range by a last bit.
  const index = sum * sum / (count * squares);
  return index > 1 ? 1 : index < 1 / count ? 1 / count : index;
}

/**
 * The product of all values over the largest: from 0, a server has nothing,
 * to 1, all have the same. The reward of Yao et al., "Multi-agent
 * reinforcement learning for network load balancing in data center", CIKM
 * 2022 (their F).
 *
 * @param values Throws `RangeError` when empty or negative.
 */
export function productFairness(values: Values): number {
  const scale = largest(values);
  if (scale === 0) return 1;
  if (scale !== scale) return NaN;
  let product = 1;
  for (let i = 0; i < values.length; i++) product *= values[i] / scale;
  return product;
}

/**
 * The logarithm of {@linkcode productFairness}, at most 0, with ratios below
 * 1e-10 counted as 1e-10: it still tells servers apart where the product of
 * many has become 0.
 *
 * @param values Throws `RangeError` when empty or negative.
 */
export function logProductFairness(values: Values): number {
  const scale = largest(values);
  if (scale !== scale) return NaN;
  if (scale === 0) return 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += Math.log(Math.max(values[i] / scale, SMALLEST_RATIO));
  }
  return sum;
}

/** The variance (divisor n) of the values over a scale, in two passes. */
function scaledVariance(values: Values, scale: number): number {
  const count = values.length;
  const mean = total(values) / count;
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < count; i++) {
    const difference = (values[i] - mean) / scale;
    squares += difference * difference;
    rest += difference; // what rounding of the mean left
  }
  return Math.max(0, (squares - rest * rest / count) / count);
}

/**
 * The variance (divisor n).
 *
 * @param values Throws `RangeError` when empty or negative.
 */
export function variance(values: Values): number {
  return check(values) ? scaledVariance(values, 1) : NaN;
}

/**
 * The coefficient of variation: standard deviation (divisor n) over mean,
 * from 0, all have the same, to the root of n - 1, one has all.
 *
 * @param values Throws `RangeError` when empty or negative.
 */
export function coefficientOfVariation(values: Values): number {
  if (!check(values)) return NaN;
  const mean = total(values) / values.length;
  return mean === 0 ? 0 : Math.sqrt(scaledVariance(values, mean));
}

/**
 * Gini's coefficient, the mean difference of two values over twice the mean:
 * from 0, all have the same, to (n - 1) / n, one has all.
 *
 * @param values Throws `RangeError` when empty or negative.
 */
export function giniCoefficient(values: Values): number {
  if (!check(values)) return NaN;
  const count = values.length;
  const sum = total(values);
  if (sum === 0) return 0;
  let differences = 0;
  for (let i = 1; i < count; i++) {
    for (let j = 0; j < i; j++) differences += Math.abs(values[i] - values[j]);
  }
  return differences / (count * sum);
}

/**
 * The entropy of the servers' shares over its maximum ln n: from 0, one has
 * all, to 1, all have the same.
 *
 * @param values Throws `RangeError` when empty or negative.
 */
export function normalisedEntropy(values: Values): number {
  if (!check(values)) return NaN;
  const count = values.length;
  const sum = total(values);
  if (count === 1 || sum === 0) return 1;
  let entropy = 0;
  for (let i = 0; i < count; i++) {
    const share = values[i] / sum;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return Math.min(1, entropy / Math.log(count));
}

/**
 * Smallest over largest value: from 0, a server has nothing, to 1, all have
 * the same.
 *
 * @param values Throws `RangeError` when empty or negative.
 */
export function minMaxRatio(values: Values): number {
  const high = largest(values);
  return high === 0 ? 1 : smallest(values) / high;
}

/**
 * Largest value over the mean: how many times what is needed on average has
 * to be there. From 1, all have the same, to n, one has all.
 *
 * @param values Throws `RangeError` when empty or negative.
 */
export function overProvision(values: Values): number {
  const high = largest(values);
  return high === 0 ? 1 : high / (total(values) / values.length);
}
