/**
 * The Markov chain of servers one behind the other, and an orbit.
 *
 * @module
 */
import {
  chebyshevBound,
  gammaTail,
  orbitRates,
  type TimeoutProbabilityName,
} from "../../envs/queueing/timeout_probability.ts";
import {
  type AddTransition,
  buildMarkovChain,
  type MarkovChain,
} from "./markov_chain.ts";

export type { AddTransition, MarkovChain, TimeoutProbabilityName };

/** A server of the line. */
export interface TandemServer {
  /** Services that one thread completes per unit of time, mu; above 0. */
  serviceRate: number;
  /** Jobs served at a time, c. Default 1. */
  threads?: number;
  /** Numbers of jobs, Q, those in service included: 0 to Q - 1. */
  queueStates: number;
}

/** A line of servers with clients that retry. */
export interface TandemChainOptions {
  /** Arrival rate at the first server, lambda; from 0. */
  arrivalRate: number;
  /** The servers, in order; at least one. */
  servers: readonly TandemServer[];
  /** Time-out, T; above 0. Default 9. */
  timeout?: number;
  /** Retries, R; Infinity for jobs that never give up. Default 3. */
  maxRetries?: number;
  /** Numbers of jobs in the orbit, O: 0 to O - 1. Default 20. */
  orbitStates?: number;
  /** Gamma tail, or Chebyshev's bound. Default `erlang`. */
  timeoutProbability?: TimeoutProbabilityName;
}

/** A chain, and which state is which. */
export interface TandemChain {
  /** The chain. */
  readonly chain: MarkovChain;
  /** The state of jobs at each server, and in the orbit. */
  state(queues: readonly number[], orbit: number): number;
  /** Jobs at each server in each state, shape [servers][N]. */
  readonly queues: readonly Int32Array[];
  /** Jobs in the orbit in each state, shape [N]. */
  readonly orbit: Int32Array;
}

function check(options: TandemChainOptions): void {
  const { arrivalRate, servers, timeout = 9, orbitStates = 20 } = options;
  const values: [string, number, boolean][] = [
    ["an arrival rate of", arrivalRate, arrivalRate >= 0],
    ["a time-out of", timeout, timeout > 0],
    ["a number of servers of", servers.length, servers.length > 0],
    ["a number of orbit states of", orbitStates, orbitStates >= 1],
    ...servers.flatMap((server): [string, number, boolean][] => [
      ["a service rate of", server.serviceRate, server.serviceRate > 0],
      [
        "a number of queue states of",
        server.queueStates,
        server.queueStates > 1,
      ],
      [
        "a number of threads of",
        server.threads ?? 1,
        (server.threads ?? 1) > 0,
      ],
    ]),
  ];
  for (const [name, value, fits] of values) {
    if (fits && value < Infinity) continue;
    throw new RangeError(
      `Cannot make a chain with ${name} ${value}: expected a finite number above 0`,
    );
  }
}

/**
 * The chain of a line of servers (jobs pass through all of them) and an orbit
 * of jobs that will be tried again at the first.
 *
 * An arrival that will time out is in queue and orbit both; the probability is
 * that of the time through all queues as they are, by a gamma law with its mean
 * and variance, sums of q / m and q / m^2 with m = min(q, c) mu. A job that
 * finds a server full is lost there and comes to the orbit. Retries leave the
 * orbit at mu_r = R / ((R + 1) T) and jobs that are given up at
 * mu_d = 1 / ((R + 1) T) each; a retry that is late again, or finds the first
 * server full, stays.
 *
 * @param options Throws `RangeError` for values outside their range.
 */
export function tandemChain(options: TandemChainOptions): TandemChain {
  check(options);
  const {
    arrivalRate,
    servers,
    timeout = 9,
    maxRetries = 3,
    orbitStates = 20,
    timeoutProbability = "erlang",
  } = options;
  const rates = orbitRates(timeout, maxRetries);
  // The longest axis runs slowest, which keeps the band narrow.
  const axes = [...servers.map(({ queueStates }) => queueStates), orbitStates];
  const order = [...axes.keys()].sort((a, b) => axes[a] - axes[b]);
  const strides = new Array<number>(axes.length);
  let states = 1;
  for (const axis of order) {
    strides[axis] = states;
    states *= axes[axis];
  }
  const orbitAxis = servers.length;
  const places = axes.map((length, axis) =>
    Int32Array.from(
      { length: states },
      (_, state) => Math.floor(state / strides[axis]) % length,
    )
  );
  const speed = (server: number, jobs: number) =>
    Math.min(jobs, servers[server].threads ?? 1) * servers[server].serviceRate;

  function lateProbability(state: number): number {
    let mean = 0;
    let variance = 0;
    for (let server = 0; server < servers.length; server++) {
      const jobs = places[server][state];
      if (jobs === 0) continue;
      const rate = speed(server, jobs);
      mean += jobs / rate;
      variance += jobs / rate ** 2;
    }
    if (mean === 0) return 0;
    return timeoutProbability === "erlang"
      ? gammaTail({ mean, variance, timeout })
      : chebyshevBound({ mean, variance, timeout });
  }

  const chain = buildMarkovChain(states, (state, add) => {
    const orbit = places[orbitAxis][state];
    const hasOrbitRoom = orbit < orbitStates - 1;
    const toOrbit = hasOrbitRoom ? strides[orbitAxis] : 0;
    const late = lateProbability(state);
    if (places[0][state] < axes[0] - 1) {
      const joined = state + strides[0];
      add(joined + toOrbit, arrivalRate * late);
      add(joined, arrivalRate * (1 - late) + orbit * rates.retry * late);
      if (orbit > 0) {
        add(joined - strides[orbitAxis], orbit * rates.retry * (1 - late));
      }
    } else add(state + toOrbit, arrivalRate);
    if (orbit > 0) add(state - strides[orbitAxis], orbit * rates.giveUp);
    for (let server = 0; server < servers.length; server++) {
      const jobs = places[server][state];
      if (jobs === 0) continue;
      const left = state - strides[server];
      const next = server + 1;
      const rate = speed(server, jobs);
      if (next === servers.length) add(left, rate);
      else if (places[next][state] < axes[next] - 1) {
        add(left + strides[next], rate);
      } else add(left + toOrbit, rate);
    }
  });
  return {
    chain,
    state: (queues, orbit) =>
      queues.reduce((sum, q, axis) => sum + q * strides[axis], 0) +
      orbit * strides[orbitAxis],
    queues: places.slice(0, orbitAxis),
    orbit: places[orbitAxis],
  };
}
