/**
 * The slowest mode that some observables show, by least squares.
 *
 * @module
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { Dictionary } from "./dictionaries.ts";
import {
  addPair,
  lagCorrelations,
  type LagMoments,
  leastSquares,
  noMoments,
  type SquareMatrix,
} from "./lag_moments.ts";
import { sampleCount, type Trajectories } from "./trajectories.ts";

export type { Dictionary, LagMoments, Trajectories };

/** Two times after which a mode is looked at again, in samples. */
export interface SlowModeLags {
  /** The mode is the slowest of the operator of this lag. */
  readonly short: number;
  /** How much more it has decayed by then gives its timescale. */
  readonly long: number;
}

/** Sums over the same first states, after either lag. */
export interface SlowModeMoments {
  /** After the short lag. */
  readonly short: LagMoments;
  /** After the long lag. */
  readonly long: LagMoments;
}

/** A slowest mode. */
export interface SlowMode {
  /**
   * Its timescale in samples; Infinity where nothing decays, 0 where nothing
   * is left after the short lag.
   */
  readonly timescale: number;
  /** What it was measured with: about a quarter of it, and itself. */
  readonly lags: SlowModeLags;
}

/** Options of {@linkcode slowModeMoments}. */
export interface SlowModeMomentsOptions {
  /** Observables. */
  readonly dictionary: Dictionary;
  /** Lags. */
  readonly lags: SlowModeLags;
  /** Every how many samples a pair begins. Default 1. */
  readonly every?: number;
}

/** Options of {@linkcode slowMode}. */
export interface SlowModeOptions {
  /** Observables. */
  readonly dictionary: Dictionary;
  /** Lags to begin with. Default an 80th and a 20th of the longest series. */
  readonly lags?: SlowModeLags;
  /** First states, at most; evenly spread over the data. Default 100,000. */
  readonly maximumPairs?: number;
}

/** Against observables that depend on each other. */
const RIDGE = 1e-6;
/** The short lag, in timescales. */
const SHORT = 1 / 4;
const ITERATIONS = 10;
/** How far the long lag may be from the timescale, as a share of it. */
const NEAR = 0.1;
/** The first long lag, as a share of the longest series. */
const FIRST = 1 / 20;

/**
 * Sums of products of observables with themselves after two lags.
 *
 * @param trajectories Series that are too short for the long lag have no part.
 * @param options Observables, lags.
 */
export function slowModeMoments(
  trajectories: Trajectories,
  options: SlowModeMomentsOptions,
): SlowModeMoments {
  const { dictionary, lags, every = 1 } = options;
  const width = trajectories.features.length;
  const size = dictionary.size(width);
  const moments = { short: noMoments(size), long: noMoments(size) };
  const [from, to] = [new Float64Array(size), new Float64Array(size)];
  trajectories.series.forEach((values, index) => {
    const lift = (t: number, into: Float64Array) =>
      dictionary.lift(values.subarray(t * width, (t + 1) * width), into);
    const last = sampleCount(trajectories, index) - lags.long;
    for (let t = 0; t < last; t += every) {
      lift(t, from);
      for (const lag of ["short", "long"] as const) {
        lift(t + lags[lag], to);
        addPair(moments[lag], from, to);
      }
    }
  });
  return moments;
}

/**
 * The timescale of the slowest mode. Its observable f = g v is the leading
 * eigenvector of the operator of the short lag, and with beta(h) the slope of
 * f(x_(t+h)) on f(x_t),
 *
 *     timescale = (long - short) / ln(beta(short) / beta(long)).
 *
 * What the observables do not see of the state, and noise that they see beside
 * it, takes a share of the first state's variance and lowers beta at every lag
 * by one factor; it cancels in the ratio, where a single lag would imply too
 * short a timescale (Prinz et al., "Markov models of molecular kinetics", 2011,
 * section IV).
 *
 * @param moments From {@linkcode slowModeMoments}. Throws `RangeError` for
 * fewer than two pairs.
 * @param lags The same.
 * @returns In samples.
 */
export function slowTimescale(
  moments: SlowModeMoments,
  lags: SlowModeLags,
): number {
  if (moments.short.pairs < 2) {
    throw new RangeError(
      `Cannot find a slow mode in ${moments.short.pairs} pairs of states ${lags.long} samples apart, expected longer series`,
    );
  }
  const correlations = lagCorrelations(moments.short, RIDGE);
  const { size, values } = leastSquares(correlations);
  const decomposition = new EigenvalueDecomposition(
    Matrix.from1DArray(size, size, values),
  );
  const { realEigenvalues, imaginaryEigenvalues } = decomposition;
  const moduli = realEigenvalues.map((real, i) =>
    Math.hypot(real, imaginaryEigenvalues[i])
  );
  const leading = moduli.indexOf(Math.max(...moduli));
  const alone = lags.short / -Math.log(Math.min(1, moduli[leading]));
  if (imaginaryEigenvalues[leading] !== 0) return alone;
  const mode = decomposition.eigenvectorMatrix.getColumn(leading);
  const form = ({ values }: SquareMatrix) =>
    values.reduce(
      (sum, value, k) =>
        sum + mode[Math.floor(k / size)] * value * mode[k % size],
      0,
    );
  const { cross } = lagCorrelations(moments.long, RIDGE);
  const before = form(correlations.square);
  const after = {
    short: form(correlations.cross) / before,
    long: form(cross) / before,
  };
  if (!(after.long > 0) || lags.long <= lags.short) return alone;
  return after.long >= after.short
    ? Infinity
    : (lags.long - lags.short) / Math.log(after.short / after.long);
}

/**
 * The slowest mode, with lags that suit its timescale: what is left after it is
 * well above noise, and faster modes are gone.
 *
 * @param trajectories Throws `RangeError` where no series has two samples.
 * @param options Observables, first lags.
 */
export function slowMode(
  trajectories: Trajectories,
  options: SlowModeOptions,
): SlowMode {
  const { dictionary, maximumPairs = 100_000 } = options;
  const counts = trajectories.series.map((_, i) =>
    sampleCount(trajectories, i)
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  const every = Math.max(1, Math.round(total / maximumPairs));
  const longest = Math.max(...counts);
  const first = { short: FIRST * SHORT * longest, long: FIRST * longest };
  let lags = limited(options.lags ?? first, longest);
  let timescale = NaN;
  for (let i = 0; i < ITERATIONS; i++) {
    const moments = slowModeMoments(trajectories, { dictionary, lags, every });
    timescale = slowTimescale(moments, lags);
    const next = limited(
      { short: timescale * SHORT, long: timescale },
      longest,
    );
    if (Math.abs(next.long - lags.long) <= NEAR * lags.long) break;
    lags = next;
  }
  return { timescale, lags };
}

/** Whole lags that leave half of the longest series to begin from. */
function limited({ short, long }: SlowModeLags, longest: number): SlowModeLags {
  const most = Math.max(1, Math.floor(longest / 2));
  const within = (lag: number, least: number, greatest: number) =>
    Math.round(Math.max(least, Math.min(greatest, lag)));
  const last = within(long, Math.min(2, most), most);
  return { short: within(short, 1, Math.max(1, last * SHORT)), long: last };
}
