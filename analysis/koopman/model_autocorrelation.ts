/**
 * The autocorrelation time of a feature under a learned model.
 *
 * @module
 */
import { Matrix } from "ml-matrix";
import type { KoopmanModel } from "./model.ts";
import type { Trajectories } from "./trajectories.ts";

/** Options of {@linkcode modelAutocorrelationTime}. */
export interface ModelAutocorrelationOptions {
  /** States that the mean is over, at most. Default 4000. */
  maximumStates?: number;
  /** The sum ends at this many times itself, as for data. Default 5. */
  window?: number;
}

/** Lags at which the function is evaluated, in a timescale. */
const LAGS_PER_TIMESCALE = 20;

/**
 * The integral of the first feature's autocorrelation function under a model:
 * cov(x_0, E[x_h | x_0]) / var(x_0), where E[x_h | x_0] = d(e(x_0) K^h) and x_0
 * are states of the data's later halves, which have mostly forgotten how they
 * began. All modes count with the share that they have in the feature, so it is
 * the same quantity as the autocorrelation time of a stationary series, and
 * does not hang on a mode that is slow but hardly seen.
 *
 * NaN for a model that does not contract.
 *
 * @param model Learned from single runs: means have lost their fluctuations.
 * @param data Runs.
 * @param options How many states.
 */
export function modelAutocorrelationTime(
  model: KoopmanModel,
  data: Trajectories,
  options: ModelAutocorrelationOptions = {},
): number {
  const { maximumStates = 4000, window = 5 } = options;
  if (!Number.isFinite(model.timescale)) return NaN;
  const width = model.features.length;
  const states = laterStates(data, maximumStates);
  const first = states.filter((_, i) => i % width === 0);
  const centre = first.reduce((sum, x) => sum + x, 0) / first.length;
  const variance = first.reduce((sum, x) => sum + (x - centre) ** 2, 0);
  const stride = Math.max(
    1,
    Math.round(model.timescale / model.interval / LAGS_PER_TIMESCALE),
  );
  let latents = model.encode(states);
  const power = jump(model, stride);
  let time = 0;
  let before = 1;
  // Slow modes may be hardly seen, so that the window ends before ten of them.
  for (let k = 1; k <= 10 * LAGS_PER_TIMESCALE; k++) {
    latents = power(latents);
    const decoded = model.decode(latents);
    let covariance = 0;
    for (let i = 0; i < first.length; i++) {
      covariance += (first[i] - centre) * decoded[i * width];
    }
    const rho = covariance / variance;
    const lag = stride * model.interval;
    time += lag * (before + rho) / 2;
    before = rho;
    if (k * lag > window * time) break;
  }
  return time;
}

function laterStates(
  { series, features }: Trajectories,
  maximum: number,
): Float64Array {
  const width = features.length;
  const halves = series.map((values) => {
    const samples = values.length / width;
    return values.subarray((samples >> 1) * width);
  });
  const total = halves.reduce((sum, { length }) => sum + length, 0) / width;
  const every = Math.max(1, Math.ceil(total / maximum));
  const states: number[] = [];
  let index = 0;
  for (const values of halves) {
    for (let at = 0; at < values.length; at += width) {
      if (index++ % every === 0) {
        states.push(...values.subarray(at, at + width));
      }
    }
  }
  return Float64Array.from(states);
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
