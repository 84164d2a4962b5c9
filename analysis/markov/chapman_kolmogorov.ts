/**
 * Whether a series is as memoryless as a Markov chain of its states.
 *
 * @module
 */
import { Matrix } from "ml-matrix";
import {
  impliedTimescale,
  spectrum,
  type SquareMatrix,
} from "../koopman/spectrum.ts";
import { maximumLikelihood, transitionCounts } from "./transition_matrix.ts";

/** Estimates transitions from states that were visited, at a lag. */
export type TransitionEstimator = (counts: SquareMatrix) => SquareMatrix;

/** What the test takes. */
export interface ChapmanKolmogorovOptions {
  /** Number of states. */
  states: number;
  /** Lag of the tested matrix P, samples. */
  lag: number;
  /** Multiples of the lag that are tested. Default 1 to 5. */
  multiples?: readonly number[];
  /** Default {@linkcode maximumLikelihood}. */
  estimator?: TransitionEstimator;
}

/** One line of the test: staying in a state for some multiples of the lag. */
export interface ChapmanKolmogorovLine {
  /** The state. */
  readonly state: number;
  /** Multiple k of the lag. */
  readonly multiple: number;
  /** What P(lag)^k says. */
  readonly predicted: number;
  /** What P(k lag), estimated by itself, says. */
  readonly estimated: number;
  /**
   * Standard error of the difference, by leaving out one series at a time;
   * NaN for one series.
   */
  readonly standardError: number;
}

/**
 * The Chapman-Kolmogorov test (Prinz et al., "Markov models of molecular
 * kinetics", 2011, section IV.F): P(k lag) against P(lag)^k, on the diagonal.
 * Where they differ by several standard errors, the states remember more than
 * where they are, and timescales at this lag are biased.
 *
 * @param series Visited states of each series. Throws `RangeError` as
 * {@linkcode transitionCounts} does.
 * @param options States, lag, multiples.
 */
export function chapmanKolmogorov(
  series: readonly ArrayLike<number>[],
  options: ChapmanKolmogorovOptions,
): ChapmanKolmogorovLine[] {
  const {
    states,
    lag,
    multiples = [1, 2, 3, 4, 5],
    estimator = maximumLikelihood,
  } = options;
  return multiples.flatMap((multiple) => {
    const base = series.map((one) => transitionCounts([one], { states, lag }));
    const far = series.map((one) =>
      transitionCounts([one], { states, lag: lag * multiple })
    );
    const diagonals = (left?: number) => {
      const p = Matrix.from1DArray(
        states,
        states,
        estimator(sumCounts(base, left)).values,
      );
      const predicted = power(p, multiple);
      const estimated = estimator(sumCounts(far, left)).values;
      return Array.from({ length: states }, (_, i) => ({
        predicted: predicted.get(i, i),
        estimated: estimated[i * states + i],
      }));
    };
    const all = diagonals();
    const without = series.length < 2
      ? []
      : series.map((_, left) => diagonals(left));
    return all.map((line, state) => ({
      state,
      multiple,
      ...line,
      standardError: jackknifeError(
        without.map((lines) => lines[state].predicted - lines[state].estimated),
      ),
    }));
  });
}

function power(matrix: Matrix, exponent: number): Matrix {
  let product = Matrix.eye(matrix.rows);
  for (let i = 0; i < exponent; i++) product = product.mmul(matrix);
  return product;
}

function sumCounts(
  counts: readonly SquareMatrix[],
  left: number | undefined,
): SquareMatrix {
  const values = new Float64Array(counts[0].values.length);
  counts.forEach((one, i) => {
    if (i === left) return;
    for (let k = 0; k < values.length; k++) values[k] += one.values[k];
  });
  return { size: counts[0].size, values };
}

function jackknifeError(values: readonly number[]): number {
  const n = values.length;
  const centre = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares * (n - 1) / n);
}

/**
 * Implied timescales over lags; where they level off, the lag is long enough.
 *
 * @param series Visited states of each series.
 * @param options `interval` is the time of a sample, `lags` are in samples,
 * `count` is how many timescales each has. Default 3.
 * @returns One array a lag, longest first, in units of the interval.
 */
export function impliedTimescales(
  series: readonly ArrayLike<number>[],
  options: {
    states: number;
    interval: number;
    lags: readonly number[];
    count?: number;
    estimator?: TransitionEstimator;
  },
): number[][] {
  const { states, interval, lags, count = 3, estimator = maximumLikelihood } =
    options;
  return lags.map((lag) => {
    const matrix = estimator(transitionCounts(series, { states, lag }));
    // The first eigenvalue is the 1 of the stationary distribution.
    return spectrum(matrix).eigenvalues.slice(1, count + 1)
      .map(({ modulus }) => impliedTimescale(modulus, interval * lag));
  });
}
