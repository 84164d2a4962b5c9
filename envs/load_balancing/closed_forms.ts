/**
 * What queueing theory says of the simulator's servers.
 *
 * Time is in any one unit, rates are per that unit.
 *
 * @module
 */
import { log } from "../../core/fdlibm.ts";
import { erlangC } from "../autoscaling/queueing_formulas.ts";

/** Flows that come at the times of a Poisson process. */
export interface PoissonQueue {
  /** Arrivals per unit of time, lambda; at least 0. */
  readonly arrivalRate: number;
  /** Mean work of a flow, in time of one core; above 0. */
  readonly meanWork: number;
  /** Cores, c; a whole number from 1. Default 1. */
  readonly cores?: number;
}

/** Throws unless the queue can be computed; returns lambda E[S] / c. */
function loadOf(queue: PoissonQueue): number {
  const { arrivalRate, meanWork, cores = 1 } = queue;
  for (
    const [name, value, least] of [
      ["an arrival rate of", arrivalRate, 0],
      ["a mean work of", meanWork, Number.MIN_VALUE],
    ] as const
  ) {
    if (!(value >= least && value < Infinity)) {
      throw new RangeError(
        `Cannot compute a queue with ${name} ${value}, expected a finite number ${
          least === 0 ? "from" : "above"
        } 0`,
      );
    }
  }
  if (!Number.isSafeInteger(cores) || cores < 1) {
    throw new RangeError(
      `Cannot compute a queue with ${cores} cores, expected a whole number from 1`,
    );
  }
  return arrivalRate * meanWork / cores;
}

/**
 * Mean time in an M/M/c queue in order of arrival:
 * E[S] + C(c, a) / (c mu - lambda); infinite where the cores cannot keep up.
 * Equal shares of c cores, each flow on one at most, give the same number.
 *
 * @param queue Throws `RangeError` for values outside their range.
 */
export function meanTime(queue: PoissonQueue): number {
  const load = loadOf(queue);
  const { arrivalRate, meanWork, cores = 1 } = queue;
  if (load >= 1) return Infinity;
  const wait = erlangC(arrivalRate * meanWork, cores) /
    (cores / meanWork - arrivalRate);
  return meanWork + wait;
}

/**
 * Mean time in an M/G/1 queue in order of arrival, by Pollaczek and Khinchine:
 * E[S] + lambda E[S^2] / (2 (1 - rho)). Infinite where rho is 1 or more.
 *
 * @param queue Of one core; throws `RangeError` for values outside their range.
 * @param squaredVariation c^2 = var S / E[S]^2, from 0; 1 for exponential work.
 * Throws `RangeError` otherwise.
 *
 * @example Equal flows wait half as long as exponential ones
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { meanTimeInOrder } from "./closed_forms.ts";
 *
 * const queue = { arrivalRate: 0.8, meanWork: 1 };
 * assertAlmostEquals(meanTimeInOrder(queue, 1), 5);
 * assertAlmostEquals(meanTimeInOrder(queue, 0), 3);
 * ```
 */
export function meanTimeInOrder(
  queue: PoissonQueue,
  squaredVariation: number,
): number {
  const load = loadOf({ ...queue, cores: 1 });
  if (!(squaredVariation >= 0)) {
    throw new RangeError(
      `Cannot compute a queue with a squared variation of ${squaredVariation}, expected a number from 0`,
    );
  }
  if (load >= 1) return Infinity;
  return queue.meanWork *
    (1 + load * (1 + squaredVariation) / (2 * (1 - load)));
}

/**
 * Mean time of a flow with a given work in an M/G/1 queue under processor
 * sharing: x / (1 - rho), whatever the law of the others (Kleinrock 1967;
 * Sakata, Noguchi and Oizumi 1969). Infinite where rho is 1 or more.
 *
 * @param queue Of one core; throws `RangeError` for values outside their range.
 * @param work x, in time of one core. Default: the mean work, which gives the
 * mean time.
 */
export function meanTimeShared(
  queue: PoissonQueue,
  work: number = queue.meanWork,
): number {
  const load = loadOf({ ...queue, cores: 1 });
  return load >= 1 ? Infinity : work / (1 - load);
}

/**
 * The time that a share of flows does not exceed, in an M/M/1 queue in order of
 * arrival: times are exponential with rate mu - lambda.
 *
 * @param queue Of one core; throws `RangeError` for values outside their range.
 * @param probability From 0 to below 1. Throws `RangeError` otherwise.
 */
export function timeQuantile(queue: PoissonQueue, probability: number): number {
  if (!(probability >= 0 && probability < 1)) {
    throw new RangeError(
      `Cannot compute the ${probability} quantile of a time, expected a number from 0 to below 1`,
    );
  }
  return -log(1 - probability) * meanTimeShared(queue);
}

/**
 * Share of flows that an M/M/c/K queue resets: the probability of K flows
 * inside.
 *
 * @param queue Throws `RangeError` for values outside their range.
 * @param maximumFlows K, a whole number from c. Throws `RangeError` otherwise.
 */
export function lossProbability(
  queue: PoissonQueue,
  maximumFlows: number,
): number {
  const { cores = 1 } = queue;
  const offered = loadOf(queue) * cores;
  if (!Number.isSafeInteger(maximumFlows) || maximumFlows < cores) {
    throw new RangeError(
      `Cannot compute a queue of at most ${maximumFlows} flows, expected a whole number from ${cores}`,
    );
  }
  // The sum of p(n) / p(last), in which nothing overflows.
  let sum = 1;
  for (let n = 1; n <= maximumFlows; n++) {
    sum = 1 + sum * Math.min(n, cores) / offered;
  }
  return 1 / sum;
}

/**
 * Mean time, in units of the mean work, where each of many one-core servers in
 * order of arrival gets the flows for which it was the shortest of d drawn at
 * random: the sum over i from 1 of rho^((d^i - d) / (d - 1)), exact in the
 * limit of many servers (Vvedenskaya, Dobrushin and Karpelevich 1996;
 * Mitzenmacher 1996). With d = 1 it is 1 / (1 - rho).
 *
 * @param load rho, from 0. Infinite from 1 on. Throws `RangeError` when
 * negative or NaN.
 * @param choices d, a whole number from 1. Throws `RangeError` otherwise.
 */
export function meanTimeOfChoices(load: number, choices: number): number {
  if (!(load >= 0)) {
    throw new RangeError(
      `Cannot compute choices at a load of ${load}, expected a number from 0`,
    );
  }
  if (!Number.isSafeInteger(choices) || choices < 1) {
    throw new RangeError(
      `Cannot compute ${choices} choices, expected a whole number from 1`,
    );
  }
  if (load >= 1) return Infinity;
  if (choices === 1) return 1 / (1 - load);
  let sum = 0;
  // Exponents run 0, d, d + d^2, ...: each is d times the last, plus d.
  for (let exponent = 0;; exponent = choices * exponent + choices) {
    const term = load ** exponent;
    if (sum + term === sum) return sum;
    sum += term;
  }
}

/**
 * Mean time, in units of the mean work, where each of many one-core servers in
 * order of arrival gets the flows of (1 + beta)-choice: with probability beta
 * the shorter of two drawn at random, otherwise any. The shares s(k) of servers
 * with k flows or more obey s(k + 1) = rho ((1 - beta) s(k) + beta s(k)^2) in
 * the limit of many servers (Mitzenmacher 1996 with a mix of one and two
 * choices), and by Little's law the time is their sum over rho.
 *
 * @param load rho, from 0. Infinite from 1 on. Throws `RangeError` when
 * negative or NaN.
 * @param beta From 0 to 1. Throws `RangeError` otherwise.
 */
export function meanTimeOfOnePlusBeta(load: number, beta: number): number {
  if (!(load >= 0)) {
    throw new RangeError(
      `Cannot compute choices at a load of ${load}, expected a number from 0`,
    );
  }
  if (!(beta >= 0 && beta <= 1)) {
    throw new RangeError(
      `Cannot compute two choices with probability ${beta}, expected a number from 0 to 1`,
    );
  }
  if (load >= 1) return Infinity;
  // Sums s(k) / rho, so that no load is too small.
  let term = 1;
  let sum = 0;
  while (sum + term !== sum) {
    sum += term;
    term *= load * (1 - beta + beta * load * term);
  }
  return sum;
}
