/**
 * How likely it is that a job that finds others before it times out.
 *
 * @module
 */

import { logGamma } from "../../core/log_gamma.ts";

/** What is known of the server. */
export interface TimeoutSystem {
  /** Services a thread completes per unit of time, mu; above 0. */
  readonly serviceRate: number;
  /** Jobs served at a time, c; from 1. */
  readonly threads: number;
  /** Time-out, T; above 0. */
  readonly timeout: number;
}

/**
 * Probability that q services at rate m = min(q, c) mu take longer than T, an
 * Erlang tail: sum over k < q of e^(-mT) (mT)^k / k!, exact for exponential
 * service in order of arrival on one thread.
 *
 * @param jobs q, jobs at the server; 0 gives 0.
 * @param system Rates and the time-out.
 */
export function erlangTail(jobs: number, system: TimeoutSystem): number {
  const { serviceRate, threads, timeout } = system;
  const mean = Math.min(jobs, threads) * serviceRate * timeout;
  if (jobs === 0) return 0;
  if (mean === 0) return 1;
  // Terms are taken from the largest outwards, so that none underflows early.
  const peak = Math.min(jobs - 1, Math.floor(mean));
  let logPeak = peak * Math.log(mean) - mean;
  for (let k = 2; k <= peak; k++) logPeak -= Math.log(k);
  let sum = 1;
  let term = 1;
  for (let k = peak; k > 0 && term > 1e-20; k--) sum += term *= k / mean;
  term = 1;
  for (let k = peak + 1; k < jobs && term > 1e-20; k++) sum += term *= mean / k;
  return Math.min(1, Math.exp(logPeak) * sum);
}

/** Mean and variance of a time, and what it is compared with. */
export interface TimeMoments {
  /** Mean, from 0. */
  readonly mean: number;
  /** Variance, from 0. */
  readonly variance: number;
  /** Time-out, T; above 0. */
  readonly timeout: number;
}

/**
 * Probability that a time with a gamma law of given moments is longer than T:
 * the Erlang tail where it is a sum of equal exponential times, and between
 * such sums the law with their first two moments.
 *
 * The regularised incomplete gamma function by its series or its continued
 * fraction (Abramowitz and Stegun 6.5.29 and 6.5.31).
 *
 * @param moments Mean, variance, time-out.
 */
export function gammaTail({ mean, variance, timeout }: TimeMoments): number {
  if (mean === 0) return 0;
  if (variance === 0) return mean > timeout ? 1 : 0;
  const shape = mean * mean / variance;
  const x = timeout * mean / variance;
  const front = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term;
    for (let k = 1; term > 1e-17 * sum; k++) sum += term *= x / (shape + k);
    return Math.max(0, 1 - front * sum);
  }
  let b = x + 1 - shape;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < 10_000; k++) {
    const a = -k * (k - shape);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return front * fraction;
}

/**
 * The surrogate of the original chain, by Chebyshev's inequality: with mean
 * a = q / m and deviation s = sqrt(q) / m of q services, m = min(q, c) mu, it
 * is (s / (T - a))^2 where T - a > s, and 1 elsewhere.
 *
 * @param jobs q, jobs at the server; 0 gives 0.
 * @param system Rates and the time-out.
 */
export function chebyshevTail(jobs: number, system: TimeoutSystem): number {
  if (jobs === 0) return 0;
  const rate = Math.min(jobs, system.threads) * system.serviceRate;
  const { timeout } = system;
  return chebyshevBound({
    mean: jobs / rate,
    variance: jobs / rate ** 2,
    timeout,
  });
}

/**
 * (s / (T - a))^2 for a time of mean a and deviation s where T - a > s, and 1
 * elsewhere.
 *
 * @param moments Mean, variance, time-out.
 */
export function chebyshevBound(moments: TimeMoments): number {
  const { mean, variance, timeout } = moments;
  const slack = timeout - mean;
  return slack > 0 && slack * slack > variance ? variance / (slack * slack) : 1;
}

/** The ways to compute the probability, by name. */
export const TIMEOUT_PROBABILITIES = {
  erlang: erlangTail,
  chebyshev: chebyshevTail,
} as const;

/** The name of a way. */
export type TimeoutProbabilityName = keyof typeof TIMEOUT_PROBABILITIES;

/**
 * The probability for each number of jobs.
 *
 * @param name Which way.
 * @param capacity Most jobs at the server, K.
 * @param system Rates and the time-out.
 * @returns Shape [K + 1].
 */
export function timeoutProbabilities(
  name: TimeoutProbabilityName,
  capacity: number,
  system: TimeoutSystem,
): Float64Array {
  const probability = TIMEOUT_PROBABILITIES[name];
  return Float64Array.from(
    { length: capacity + 1 },
    (_, jobs) => probability(jobs, system),
  );
}

/** Rates at which a job leaves the orbit. */
export interface OrbitRates {
  /** To be tried again, mu_r = R / ((R + 1) T). */
  readonly retry: number;
  /** To be given up, mu_d = 1 / ((R + 1) T). */
  readonly giveUp: number;
}

/**
 * The rates of one job in the orbit.
 *
 * @param timeout T, above 0.
 * @param maxRetries R, from 0; Infinity for jobs that never give up.
 */
export function orbitRates(timeout: number, maxRetries: number): OrbitRates {
  if (maxRetries === Infinity) return { retry: 1 / timeout, giveUp: 0 };
  const giveUp = 1 / ((maxRetries + 1) * timeout);
  return { retry: maxRetries * giveUp, giveUp };
}
