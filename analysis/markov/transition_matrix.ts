/**
 * Transition matrices of a Markov chain, estimated from the states it visits
 * or from how its distribution moves.
 *
 * @module
 */
import type { SquareMatrix } from "../koopman/spectrum.ts";

export type { SquareMatrix } from "../koopman/spectrum.ts";

/** Options of {@linkcode transitionCounts}. */
export interface CountOptions {
  /** Number of states. */
  states: number;
  /** Samples between the states of a pair. Default 1. */
  lag?: number;
}

/**
 * How often each state is followed by each other. Pairs overlap (a sliding
 * window) and never cross from one series to the next.
 *
 * @param series Visited states, whole numbers from 0. Throws `RangeError` for
 * others.
 * @param options States and lag.
 */
export function transitionCounts(
  series: readonly ArrayLike<number>[],
  options: CountOptions,
): SquareMatrix {
  const { states, lag = 1 } = options;
  const values = new Float64Array(states * states);
  for (const visited of series) {
    for (let t = 0; t < visited.length; t++) {
      const state = visited[t];
      if (!(Number.isInteger(state) && state >= 0 && state < states)) {
        throw new RangeError(
          `Cannot count the state ${state}, expected a whole number from 0 to ${
            states - 1
          }`,
        );
      }
      if (t >= lag) values[visited[t - lag] * states + state]++;
    }
  }
  return { size: states, values };
}

/**
 * The matrix under which the counts are likeliest: each row over its sum. A
 * state that was never left stays where it is.
 *
 * @param counts From {@linkcode transitionCounts}.
 */
export function maximumLikelihood(counts: SquareMatrix): SquareMatrix {
  return normaliseRows(counts);
}

/**
 * The mean of the posterior of a Dirichlet prior on each row: counts and prior
 * counts together, over their sum.
 *
 * @param counts From {@linkcode transitionCounts}.
 * @param prior Prior counts: one for all, or one each (of a model, say).
 * Throws `RangeError` unless from 0.
 */
export function dirichletMean(
  counts: SquareMatrix,
  prior: number | SquareMatrix,
): SquareMatrix {
  const at = (k: number) => typeof prior === "number" ? prior : prior.values[k];
  return normaliseRows({
    size: counts.size,
    values: counts.values.map((count, k) => {
      if (!(at(k) >= 0)) {
        throw new RangeError(
          `Cannot use a prior count of ${at(k)}, expected a number from 0`,
        );
      }
      return count + at(k);
    }),
  });
}

function normaliseRows({ size, values }: SquareMatrix): SquareMatrix {
  const rows = values.slice();
  for (let i = 0; i < size; i++) {
    const row = rows.subarray(i * size, (i + 1) * size);
    const sum = row.reduce((total, value) => total + value, 0);
    if (sum === 0) row[i] = 1;
    else for (let j = 0; j < size; j++) row[j] /= sum;
  }
  return { size, values: rows };
}

/** Options of {@linkcode reversibleMaximumLikelihood}. */
export interface ReversibleOptions {
  /** Relative change at which it ends. Default 1e-12. */
  tolerance?: number;
  /** Iterations at most. Default 100,000. */
  iterations?: number;
}

/**
 * The likeliest matrix among those in detailed balance (Prinz et al., "Markov
 * models of molecular kinetics", 2011, algorithm 1): with x_ij = pi_i P_ij,
 * x_ij = (c_ij + c_ji) / (c_i / x_i + c_j / x_j). Its eigenvalues are real. A
 * queue with retries is not reversible: compare with the others.
 *
 * @param counts From {@linkcode transitionCounts}.
 * @param options When it ends. Throws `Error` where it has not by then.
 */
export function reversibleMaximumLikelihood(
  counts: SquareMatrix,
  options: ReversibleOptions = {},
): SquareMatrix {
  const { tolerance = 1e-12, iterations = 100_000 } = options;
  const { size, values } = counts;
  const rowSums = (of: Float64Array) =>
    Float64Array.from({ length: size }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += of[i * size + j];
      return sum;
    });
  const total = rowSums(values);
  const transposed = (k: number) => (k % size) * size + Math.floor(k / size);
  let flows = values.map((count, k) => count + values[transposed(k)]);
  for (let step = 0; step < iterations; step++) {
    const weight = rowSums(flows);
    const next = flows.map((flow, k) => {
      if (flow === 0) return 0;
      const i = Math.floor(k / size);
      const j = k % size;
      return (values[k] + values[transposed(k)]) /
        (total[i] / weight[i] + total[j] / weight[j]);
    });
    const change = next.reduce(
      (most, value, k) =>
        value === 0 ? most : Math.max(most, Math.abs(1 - flows[k] / value)),
      0,
    );
    flows = next;
    if (change < tolerance) return normaliseRows({ size, values: flows });
  }
  throw new Error(
    `Cannot bring ${size} states into detailed balance within ${iterations} iterations, expected a larger tolerance than ${tolerance}`,
  );
}

/** Options of {@linkcode leastSquaresStochastic}. */
export interface StochasticLeastSquaresOptions {
  /** Change of the loss, relative to it, at which it ends. Default 1e-12. */
  tolerance?: number;
  /** Iterations at most. Default 20,000. */
  iterations?: number;
}

/**
 * The stochastic matrix P that moves distributions best: least sum of
 * |p_t P - p_(t+1)|^2 over P >= 0 whose rows sum to one, by projected gradients
 * with momentum (Beck and Teboulle, "A Fast Iterative Shrinkage-Thresholding
 * Algorithm", 2009) and the projection of Duchi et al. (2008).
 *
 * @param series Distributions one after the other, each array of shape [times,
 * states]. Throws `RangeError` where none has two.
 * @param states Number of states.
 * @param options When it ends.
 */
export function leastSquaresStochastic(
  series: readonly Float64Array[],
  states: number,
  options: StochasticLeastSquaresOptions = {},
): SquareMatrix {
  const { tolerance = 1e-12, iterations = 20_000 } = options;
  const { square, cross, target, pairs } = pairProducts(series, states);
  if (pairs === 0) {
    throw new RangeError(
      "Cannot estimate transitions from no pair of distributions, expected longer series",
    );
  }
  const step = 1 / largestEigenvalue(square, states);
  const loss = (p: Float64Array, product: Float64Array) => {
    let sum = target;
    for (let k = 0; k < p.length; k++) {
      sum += p[k] * (product[k] - 2 * cross[k]);
    }
    return sum;
  };
  let current = new Float64Array(states * states).fill(1 / states);
  let ahead = current;
  let momentum = 1;
  let before = Infinity;
  for (let i = 0; i < iterations; i++) {
    const product = multiply(square, ahead, states);
    const next = ahead.map((p, k) => p - step * (product[k] - cross[k]));
    for (let row = 0; row < states; row++) {
      projectOntoSimplex(next.subarray(row * states, (row + 1) * states));
    }
    const now = loss(next, multiply(square, next, states));
    const following = (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
    // Momentum that leads uphill is given up (O'Donoghue and Candes, 2015).
    const uphill = now > before;
    const carry = uphill ? 0 : (momentum - 1) / following;
    ahead = next.map((p, k) => p + carry * (p - current[k]));
    momentum = uphill ? 1 : following;
    current = next;
    if (Math.abs(before - now) <= tolerance * Math.abs(target)) break;
    before = now;
  }
  return { size: states, values: current };
}

/** Sums over pairs: p p', p q', and |q|^2. */
function pairProducts(series: readonly Float64Array[], states: number) {
  const square = new Float64Array(states * states);
  const cross = new Float64Array(states * states);
  let target = 0;
  let pairs = 0;
  for (const values of series) {
    for (let t = 0; (t + 2) * states <= values.length; t++) {
      const from = values.subarray(t * states, (t + 1) * states);
      const to = values.subarray((t + 1) * states, (t + 2) * states);
      pairs++;
      for (let i = 0; i < states; i++) {
        target += to[i] ** 2;
        if (from[i] === 0) continue;
        for (let j = 0; j < states; j++) {
          square[i * states + j] += from[i] * from[j];
          cross[i * states + j] += from[i] * to[j];
        }
      }
    }
  }
  return { square, cross, target, pairs };
}

function multiply(
  left: Float64Array,
  right: Float64Array,
  size: number,
): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const value = left[i * size + k];
      if (value === 0) continue;
      for (let j = 0; j < size; j++) {
        product[i * size + j] += value * right[k * size + j];
      }
    }
  }
  return product;
}

/** An upper bound of the largest eigenvalue of a symmetric matrix. */
function largestEigenvalue(symmetric: Float64Array, size: number): number {
  let largest = 0;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += Math.abs(symmetric[i * size + j]);
    largest = Math.max(largest, sum);
  }
  return largest;
}

/** The nearest point with no negative entry and sum one, in place. */
function projectOntoSimplex(row: Float64Array): void {
  const descending = row.slice().sort().reverse();
  let sum = 0;
  let shift = 0;
  for (let i = 0; i < row.length; i++) {
    sum += descending[i];
    const candidate = (sum - 1) / (i + 1);
    if (descending[i] <= candidate) break;
    shift = candidate;
  }
  for (let i = 0; i < row.length; i++) row[i] = Math.max(0, row[i] - shift);
}
