/**
 * What the Markov chain of queue and orbit says.
 *
 * @module
 */
import { meanUnder } from "../../analysis/markov/markov_chain.ts";
import {
  queueingChain,
  queueingTimes,
} from "../../analysis/markov/queueing_chain.ts";
import { slowModes } from "../../analysis/markov/spectrum.ts";
import { stationaryLaw } from "../../analysis/markov/stationary_law.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";

export type { QueueingOptions };

/** The chain's answers. */
export interface ChainAnswer {
  /** Mean of jobs at the server, the one in service included. */
  readonly meanQueue: number;
  /** Mean of jobs in the orbit. */
  readonly meanOrbit: number;
  /** Probability of a full queue. */
  readonly full: number;
  /** Probability of a queue of at least 0.9 of the room. */
  readonly stuck: number;
  /** -1 / Re lambda_2: how long the chain remembers. */
  readonly timescale: number;
  /** Mean time from full to empty. */
  readonly drain: number;
  /** Mean time from a long queue to a short one. */
  readonly highToLow: number;
  /** Mean time from a short queue to a long one. */
  readonly lowToHigh: number;
}

/** What the chain can be of. */
export interface ChainParameters {
  /** Places of the orbit, O; it holds O - 1. Default 20. */
  readonly orbitStates?: number;
}

/**
 * The chain's answers for a system of one client and one server with a bounded
 * queue and exponential service; undefined for others, which it is no model of.
 * Faults and mitigations are not in it.
 *
 * @param system The system.
 * @param parameters The orbit.
 */
export function answerByChain(
  system: QueueingOptions,
  parameters: ChainParameters = {},
): ChainAnswer | undefined {
  const { orbitStates = 20 } = parameters;
  const [client] = system.clients;
  const [server = {}] = system.servers ?? [];
  const { service, threads = 1, queueCapacity = 100 } = server;
  const mean = service?.mean ?? 0.1;
  const law = service?.law ?? "exponential";
  const single = system.clients.length === 1 &&
    (system.servers?.length ?? 1) === 1;
  if (
    !single || law !== "exponential" || !Number.isFinite(queueCapacity) ||
    client.maxRetries === Infinity
  ) return undefined;
  // The chain counts the jobs in service: states 0 to capacity + threads.
  const chain = queueingChain({
    arrivalRate: client.arrivalRate,
    serviceRate: 1 / mean,
    threads,
    timeout: client.timeout ?? 9,
    maxRetries: client.maxRetries ?? 3,
    queueStates: queueCapacity + threads + 1,
    orbitStates,
  });
  const stationary = stationaryLaw(chain.chain);
  const share = (is: (queue: number) => boolean) =>
    stationary.reduce(
      (sum, p, state) => is(chain.queue[state]) ? sum + p : sum,
      0,
    );
  const largest = chain.settings.queueStates - 1;
  const [slowest] = slowModes(chain.chain, { count: 1, law: stationary });
  const { drain, highToLow, lowToHigh } = queueingTimes(chain);
  return {
    meanQueue: meanUnder(stationary, chain.queue),
    meanOrbit: meanUnder(stationary, chain.orbit),
    full: share((queue) => queue === largest),
    stuck: share((queue) => queue > 0.9 * queueCapacity),
    timescale: -1 / slowest.real,
    drain,
    highToLow,
    lowToHigh,
  };
}
