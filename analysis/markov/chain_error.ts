/**
 * How far the Markov chain of queue and orbit is from what it stands for.
 *
 * @module
 */
import type {
  QueueingOptions,
  RetryModel,
} from "../../envs/queueing/options.ts";
import { createQueueingSimulator } from "../../envs/queueing/simulator.ts";
import { type Interval, meanInterval } from "../statistics.ts";
import { meanUnder } from "./markov_chain.ts";
import type { QueueingChain, QueueingChainSettings } from "./queueing_chain.ts";
import { stationaryLaw } from "./stationary_law.ts";

export type {
  Interval,
  QueueingChain,
  QueueingChainSettings,
  QueueingOptions,
  RetryModel,
};

/** How long is simulated. */
export interface ChainErrorOptions {
  /** Which retry model is simulated. Default `attempt`. */
  retryModel?: RetryModel;
  /** Independent runs, from 2. Default 10. */
  runs?: number;
  /** Time before statistics begin. Default 1000. */
  warmUp?: number;
  /** Time of statistics. Default 4000. */
  time?: number;
  /** Seed of the first run; the others follow. Default 1. */
  seed?: number;
}

/** One measure, by the chain and by simulation. */
export interface ChainMeasure {
  /** What is measured. */
  readonly name: "jobs" | "retrying" | "full";
  /** The chain's value. */
  readonly chain: number;
  /** Mean of the simulated runs, with its interval of 95 %. */
  readonly simulated: Interval;
  /** Chain less simulation, over simulation; NaN where that is 0. */
  readonly relativeError: number;
}

/**
 * The system that a chain stands for, to be simulated.
 *
 * @param settings The chain's settings.
 * @param retryModel How clients retry.
 */
export function systemOfChain(
  settings: QueueingChainSettings,
  retryModel: RetryModel,
): QueueingOptions {
  const { threads, timeoutProbability, alpha, whenFull } = settings;
  return {
    clients: [{
      arrivalRate: settings.arrivalRate,
      timeout: settings.timeout,
      maxRetries: settings.maxRetries,
    }],
    servers: [{
      service: { law: "exponential", mean: 1 / settings.serviceRate },
      threads,
      queueCapacity: settings.queueStates - 1 - threads,
    }],
    retryModel,
    orbit: {
      capacity: settings.orbitStates - 1,
      timeoutProbability,
      alpha,
      whenFull,
    },
  };
}

/**
 * The stationary means of a chain beside those of simulated runs: jobs at the
 * server, requests being retried (the orbit), and the share of time for which
 * the queue is full. As `orbit` the simulation follows the chain's own
 * assumptions and agrees; as `attempt` the difference is what those
 * assumptions cost. Runs begin empty: a system that stays long where it is
 * needs long ones.
 *
 * @param queueing The chain. Throws `RangeError` where its queue has fewer
 * states than threads.
 * @param options What is simulated, and for how long.
 */
export function chainErrors(
  queueing: QueueingChain,
  options: ChainErrorOptions = {},
): ChainMeasure[] {
  const {
    retryModel = "attempt",
    runs = 10,
    warmUp = 1000,
    time = 4000,
    seed = 1,
  } = options;
  const { chain, queue, orbit, settings } = queueing;
  const system = systemOfChain(settings, retryModel);
  const samples: number[][] = [[], [], []];
  for (let run = 0; run < runs; run++) {
    const simulator = createQueueingSimulator({ ...system, seed: seed + run });
    simulator.advanceTo(warmUp);
    simulator.resetStatistics();
    simulator.advanceTo(warmUp + time);
    const { servers: [server], meanRetries } = simulator.statistics();
    samples[0].push(server.waiting + server.busy);
    samples[1].push(meanRetries);
    samples[2].push(server.fullTimeShare);
  }
  const law = stationaryLaw(chain);
  const full = settings.queueStates - 1;
  const expected = [
    meanUnder(law, queue),
    meanUnder(law, orbit),
    meanUnder(law, queue.map((q) => q === full ? 1 : 0)),
  ];
  return (["jobs", "retrying", "full"] as const).map((name, i) => {
    const simulated = meanInterval(samples[i]);
    const { estimate } = simulated;
    return {
      name,
      chain: expected[i],
      simulated,
      relativeError: estimate === 0 ? NaN : expected[i] / estimate - 1,
    };
  });
}
