/**
 * Settling times of a learned model's own dynamics, state by state.
 *
 * @module
 */
import { mean, standardDeviation } from "../statistics.ts";
import type { KoopmanModel } from "./model.ts";

/** Settling from many states into one band. */
export interface LearnedSettling {
  /** Half the width of the band. */
  readonly threshold: number;
  /** Mean over the first states, in units of the interval's. */
  readonly mean: number;
  /** Standard deviation over the first states. */
  readonly standardDeviation: number;
  /** Time from each first state. */
  readonly times: Float64Array;
}

/** What is measured against the threshold. */
export type SettlingNorm = "latent" | "feature";

/** Options of {@linkcode learnedSettling}. */
export interface LearnedSettlingOptions {
  /**
   * `latent`: the largest |z_i - z*_i|, in latent units. `feature`: the first
   * feature's distance from its fixed point, in its own units. Default latent.
   */
  norm?: SettlingNorm;
  /** First states. Shape [states, features]. Default all data of series 0. */
  states?: Float64Array;
  /** Steps at most. Default 50,000. */
  maximumSteps?: number;
}

/**
 * The time from each first state until the model's distance from its fixed
 * point z* = z* K + b stays below each threshold. A state that does not get
 * there within the steps has the time Infinity.
 *
 * @param model Throws `RangeError` where a modulus is 1 or more.
 * @param thresholds Above 0. Throws `RangeError` otherwise.
 * @param options Norm, first states.
 */
export function learnedSettling(
  model: KoopmanModel,
  thresholds: readonly number[],
  options: LearnedSettlingOptions = {},
): LearnedSettling[] {
  const { norm = "latent", maximumSteps = 50_000 } = options;
  const states = options.states ?? model.data.series[0];
  checkThresholds(model, thresholds);
  const { latent, interval, fixedPoint } = model;
  const rest = model.decode(fixedPoint)[0];
  const count = states.length / model.features.length;
  let current = model.encode(states);
  const last = thresholds.map(() => new Int32Array(count).fill(-1));
  const width = model.features.length;
  let step = 0;
  for (; step <= maximumSteps; step++) {
    const decoded = norm === "feature" ? model.decode(current) : undefined;
    let farthest = 0;
    for (let i = 0; i < count; i++) {
      let apart = 0;
      let square = 0;
      for (let k = 0; k < latent; k++) {
        const difference = Math.abs(current[i * latent + k] - fixedPoint[k]);
        apart = Math.max(apart, difference);
        square += difference ** 2;
      }
      farthest = Math.max(farthest, Math.sqrt(square));
      if (decoded) apart = Math.abs(decoded[i * width] - rest);
      thresholds.forEach((threshold, k) => {
        if (apart >= threshold) last[k][i] = step;
      });
    }
    if (isSettled(model, farthest, thresholds, norm)) break;
    current = advanceAll(model, current);
  }
  return thresholds.map((threshold, k) => {
    const times = Float64Array.from(
      last[k],
      (at) => at >= maximumSteps ? Infinity : (at + 1) * interval,
    );
    return {
      threshold,
      mean: mean(times),
      standardDeviation: standardDeviation(times),
      times,
    };
  });
}

function checkThresholds(
  model: KoopmanModel,
  thresholds: readonly number[],
): void {
  const wrong = thresholds.find((threshold) => !(threshold > 0));
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot settle within ${wrong}, expected a number above 0`,
    );
  }
  const { modulus } = model.spectrum.eigenvalues[0];
  if (!(modulus < 1)) {
    throw new RangeError(
      `Cannot settle under a model whose largest modulus is ${modulus}, expected one below 1`,
    );
  }
}

/** Whether no later step can leave the narrowest band. */
function isSettled(
  model: KoopmanModel,
  farthest: number,
  thresholds: readonly number[],
  norm: SettlingNorm,
): boolean {
  const reach = farthest * model.spectrum.condition;
  if (norm === "latent") return reach < Math.min(...thresholds);
  // A decoder has no known constant; far within the band it is taken as linear.
  return reach * model.scaling.scale[0] < Math.min(...thresholds) / 10;
}

function advanceAll(
  { latent, matrix, bias }: KoopmanModel,
  states: Float64Array,
): Float64Array {
  const next = new Float64Array(states.length);
  for (let row = 0; row < states.length; row += latent) {
    for (let j = 0; j < latent; j++) {
      let sum = bias[j];
      for (let i = 0; i < latent; i++) {
        sum += states[row + i] * matrix[i * latent + j];
      }
      next[row + j] = sum;
    }
  }
  return next;
}
