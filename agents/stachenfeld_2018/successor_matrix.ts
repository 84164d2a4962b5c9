/**
 * Successor matrices of Markov chains: closed form, series, eigenvectors.
 *
 * Stachenfeld, Botvinick and Gershman ("The hippocampus as a predictive map",
 * Nature Neuroscience 20:1643, 2017): M = sum over t of gamma^t T^t =
 * (I - gamma T)^-1, where T[s, u] is the probability that u follows s, and
 * M[s, u] the discounted number of visits to u from s on. Matrices are
 * row-major, shape [states, states].
 *
 * @module
 */
import { EigenvalueDecomposition, inverse, Matrix } from "ml-matrix";

/** A lattice of states. */
export interface Lattice {
  /** States along x. */
  readonly width: number;
  /** States along y. */
  readonly depth: number;
}

/**
 * The neighbours of each state of a lattice, which are numbered along x first:
 * `y * width + x`.
 *
 * @param lattice Its size.
 */
export function latticeNeighbours({ width, depth }: Lattice): number[][] {
  return Array.from({ length: width * depth }, (_, state) => {
    const x = state % width;
    const neighbours: number[] = [];
    if (state >= width) neighbours.push(state - width);
    if (x > 0) neighbours.push(state - 1);
    if (x < width - 1) neighbours.push(state + 1);
    if (state < width * (depth - 1)) neighbours.push(state + width);
    return neighbours;
  });
}

/**
 * The random walk on a lattice: each neighbour as likely. Shape [states,
 * states].
 *
 * @param lattice Its size.
 */
export function latticeTransitions(lattice: Lattice): Float64Array {
  const neighbours = latticeNeighbours(lattice);
  const states = neighbours.length;
  const transitions = new Float64Array(states * states);
  neighbours.forEach((next, state) => {
    for (const other of next) {
      transitions[state * states + other] = 1 / next.length;
    }
    // A single state has nowhere to go.
    if (next.length === 0) transitions[state * states + state] = 1;
  });
  return transitions;
}

function sideOf(matrix: Float64Array): number {
  const side = Math.sqrt(matrix.length);
  if (!Number.isInteger(side) || side === 0) {
    throw new TypeError(
      `Cannot use ${matrix.length} numbers as a square matrix`,
    );
  }
  return side;
}

function matrixOf(values: Float64Array): Matrix {
  const side = sideOf(values);
  return Matrix.from1DArray(side, side, Array.from(values));
}

/**
 * The successor matrix of a chain in closed form: (I - gamma T)^-1.
 *
 * @param transitions Shape [states, states]. Throws `TypeError` for one that is
 * not square.
 * @param discount gamma, from 0, below 1.
 */
export function successorMatrix(
  transitions: Float64Array,
  discount: number,
): Float64Array {
  const states = sideOf(transitions);
  const system = matrixOf(transitions.map((p) => -discount * p));
  for (let s = 0; s < states; s++) system.set(s, s, system.get(s, s) + 1);
  return Float64Array.from(inverse(system).to1DArray());
}

/** What {@linkcode successorSeries} found. */
export interface SuccessorSeries {
  /** The sum. Shape [states, states]. */
  readonly matrix: Float64Array;
  /** Terms that were added to the first. */
  readonly iterations: number;
}

/**
 * The successor matrix as a series: S becomes gamma T S + I, from 0 on, until
 * no entry changes by the threshold.
 *
 * @param transitions Shape [states, states].
 * @param options `discount`, and the `threshold`, above 0.
 */
export function successorSeries(
  transitions: Float64Array,
  options: { discount: number; threshold: number },
): SuccessorSeries {
  const { discount, threshold } = options;
  const states = sideOf(transitions);
  // Most transitions are impossible.
  const rows = Array.from({ length: states }, (_, s) => {
    const row = transitions.subarray(s * states, (s + 1) * states);
    return [...row.keys()].filter((u) => row[u] !== 0)
      .map((u) => [u, discount * row[u]] as const);
  });
  let sum = new Float64Array(states * states);
  let next = new Float64Array(states * states);
  for (let iterations = 1;; iterations++) {
    let change = 0;
    for (let s = 0; s < states; s++) {
      const out = next.subarray(s * states, (s + 1) * states);
      out.fill(0);
      out[s] = 1;
      for (const [u, weight] of rows[s]) {
        const from = u * states;
        for (let k = 0; k < states; k++) out[k] += weight * sum[from + k];
      }
      for (let k = 0; k < states; k++) {
        change = Math.max(change, Math.abs(out[k] - sum[s * states + k]));
      }
    }
    [sum, next] = [next, sum];
    if (change < threshold) return { matrix: sum, iterations };
  }
}

/**
 * The transitions that a successor matrix belongs to: (I - M^-1) / gamma.
 *
 * @param matrix Shape [states, states]. Throws `Error` for one that has no
 * inverse.
 * @param discount gamma, above 0.
 */
export function transitionsOf(
  matrix: Float64Array,
  discount: number,
): Float64Array {
  const states = sideOf(matrix);
  const inverted = inverse(matrixOf(matrix));
  return Float64Array.from(
    { length: states * states },
    (_, i) =>
      ((i % (states + 1) === 0 ? 1 : 0) -
        inverted.get(Math.floor(i / states), i % states)) / discount,
  );
}

/** Eigenvalues and eigenvectors. */
export interface Eigenmaps {
  /** The largest first. */
  readonly values: Float64Array;
  /**
   * A map over the states for each value, of length 1, its largest entry
   * positive. Where values are equal, their maps are one basis of many.
   */
  readonly maps: readonly Float64Array[];
}

/**
 * Right eigenvectors of the transition or successor matrix of a reversible
 * chain: the maps that the model takes for grid cells.
 *
 * Such a matrix X is similar to the symmetric D^1/2 X D^-1/2, where D has the
 * stationary probabilities; a learned one is nearly so, and its symmetric part
 * is taken.
 *
 * @param matrix Shape [states, states].
 * @param stationary Probabilities of the states, up to a factor; states of
 * none are taken for rare ones.
 */
export function eigenmaps(
  matrix: Float64Array,
  stationary: ArrayLike<number>,
): Eigenmaps {
  const states = sideOf(matrix);
  const total = Array.from(stationary).reduce((sum, p) => sum + p, 0) || 1;
  const root = Float64Array.from(
    { length: states },
    (_, s) => Math.sqrt(Math.max(stationary[s] / total, 1e-12)),
  );
  const similar = new Matrix(states, states);
  for (let s = 0; s < states; s++) {
    for (let u = 0; u <= s; u++) {
      const value = (root[s] * matrix[s * states + u] / root[u] +
        root[u] * matrix[u * states + s] / root[s]) / 2;
      similar.set(s, u, value);
      similar.set(u, s, value);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    similar,
    { assumeSymmetric: true },
  );
  const order = realEigenvalues.map((_, i) => i)
    .sort((i, j) => realEigenvalues[j] - realEigenvalues[i]);
  return {
    values: Float64Array.from(order, (i) => realEigenvalues[i]),
    maps: order.map((i) =>
      normalised(
        Float64Array.from(root, (r, s) => eigenvectorMatrix.get(s, i) / r),
      )
    ),
  };
}

function normalised(map: Float64Array): Float64Array {
  const length = Math.hypot(...map);
  const largest = map.reduce(
    (most, value) =>
      Math.abs(value) > Math.abs(most) * (1 + 1e-9) ? value : most,
    0,
  );
  const scale = largest < 0 ? -1 / length : 1 / length;
  return map.map((value) => value * scale);
}

/**
 * A square matrix with rows for columns.
 *
 * @param matrix Shape [n, n].
 */
export function transposed(matrix: Float64Array): Float64Array {
  const side = sideOf(matrix);
  return matrix.map((_, i) => matrix[i % side * side + Math.floor(i / side)]);
}
