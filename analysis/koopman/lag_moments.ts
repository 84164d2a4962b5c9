/**
 * What least squares needs to know of pairs of states some time apart: sums
 * of products, which add up over series and runs.
 *
 * @module
 */
import { Matrix, solve } from "ml-matrix";
import type { SquareMatrix } from "./spectrum.ts";

export type { SquareMatrix };

/** Sums over pairs of rows of observables, `from` and `to`. */
export interface LagMoments {
  /** Observables a row. */
  readonly size: number;
  /** Pairs. */
  pairs: number;
  /** Sum of `from`. Shape [size]. */
  readonly from: Float64Array;
  /** Sum of `to`. Shape [size]. */
  readonly to: Float64Array;
  /** Sum of products of `from` with itself. Shape [size, size]. */
  readonly square: Float64Array;
  /** Sum of products of `from` with `to`. Shape [size, size]. */
  readonly cross: Float64Array;
}

/** Covariances, in the observables' own deviations. */
export interface LagCorrelations {
  /** Of `from` with itself. */
  readonly square: SquareMatrix;
  /** Of `from` with `to`. */
  readonly cross: SquareMatrix;
}

/**
 * The sums over no pairs.
 *
 * @param size Observables a row.
 */
export function noMoments(size: number): LagMoments {
  return {
    size,
    pairs: 0,
    from: new Float64Array(size),
    to: new Float64Array(size),
    square: new Float64Array(size * size),
    cross: new Float64Array(size * size),
  };
}

/**
 * Takes in a pair.
 *
 * @param moments Changed.
 * @param from Shape [size].
 * @param to Shape [size].
 */
export function addPair(
  moments: LagMoments,
  from: Float64Array,
  to: Float64Array,
): void {
  const { size, square, cross } = moments;
  moments.pairs++;
  for (let i = 0; i < size; i++) {
    const value = from[i];
    moments.from[i] += value;
    moments.to[i] += to[i];
    for (let j = 0; j < size; j++) {
      square[i * size + j] += value * from[j];
      cross[i * size + j] += value * to[j];
    }
  }
}

/**
 * The sums over the pairs of all.
 *
 * @param all Of one size; at least one.
 */
export function sumMoments(all: readonly LagMoments[]): LagMoments {
  const sum = noMoments(all[0].size);
  for (const moments of all) {
    sum.pairs += moments.pairs;
    for (const key of ["from", "to", "square", "cross"] as const) {
      const [into, values] = [sum[key], moments[key]];
      for (let i = 0; i < into.length; i++) into[i] += values[i];
    }
  }
  return sum;
}

/**
 * Covariances about the means of `from` and of `to`, so that the constant,
 * whose eigenvalue is 1, is not among the observables; in units of the
 * deviations of `from`. An observable that never varies keeps its unit.
 *
 * @param moments At least one pair.
 * @param ridge Added to the diagonal of `square`.
 */
export function lagCorrelations(
  { size, pairs, from, to, square, cross }: LagMoments,
  ridge: number,
): LagCorrelations {
  const about = (products: Float64Array, means: Float64Array, k: number) =>
    products[k] / pairs -
    from[Math.floor(k / size)] / pairs * means[k % size] / pairs;
  const deviation = Float64Array.from(
    { length: size },
    (_, i) => Math.sqrt(about(square, from, i * (size + 1))) || 1,
  );
  const scaled = (products: Float64Array, means: Float64Array, own: number) => {
    const values = products.map((_, k) => {
      const [i, j] = [Math.floor(k / size), k % size];
      const value = about(products, means, k) / (deviation[i] * deviation[j]);
      return i === j ? value + own : value;
    });
    return { size, values };
  };
  return {
    square: scaled(square, from, ridge),
    cross: scaled(cross, to, 0),
  };
}

/**
 * K of `to` = `from` K by least squares.
 *
 * @param correlations Of the observables.
 */
export function leastSquares(
  { square, cross }: LagCorrelations,
): SquareMatrix {
  const { size } = square;
  const matrix = ({ values }: SquareMatrix) =>
    Matrix.from1DArray(size, size, values);
  const solved = solve(matrix(square), matrix(cross), true);
  return { size, values: Float64Array.from(solved.to1DArray()) };
}
