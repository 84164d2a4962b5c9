/**
 * Dynamic mode decomposition, and its extension by dictionaries: the matrix
 * that takes observables one step on, by least squares.
 *
 * @module
 */
import { Matrix, solve } from "ml-matrix";
import { type Dictionary, identityDictionary } from "./dictionaries.ts";
import {
  featureScaling,
  sampleCount,
  scaleFeatures,
  type Trajectories,
} from "./trajectories.ts";
import {
  impliedTimescale,
  type Spectrum,
  spectrum,
  type SquareMatrix,
} from "./spectrum.ts";

export type * from "./dictionaries.ts";
export type * from "./spectrum.ts";
export type * from "./trajectories.ts";

/** Options of {@linkcode estimateOperator}. */
export interface OperatorOptions {
  /** Observables. Default the features: dynamic mode decomposition. */
  dictionary?: Dictionary;
  /** States that are stacked into one, the latest first. Default 1. */
  delays?: number;
  /** Samples between the states of a pair. Default 1. */
  lag?: number;
  /**
   * Added to the diagonal of the observables' correlation matrix. Default
   * 1e-9, which only matters where observables are nearly dependent.
   */
  ridge?: number;
}

/** A matrix of observables. */
export interface KoopmanOperator {
  /**
   * K of E[g(x_{t + lag}) - m] = (g(x_t) - m') K, rows of observables g; their
   * means m, m' are taken off, so that the constant's eigenvalue 1 is not in it.
   */
  readonly matrix: SquareMatrix;
  /** Eigenvalues of K. */
  readonly spectrum: Spectrum;
  /** Implied timescales, longest first, in the units of `interval`. */
  readonly timescales: readonly number[];
  /** Pairs of states that it was estimated from. */
  readonly pairs: number;
}

interface Moments {
  size: number;
  pairs: number;
  meanFrom: Float64Array;
  meanTo: Float64Array;
  /** Sums of products of `from` with itself and with `to`. */
  square: Float64Array;
  cross: Float64Array;
}

/**
 * Estimates the Koopman matrix of some observables (Williams, Kevrekidis and
 * Rowley, "A Data-Driven Approximation of the Koopman Operator", 2015; with
 * the identity, Schmid's dynamic mode decomposition with an affine part).
 * Features are brought to one scale first. No pair crosses from one series to
 * the next.
 *
 * @param trajectories Throws `RangeError` where no series has a pair.
 * @param options Observables, delays, lag.
 */
export function estimateOperator(
  trajectories: Trajectories,
  options: OperatorOptions = {},
): KoopmanOperator {
  const { lag = 1, ridge = 1e-9 } = options;
  const scaled = scaleFeatures(trajectories, featureScaling(trajectories));
  const moments = centre(collect(scaled, options));
  const { size } = moments;
  const deviation = Float64Array.from(
    { length: size },
    (_, i) => Math.sqrt(moments.square[i * size + i]) || 1,
  );
  const correlation = Matrix.zeros(size, size);
  const target = Matrix.zeros(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const scale = deviation[i] * deviation[j];
      const own = i === j ? ridge : 0;
      correlation.set(i, j, moments.square[i * size + j] / scale + own);
      target.set(i, j, moments.cross[i * size + j] / scale);
    }
  }
  const matrix = {
    size,
    values: Float64Array.from(solve(correlation, target, true).to1DArray()),
  };
  const found = spectrum(matrix);
  return {
    matrix,
    spectrum: found,
    timescales: found.eigenvalues.map(({ modulus }) =>
      impliedTimescale(modulus, trajectories.interval * lag)
    ),
    pairs: moments.pairs,
  };
}

function collect(
  trajectories: Trajectories,
  { dictionary = identityDictionary, delays = 1, lag = 1 }: OperatorOptions,
): Moments {
  const width = trajectories.features.length;
  const single = dictionary.size(width);
  const size = single * delays;
  const moments: Moments = {
    size,
    pairs: 0,
    meanFrom: new Float64Array(size),
    meanTo: new Float64Array(size),
    square: new Float64Array(size * size),
    cross: new Float64Array(size * size),
  };
  trajectories.series.forEach((values, index) => {
    const samples = sampleCount(trajectories, index);
    const lifted = new Float64Array(samples * single);
    for (let t = 0; t < samples; t++) {
      dictionary.lift(
        values.subarray(t * width, (t + 1) * width),
        lifted.subarray(t * single, (t + 1) * single),
      );
    }
    const stacked = (t: number, into: Float64Array) => {
      for (let d = 0; d < delays; d++) {
        const start = (t - d) * single;
        into.set(lifted.subarray(start, start + single), d * single);
      }
    };
    const from = new Float64Array(size);
    const to = new Float64Array(size);
    for (let t = delays - 1; t + lag < samples; t++) {
      stacked(t, from);
      stacked(t + lag, to);
      addPair(moments, from, to);
    }
  });
  if (moments.pairs < 2) {
    throw new RangeError(
      `Cannot estimate dynamics from ${moments.pairs} pairs of states ${lag} samples apart, expected longer series`,
    );
  }
  return moments;
}

function addPair(
  moments: Moments,
  from: Float64Array,
  to: Float64Array,
): void {
  const { size, square, cross, meanFrom, meanTo } = moments;
  moments.pairs++;
  for (let i = 0; i < size; i++) {
    const value = from[i];
    meanFrom[i] += value;
    meanTo[i] += to[i];
    for (let j = 0; j < size; j++) {
      square[i * size + j] += value * from[j];
      cross[i * size + j] += value * to[j];
    }
  }
}

/** Sums of products turned into covariances. */
function centre(moments: Moments): Moments {
  const { size, pairs } = moments;
  const part = (values: Float64Array) => values.map((value) => value / pairs);
  const meanFrom = part(moments.meanFrom);
  const meanTo = part(moments.meanTo);
  const about = (products: Float64Array, others: Float64Array) =>
    part(products).map((value, k) =>
      value - meanFrom[Math.floor(k / size)] * others[k % size]
    );
  return {
    ...moments,
    meanFrom,
    meanTo,
    square: about(moments.square, meanFrom),
    cross: about(moments.cross, meanTo),
  };
}
