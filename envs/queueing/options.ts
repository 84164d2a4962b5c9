/**
 * What a queueing system is made of: clients, servers, faults and the model of
 * their retries. Plain values, so that they travel in files.
 *
 * @module
 */
import type { SizeLawOptions } from "../load_balancing/job_sizes.ts";

export type { SizeLawOptions };

/**
 * How clients react to slowness and loss.
 *
 * - `attempt`: a timer runs on each attempt and is cancelled by any answer to
 *   its request; a time-out makes a new attempt while retries are left.
 * - `reference`: the model of the original generator, quirks included: a job
 *   that has to wait is given no timer, one that is dropped two, and a retry
 *   offers the same job again.
 * - `orbit`: the assumptions of the Markov chain of queue and orbit, event by
 *   event.
 */
export type RetryModel = "attempt" | "reference" | "orbit";

/** The names of the retry models. */
export const RETRY_MODELS = ["attempt", "reference", "orbit"] as const;

/** Admission by tokens: an attempt takes one, or is dropped. */
export interface TokenBucketOptions {
  /** Most tokens that it holds, at least 1; it begins full. */
  capacity: number;
  /** Tokens it gains per unit of time, from 0. */
  refillRate: number;
}

/** Admission by chance while the queue is nearly full. */
export interface ThrottleOptions {
  /** Share of the waiting room from which it acts, 0 to 1. Default 0.9. */
  threshold?: number;
  /** Probability of being admitted then, 0 to 1. Default 0.5. */
  admitProbability?: number;
  /** When it begins to act. Default 0. */
  from?: number;
}

/** A server: threads, and a waiting room before them. */
export interface ServerOptions {
  /** Service times. Default exponential of mean 0.1. */
  service?: SizeLawOptions;
  /** Jobs served at a time, from 1. Default 1. */
  threads?: number;
  /**
   * Waiting room, jobs in service not counted; from 0, or Infinity where the
   * load is below 1. Default 100.
   */
  queueCapacity?: number;
  /** Who is served next: the longest waiting or the latest. Default `fifo`. */
  discipline?: "fifo" | "lifo";
  /** Admission by tokens. Default none. */
  tokenBucket?: TokenBucketOptions;
  /** Admission by chance. Default none. */
  throttle?: ThrottleOptions;
  /**
   * Jobs that have waited longer are discarded in place of being served
   * (load shedding). Default Infinity.
   */
  maximumWait?: number;
  /**
   * Servers that a served job goes to, all at once; one that several lead to
   * waits for all of them. Default: none, its answer is ready.
   */
  next?: readonly number[];
}

/** Waiting before a retry. */
export interface BackoffOptions {
  /** Delay before the first retry, above 0. */
  base: number;
  /** Growth from retry to retry, at least 1. Default 2. */
  factor?: number;
  /** Longest delay. Default Infinity. */
  maximum?: number;
  /**
   * Spread of a delay d: `none`, d itself; `full`, even from 0 to d; `equal`,
   * even from d / 2 to d. Default `full`.
   */
  jitter?: "none" | "full" | "equal";
}

/**
 * A limit on retries: each new request earns some, each retry costs one when
 * it is decided, before its back-off. A request whose retry is refused fails.
 */
export interface RetryBudgetOptions {
  /** Retries that each new request earns, from 0; Infinity for no limit. */
  ratio: number;
  /** Most that can be saved up, and what there is at first. Default 10. */
  burst?: number;
}

/** Open clients: requests come as a Poisson process, whatever happens to them. */
export interface ClientOptions {
  /** Requests per unit of time, lambda; from 0. */
  arrivalRate: number;
  /** Server that they go to. Default 0. */
  server?: number;
  /** Time that an attempt is given, T; above 0. Default 9. */
  timeout?: number;
  /** Retries of a request, R; Infinity only as `orbit`. Default 3. */
  maxRetries?: number;
  /** Waiting before a retry. Default none. */
  backoff?: BackoffOptions;
  /** Limit on retries. Default none. */
  retryBudget?: RetryBudgetOptions;
  /** Probability that an attempt is let in at all, 0 to 1. Default 1. */
  admissionProbability?: number;
  /**
   * What a client learns of a loss: nothing until its timer ends (`silent`),
   * or at once (`answered`), so that it may retry. Default `silent`.
   */
  rejection?: "silent" | "answered";
}

/** A time in which something is worse, or better, than usual. */
export interface FaultOptions {
  /** What is multiplied. */
  target: "arrivalRate" | "serviceRate" | "capacity";
  /** When it begins, from 0. */
  start: number;
  /** How long it lasts, above 0; Infinity for ever. */
  duration: number;
  /**
   * The factor, from 0. A capacity is a number of threads and rounded down;
   * jobs in service are finished.
   */
  factor: number;
  /** Client (for an arrival rate) or server. Default: all of them. */
  index?: number;
}

/** Further settings of the retry model `orbit`. */
export interface OrbitOptions {
  /** Share of slow jobs that are counted twice, alpha, 0 to 1. Default 0.25. */
  alpha?: number;
  /** Places in the orbit, O - 1; Infinity for no bound. Default 19. */
  capacity?: number;
  /** Probability that a wait ends in a time-out. Default `erlang`. */
  timeoutProbability?: "erlang" | "chebyshev";
  /**
   * What happens at a full queue. `lose`: arrivals and retries are lost.
   * `spawn`: each puts a new job into the orbit with probability alpha.
   * `return`: arrivals go to the orbit and retries stay in it, as in the
   * classical retrial queue. Default `lose`.
   */
  whenFull?: "lose" | "spawn" | "return";
}

/** What is there at time 0. */
export interface InitialOptions {
  /** Jobs at each server, those in service included. Default 0. */
  jobs?: readonly number[];
  /** Jobs in the orbit; only as `orbit`. Default 0. */
  orbit?: number;
}

/** A queueing system. */
export interface QueueingOptions {
  /** The clients; at least one. */
  clients: readonly ClientOptions[];
  /** The servers; at least one, and no circle among them. Default one. */
  servers?: readonly ServerOptions[];
  /** How clients retry. Default `attempt`. */
  retryModel?: RetryModel;
  /**
   * Of the model `reference` with several servers, the original's `later`
   * version: retries are made at the first server. Or its `first`: a timer
   * belongs to the server that began or dropped the job, and when it ends the
   * job is offered again to that server and to each that follows it in the
   * line; a service that begins as a job is passed on or retried begins one
   * more service time later. Default `later`.
   */
  referenceVersion?: "later" | "first";
  /** Settings of the model `orbit`. */
  orbit?: OrbitOptions;
  /** Faults; where several overlap their factors multiply. Default none. */
  faults?: readonly FaultOptions[];
  /** What is there at time 0. Default nothing. */
  initial?: InitialOptions;
  /** Where all random numbers come from. Default 0. */
  seed?: number;
}
