/**
 * Dynamic mode decomposition, and its extension by dictionaries: the matrix
 * that takes observables one step on, by least squares.
 *
 * @module
 */
import { type Dictionary, identityDictionary } from "./dictionaries.ts";
import {
  addPair,
  lagCorrelations,
  type LagMoments,
  leastSquares,
  noMoments,
} from "./lag_moments.ts";
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
  const moments = collect(scaled, options);
  const matrix = leastSquares(lagCorrelations(moments, ridge));
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
): LagMoments {
  const width = trajectories.features.length;
  const single = dictionary.size(width);
  const size = single * delays;
  const moments = noMoments(size);
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
