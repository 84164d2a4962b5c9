/**
 * The Markov chain of a queue and an orbit of jobs that will be tried again.
 *
 * @module
 */
import {
  orbitRates,
  timeoutProbabilities,
  type TimeoutProbabilityName,
} from "../../envs/queueing/timeout_probability.ts";
import { type HittingTimes, hittingTimes } from "./hitting_times.ts";
import {
  type AddTransition,
  buildMarkovChain,
  type MarkovChain,
} from "./markov_chain.ts";

export type {
  AddTransition,
  HittingTimes,
  MarkovChain,
  TimeoutProbabilityName,
};

/** A server, its clients and its bounds. */
export interface QueueingChainOptions {
  /** Arrival rate, lambda; from 0. */
  arrivalRate: number;
  /** Services that one thread completes per unit of time, mu; above 0. */
  serviceRate: number;
  /** Jobs served at a time, c. Default 1. */
  threads?: number;
  /** Time-out, T; above 0. Default 9. */
  timeout?: number;
  /** Retries, R; Infinity for jobs that never give up. Default 3. */
  maxRetries?: number;
  /**
   * Numbers of jobs at the server, Q, those in service included: 0 to Q - 1.
   * Default 100.
   */
  queueStates?: number;
  /** Numbers of jobs in the orbit, O: 0 to O - 1. Default 20. */
  orbitStates?: number;
  /** Share of slow jobs that are counted twice, alpha. Default 0.25. */
  alpha?: number;
  /**
   * Probability of a time-out: exact for exponential service (`erlang`), or
   * the original's bound (`chebyshev`). Default `erlang`.
   */
  timeoutProbability?: TimeoutProbabilityName;
  /**
   * What happens at a full queue: arrivals and retries are lost; each puts a
   * job into the orbit with probability alpha (`spawn`); or arrivals go to the
   * orbit and retries stay in it (`return`). Default `lose`.
   */
  whenFull?: "lose" | "spawn" | "return";
}

/** Options with every default filled in. */
export type QueueingChainSettings = Required<QueueingChainOptions>;

/** A chain, and which state is which. */
export interface QueueingChain {
  /** The chain. */
  readonly chain: MarkovChain;
  /** The options with every default filled in. */
  readonly settings: QueueingChainSettings;
  /** The state of q jobs at the server and o in the orbit. */
  state(q: number, o: number): number;
  /** Jobs at the server in each state, shape [N]. */
  readonly queue: Int32Array;
  /** Jobs in the orbit in each state, shape [N]. */
  readonly orbit: Int32Array;
}

function checkSettings(settings: QueueingChainSettings): void {
  const refuse = (what: string, value: number, expected: string) => {
    throw new RangeError(
      `Cannot make a chain with ${what} ${value}: expected ${expected}`,
    );
  };
  const { arrivalRate, serviceRate, timeout, maxRetries, alpha } = settings;
  if (!(arrivalRate >= 0 && arrivalRate < Infinity)) {
    refuse("an arrival rate of", arrivalRate, "a finite number from 0");
  }
  if (!(serviceRate > 0 && serviceRate < Infinity)) {
    refuse("a service rate of", serviceRate, "a finite number above 0");
  }
  if (!(timeout > 0 && timeout < Infinity)) {
    refuse("a time-out of", timeout, "a finite number above 0");
  }
  if (!(maxRetries >= 0)) {
    refuse("a number of retries of", maxRetries, "a number from 0");
  }
  if (!(alpha >= 0 && alpha <= 1)) {
    refuse("an alpha of", alpha, "a number from 0 to 1");
  }
  for (
    const [name, value, least] of [
      ["a number of threads of", settings.threads, 1],
      ["a number of queue states of", settings.queueStates, 2],
      ["a number of orbit states of", settings.orbitStates, 1],
    ] as const
  ) {
    if (!Number.isSafeInteger(value) || value < least) {
      refuse(name, value, `a whole number from ${least}`);
    }
  }
}

/** Transitions of a state, as the original's generator has them. */
function transitionsOf(
  settings: QueueingChainSettings,
  probabilities: Float64Array,
): (
  q: number,
  o: number,
  go: (q: number, o: number, rate: number) => void,
) => void {
  const { arrivalRate, serviceRate, threads, alpha, whenFull } = settings;
  const fullQueue = settings.queueStates - 1;
  const fullOrbit = settings.orbitStates - 1;
  const rates = orbitRates(settings.timeout, settings.maxRetries);
  return (q, o, go) => {
    const retry = o * rates.retry;
    const giveUp = o * rates.giveUp;
    if (q > 0) go(q - 1, o, Math.min(q, threads) * serviceRate);
    if (o > 0) go(q, o - 1, giveUp);
    if (q < fullQueue) {
      // With nobody before it a job is never late.
      const late = q === 0 ? 0 : probabilities[q];
      go(q + 1, o, arrivalRate + retry * late);
      if (o < fullOrbit) go(q + 1, o + 1, alpha * arrivalRate * late);
      if (o > 0) go(q + 1, o - 1, retry * (1 - late));
    } else if (whenFull === "lose") {
      if (o > 0) go(q, o - 1, retry);
    } else if (o < fullOrbit) {
      const into = whenFull === "spawn"
        ? alpha * (arrivalRate + retry)
        : arrivalRate;
      go(q, o + 1, into);
    }
  };
}

/**
 * The chain of a queue (q jobs at the server) and an orbit (o jobs that have
 * timed out and will be tried again), each bounded.
 *
 * With mu_r = R / ((R + 1) T), mu_d = 1 / ((R + 1) T) and p(q) the probability
 * of a time-out, from 0 < q < Q - 1: arrivals at lambda and late retries at
 * o mu_r p lead to (q + 1, o), shadows of late arrivals at alpha lambda p to
 * (q + 1, o + 1), retries in time at o mu_r (1 - p) to (q + 1, o - 1), jobs
 * given up at o mu_d to (q, o - 1), services at min(q, c) mu to (q - 1, o).
 * It assumes exponential times throughout, and forgets which job waits how
 * long.
 *
 * @param options Throws `RangeError` for values outside their range.
 *
 * @example The original's queue, with the exact probability of a time-out
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { meanUnder } from "./markov_chain.ts";
 * import { queueingChain } from "./queueing_chain.ts";
 * import { stationaryLaw } from "./stationary_law.ts";
 *
 * const { chain, queue } = queueingChain({ arrivalRate: 9.5, serviceRate: 10 });
 * assertAlmostEquals(meanUnder(stationaryLaw(chain), queue), 25.94, 0.01);
 * ```
 */
export function queueingChain(options: QueueingChainOptions): QueueingChain {
  const settings: QueueingChainSettings = {
    threads: 1,
    timeout: 9,
    maxRetries: 3,
    queueStates: 100,
    orbitStates: 20,
    alpha: 0.25,
    timeoutProbability: "erlang",
    whenFull: "lose",
    ...options,
  };
  checkSettings(settings);
  const { queueStates, orbitStates } = settings;
  const states = queueStates * orbitStates;
  // The shorter axis runs fastest, which keeps the band narrow.
  const orbitFirst = orbitStates <= queueStates;
  const state = orbitFirst
    ? (q: number, o: number) => q * orbitStates + o
    : (q: number, o: number) => o * queueStates + q;
  const queue = new Int32Array(states);
  const orbit = new Int32Array(states);
  for (let q = 0; q < queueStates; q++) {
    for (let o = 0; o < orbitStates; o++) {
      queue[state(q, o)] = q;
      orbit[state(q, o)] = o;
    }
  }
  const visit = transitionsOf(
    settings,
    timeoutProbabilities(
      settings.timeoutProbability,
      queueStates - 1,
      settings,
    ),
  );
  const chain = buildMarkovChain(states, (from, add) => {
    visit(queue[from], orbit[from], (q, o, rate) => add(state(q, o), rate));
  });
  return { chain, settings, state, queue, orbit };
}

/** Times between the chain's regions. */
export interface QueueingTimes {
  /** From full queue and orbit until both are empty. */
  readonly drain: number;
  /** Standard deviation of the drain time. */
  readonly drainDeviation: number;
  /** Least mean time from a long queue to a short one. */
  readonly highToLow: number;
  /** Standard deviation from the state where that is least. */
  readonly highToLowDeviation: number;
  /** Least mean time from a short queue to a long one. */
  readonly lowToHigh: number;
  /** Standard deviation from the state where that is least. */
  readonly lowToHighDeviation: number;
}

/** Where long and short queues begin, as shares of Q. */
export interface QueueingTimesOptions {
  /** A queue is long from this share of Q on. Default 0.9. */
  high?: number;
  /** A queue is short below this share of Q. Default 0.1. */
  low?: number;
}

/**
 * Mean times to drain, and between long and short queues: from that state of
 * the one set which is nearest to the other.
 *
 * @param queueing The chain.
 * @param options Where the sets begin.
 */
export function queueingTimes(
  queueing: QueueingChain,
  options: QueueingTimesOptions = {},
): QueueingTimes {
  const { high = 0.9, low = 0.1 } = options;
  const { chain, queue, state, settings } = queueing;
  const { queueStates, orbitStates } = settings;
  const isHigh = (each: number) => queue[each] >= high * queueStates;
  const isLow = (each: number) => queue[each] < low * queueStates;
  const between = (
    from: (state: number) => boolean,
    to: (state: number) => boolean,
  ) => {
    const times = hittingTimes(chain, to);
    let best = -1;
    for (let each = 0; each < chain.states; each++) {
      if (from(each) && (best < 0 || times.mean[each] < times.mean[best])) {
        best = each;
      }
    }
    return [times.mean[best], times.standardDeviation[best]];
  };
  const full = state(queueStates - 1, orbitStates - 1);
  const empty = state(0, 0);
  const [drain, drainDeviation] = between(
    (each) => each === full,
    (each) => each === empty,
  );
  const [highToLow, highToLowDeviation] = between(isHigh, isLow);
  const [lowToHigh, lowToHighDeviation] = between(isLow, isHigh);
  return {
    drain,
    drainDeviation,
    highToLow,
    highToLowDeviation,
    lowToHigh,
    lowToHighDeviation,
  };
}
