/**
 * Eigenvalues of small dense matrices, and the timescales they imply.
 *
 * @module
 */
import {
  EigenvalueDecomposition,
  Matrix,
  SingularValueDecomposition,
} from "ml-matrix";

/** A square matrix, row by row. */
export interface SquareMatrix {
  /** Rows and columns. */
  readonly size: number;
  /** Shape [size, size]. */
  readonly values: Float64Array;
}

/** An eigenvalue. */
export interface Eigenvalue {
  /** Real part. */
  readonly real: number;
  /** Imaginary part. */
  readonly imaginary: number;
  /** Distance from zero. */
  readonly modulus: number;
}

/** Eigenvalues, and how far the eigenvectors are from orthogonal. */
export interface Spectrum {
  /** By modulus, largest first. */
  readonly eigenvalues: readonly Eigenvalue[];
  /**
   * Condition of the matrix of unit eigenvectors, cond(V): 1 where the matrix
   * is normal, Infinity where it cannot be diagonalised. |A^t| is at most
   * cond(V) times the t-th power of the largest modulus (Trefethen and Embree,
   * "Spectra and Pseudospectra", 2005, equation 14.11).
   */
  readonly condition: number;
}

function matrixOf({ size, values }: SquareMatrix): Matrix {
  if (
    values.length !== size * size || values.some((x) => !Number.isFinite(x))
  ) {
    throw new RangeError(
      `Cannot take the eigenvalues of ${values.length} values, expected ${size} x ${size} finite ones`,
    );
  }
  return Matrix.from1DArray(size, size, values);
}

/**
 * Eigenvalues and the condition of the eigenvectors.
 *
 * @param matrix Dense, up to a few hundred rows. Throws `RangeError` for
 * values that are not finite.
 */
export function spectrum(matrix: SquareMatrix): Spectrum {
  const decomposition = new EigenvalueDecomposition(matrixOf(matrix));
  const { realEigenvalues, imaginaryEigenvalues } = decomposition;
  const eigenvalues = realEigenvalues.map((real, i) => ({
    real,
    imaginary: imaginaryEigenvalues[i],
    modulus: Math.hypot(real, imaginaryEigenvalues[i]),
  })).sort((a, b) => b.modulus - a.modulus || b.imaginary - a.imaginary);
  return { eigenvalues, condition: vectorCondition(decomposition) };
}

/**
 * The columns of a complex pair hold real and imaginary part of one vector v.
 * sqrt(2) times both span what v and its conjugate span, with the same
 * singular values, so that everything stays real.
 */
function vectorCondition(decomposition: EigenvalueDecomposition): number {
  const vectors = decomposition.eigenvectorMatrix;
  const imaginary = decomposition.imaginaryEigenvalues;
  const size = vectors.rows;
  for (let column = 0; column < size; column++) {
    const pair = imaginary[column] !== 0;
    let square = 0;
    for (let row = 0; row < size; row++) {
      square += vectors.get(row, column) ** 2;
      if (pair) square += vectors.get(row, column + 1) ** 2;
    }
    const scale = (pair ? Math.SQRT2 : 1) / Math.sqrt(square);
    for (let row = 0; row < size; row++) {
      vectors.set(row, column, vectors.get(row, column) * scale);
      if (pair) {
        vectors.set(row, column + 1, vectors.get(row, column + 1) * scale);
      }
    }
    if (pair) column++;
  }
  const { diagonal } = new SingularValueDecomposition(vectors);
  return diagonal[0] / diagonal[size - 1];
}

/**
 * The timescale that an eigenvalue of a step's matrix implies,
 * -interval / ln |lambda|: after it, what the mode contributes has fallen to
 * 1 / e. Infinity from modulus 1 on, 0 for modulus 0.
 *
 * @param modulus |lambda|, from 0.
 * @param interval Time of a step.
 */
export function impliedTimescale(modulus: number, interval: number): number {
  return modulus >= 1 ? Infinity : -interval / Math.log(modulus);
}
