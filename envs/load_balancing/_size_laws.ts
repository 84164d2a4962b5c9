/**
 * Laws of job sizes by their natural parameters.
 *
 * @module
 */
import { exp, log } from "../../core/fdlibm.ts";
import { logGamma } from "../../core/log_gamma.ts";
import type { Random } from "../../core/random.ts";

/** What a law knows beside its name and mean. */
export interface Law {
  /** Second moment; may be Infinity. */
  readonly secondMoment: number;
  /** Probability that a size is at most this. */
  cumulative(size: number): number;
  /** The next size, from 0. */
  draw(random: Random): number;
}

/** One phase of a hyper-exponential law. */
export interface ExponentialPhase {
  /** How often a job is of this phase, above 0. */
  probability: number;
  /** Mean size of its jobs, above 0. */
  mean: number;
}

/** All sizes are the mean. */
export function deterministicLaw(mean: number): Law {
  return {
    secondMoment: mean * mean,
    cumulative: (size) => size >= mean ? 1 : 0,
    draw: () => mean,
  };
}

/** Even from `mean - half` to `mean + half`. */
export function uniformLaw(mean: number, half: number): Law {
  if (half === 0) return deterministicLaw(mean);
  const low = Math.max(0, mean - half);
  const width = 2 * half;
  return {
    secondMoment: mean * mean + half * half / 3,
    cumulative: (size) => Math.min(1, Math.max(0, (size - low) / width)),
    draw: (random) => low + width * random.uniform(),
  };
}

/** Without memory. */
export function exponentialLaw(mean: number): Law {
  return {
    secondMoment: 2 * mean * mean,
    cumulative: (size) => size > 0 ? -Math.expm1(-size / mean) : 0,
    draw: (random) => random.exponential() * mean,
  };
}

/** A power of an exponential variate: 1 - F(x) = exp(-(x / scale)^shape). */
export function weibullLaw(mean: number, shape: number): Law {
  const logMean = logGamma(1 + 1 / shape);
  const scale = mean / exp(logMean);
  return {
    secondMoment: mean * mean *
      Math.exp(logGamma(1 + 2 / shape) - 2 * logMean),
    cumulative: (size) =>
      size > 0 ? -Math.expm1(-((size / scale) ** shape)) : 0,
    draw: (random) => scale * exp(log(random.exponential()) / shape),
  };
}

/** The logarithm is normal. */
export function lognormalLaw(mean: number, squaredVariation: number): Law {
  if (squaredVariation === 0) return deterministicLaw(mean);
  // E X = exp(mu + sigma^2 / 2) and c^2 = exp(sigma^2) - 1.
  const variance = Math.log1p(squaredVariation);
  const sigma = Math.sqrt(variance);
  const mu = log(mean) - variance / 2;
  return {
    secondMoment: mean * mean * (1 + squaredVariation),
    cumulative: (size) =>
      size > 0 ? normalCumulative((Math.log(size) - mu) / sigma) : 0,
    draw: (random) => exp(random.normal(mu, sigma)),
  };
}

/**
 * Probability that a standard normal variate is at most `x`, with an error
 * below 1e-12: near the middle by the series of erf, far out by the continued
 * fraction of Mills' ratio (Abramowitz and Stegun 26.2.11 and 26.2.14).
 */
function normalCumulative(x: number): number {
  const density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  const far = Math.abs(x);
  if (far > 4) {
    let fraction = far;
    for (let k = 60; k >= 1; k--) fraction = far + k / fraction;
    return x < 0 ? density / fraction : 1 - density / fraction;
  }
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17; k += 2) sum += term *= x * x / k;
  return 0.5 + density * sum;
}

/** A tail of exponent `shape`, above 1, without an end. */
export function paretoLaw(mean: number, shape: number): Law {
  const smallest = mean * (shape - 1) / shape;
  return {
    secondMoment: shape > 2
      ? smallest * smallest * shape / (shape - 2)
      : Infinity,
    cumulative: (size) => size > smallest ? 1 - (smallest / size) ** shape : 0,
    draw: (random) => smallest * exp(random.exponential() / shape),
  };
}

/** A tail of exponent `shape` that ends after `logRange` in logarithms. */
export interface BoundedTail {
  /** Exponent, above 0. */
  shape: number;
  /** Logarithm of largest over smallest size, above 0. */
  logRange: number;
}

/** (1 - exp(-rate x)) / rate, continued through rate 0. */
function growth(rate: number, x: number): number {
  return rate === 0 ? x : -Math.expm1(-rate * x) / rate;
}

/**
 * Raw moment of a bounded Pareto law that begins at 1: the integral of
 * y^(order - shape - 1) from 1 to the range, over that of y^(-shape - 1).
 */
function boundedMoment(order: number, { shape, logRange }: BoundedTail) {
  return growth(shape - order, logRange) / growth(shape, logRange);
}

function boundedVariation(tail: BoundedTail): number {
  return boundedMoment(2, tail) / boundedMoment(1, tail) ** 2 - 1;
}

/**
 * The log range at which a bounded Pareto law has a squared variation, which
 * rises with it; `undefined` where none has.
 */
export function logRangeOf(
  shape: number,
  squaredVariation: number,
): number | undefined {
  let low = 0;
  let high = 1;
  while (boundedVariation({ shape, logRange: high }) < squaredVariation) {
    high *= 2;
    if (high > 256) return undefined; // e^256: no sizes of anything
  }
  for (;;) {
    const logRange = (low + high) / 2;
    if (logRange === low || logRange === high) return high;
    if (boundedVariation({ shape, logRange }) < squaredVariation) {
      low = logRange;
    } else {
      high = logRange;
    }
  }
}

/** A tail that falls as a power up to a largest size. */
export function boundedParetoLaw(mean: number, tail: BoundedTail): Law {
  const { shape, logRange } = tail;
  const smallest = mean / boundedMoment(1, tail);
  const largest = smallest * exp(logRange);
  const mass = -Math.expm1(-shape * logRange);
  return {
    secondMoment: smallest * smallest * boundedMoment(2, tail),
    cumulative: (size) =>
      size <= smallest
        ? 0
        : size >= largest
        ? 1
        : (1 - (smallest / size) ** shape) / mass,
    draw: (random) =>
      Math.min(
        largest,
        smallest * exp(-log(1 - mass * random.uniform()) / shape),
      ),
  };
}

/** Exponential, with a mean that is drawn from the phases. */
export function hyperExponentialLaw(phases: readonly ExponentialPhase[]): Law {
  const last = phases.length - 1;
  return {
    secondMoment: phases.reduce(
      (sum, { probability, mean }) => sum + 2 * probability * mean * mean,
      0,
    ),
    cumulative: (size) =>
      size <= 0 ? 0 : phases.reduce(
        (sum, { probability, mean }) =>
          sum - probability * Math.expm1(-size / mean),
        0,
      ),
    draw: (random) => {
      let rest = random.uniform();
      let phase = 0;
      while (phase < last && rest >= phases[phase].probability) {
        rest -= phases[phase++].probability;
      }
      return random.exponential() * phases[phase].mean;
    },
  };
}
