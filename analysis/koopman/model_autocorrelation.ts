/**
 * The autocorrelation function of a feature under a learned model.
 *
 * @module
 */
import { Matrix } from "ml-matrix";
import { integratedTime, slowDecay } from "../settling/autocorrelation.ts";
import type { KoopmanModel } from "./model.ts";
import type { Trajectories } from "./trajectories.ts";

/** Options of {@linkcode autocorrelationSums}. */
export interface AutocorrelationSumsOptions {
  /** First states over all runs, at most. Default 4000. */
  maximumStates?: number;
}

/** What a run contributes to the autocorrelation function under a model. */
export interface AutocorrelationSums {
  /** First states, x_0. */
  readonly states: number;
  /** Sum of x_0. */
  readonly sum: number;
  /** Sum of the squares of x_0. */
  readonly squares: number;
  /** Sum of E[x_h | x_0], lag by lag from 0. */
  readonly ahead: Float64Array;
  /** Sum of x_0 E[x_h | x_0], lag by lag from 0. */
  readonly products: Float64Array;
  /** Time between lags. */
  readonly interval: number;
}

/** How long a feature remembers under a model. */
export interface ModelAutocorrelation {
  /** The integral of the autocorrelation function. */
  readonly integrated: number;
  /** The time constant of its decay from 0.5 to 0.1. */
  readonly slowDecay: number;
}

/** Lags in a timescale of the slowest mode. */
const LAGS_PER_TIMESCALE = 20;
/** How far lags go, in timescales; what is integrated ends before. */
const TIMESCALES = 6;

/**
 * What each run contributes to the first feature's autocorrelation function
 * under a model,
 *
 *     rho(h) = cov(x_0, E[x_h | x_0]) / var(x_0),  E[x_h | x_0] = d(e(x_0) K^h),
 *
 * where x_0 are states of the later halves of the run's series, which have
 * mostly forgotten how they began.
 *
 * @param model One that contracts. Throws `RangeError` otherwise.
 * @param runs Single runs: means over runs have lost their fluctuations.
 * @param options How many states.
 */
export function autocorrelationSums(
  model: KoopmanModel,
  runs: readonly Trajectories[],
  options: AutocorrelationSumsOptions = {},
): AutocorrelationSums[] {
  const { maximumStates = 4000 } = options;
  if (!Number.isFinite(model.timescale)) {
    throw new RangeError(
      `Cannot follow a model of timescale ${model.timescale} until it forgets, expected a finite one`,
    );
  }
  const width = model.features.length;
  const total = runs.flatMap(({ series }) => series)
    .reduce((sum, { length }) => sum + length / width / 2, 0);
  const every = Math.max(1, Math.ceil(total / maximumStates));
  const stride = Math.max(
    1,
    Math.round(model.timescale / model.interval / LAGS_PER_TIMESCALE),
  );
  const power = jump(model, stride);
  let skipped = 0;
  return runs.map((run) => {
    const { states, next } = laterStates(run, every, skipped);
    skipped = next;
    const first = states.filter((_, i) => i % width === 0);
    const ahead = new Float64Array(LAGS_PER_TIMESCALE * TIMESCALES + 1);
    const products = new Float64Array(ahead.length);
    let latents = model.encode(states);
    let predicted = first;
    for (let k = 0; k < ahead.length; k++) {
      for (let i = 0; i < first.length; i++) {
        ahead[k] += predicted[i];
        products[k] += first[i] * predicted[i];
      }
      latents = power(latents);
      predicted = model.decode(latents).filter((_, i) => i % width === 0);
    }
    return {
      states: first.length,
      sum: ahead[0],
      squares: products[0],
      ahead,
      products,
      interval: stride * model.interval,
    };
  });
}

/**
 * The autocorrelation time of the runs together. All modes count with the
 * share that they have in the feature, so it is the same quantity as the
 * autocorrelation time of a stationary series, and does not hang on a mode
 * that is slow but hardly seen.
 *
 * @param sums Of each run; one may be there several times.
 */
export function modelAutocorrelation(
  sums: readonly AutocorrelationSums[],
): ModelAutocorrelation {
  const total = (of: (sums: AutocorrelationSums) => number) =>
    sums.reduce((sum, each) => sum + of(each), 0);
  const states = total(({ states }) => states);
  const centre = total(({ sum }) => sum) / states;
  const variance = total(({ squares }) => squares) / states - centre ** 2;
  const rho = sums[0].ahead.map((_, k) =>
    (total(({ products }) => products[k]) -
      centre * total(({ ahead }) => ahead[k])) / states / variance
  );
  const { interval } = sums[0];
  return {
    integrated: integratedTime(rho) * interval,
    slowDecay: slowDecay(rho) * interval,
  };
}

/** Every so many-th state of the later halves, counting on from run to run. */
function laterStates(
  { series, features }: Trajectories,
  every: number,
  skipped: number,
): { states: Float64Array; next: number } {
  const width = features.length;
  const states: number[] = [];
  for (const values of series) {
    for (
      let at = (values.length / width >> 1) * width;
      at < values.length;
      at += width
    ) {
      if (skipped++ % every === 0) {
        states.push(...values.subarray(at, at + width));
      }
    }
  }
  return { states: Float64Array.from(states), next: skipped };
}

/** Takes rows of latent states a number of steps on, about the fixed point. */
function jump({ latent, matrix, fixedPoint }: KoopmanModel, steps: number) {
  const one = Matrix.from1DArray(latent, latent, matrix);
  let power = Matrix.eye(latent);
  for (let i = 0; i < steps; i++) power = power.mmul(one);
  const values = power.to1DArray();
  return (states: Float64Array) => {
    const next = new Float64Array(states.length);
    for (let row = 0; row < states.length; row += latent) {
      for (let j = 0; j < latent; j++) {
        let sum = fixedPoint[j];
        for (let i = 0; i < latent; i++) {
          sum += (states[row + i] - fixedPoint[i]) * values[i * latent + j];
        }
        next[row + j] = sum;
      }
    }
    return next;
  };
}
