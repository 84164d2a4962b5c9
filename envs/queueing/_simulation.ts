/**
 * A queueing simulation: all that changes while it runs, and how it begins.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { type SizeLaw, sizeLaw } from "../load_balancing/job_sizes.ts";
import { checkQueueingOptions } from "./_checks.ts";
import {
  createCounts,
  createServerCounts,
  type QueueingCounts,
  type ServerCounts,
} from "./_counts.ts";
import {
  createDraws,
  type Draws,
  fillExponential,
  fillUniform,
} from "./_draws.ts";
import { createEventHeap, type EventHeap } from "./_event_heap.ts";
import {
  createTimerLine,
  createWaitingLine,
  type TimerLine,
  type WaitingLine,
} from "./_lines.ts";
import { createOrbit, type Orbit } from "./_orbit.ts";
import {
  type AttemptPool,
  createAttemptPool,
  createRequestPool,
  type RequestPool,
} from "./_pools.ts";
import type {
  ClientOptions,
  FaultOptions,
  QueueingOptions,
  RetryModel,
  ServerOptions,
  ThrottleOptions,
  TokenBucketOptions,
} from "./options.ts";
import { createRowBlock, type RowBlock, type RowSink } from "./rows.ts";

/** Places in `times` of what there is once; clients' places follow. */
export const CHANGE = 0;
/** The next completion. */
export const COMPLETION = 1;
/** The next delayed retry. */
export const RETRY = 2;
/** The next event of the orbit. */
export const ORBIT = 3;
/** First of the places of clients: arrival and timer of each. */
export const CLIENTS = 4;

/** Clients while the simulation runs. */
export interface Client {
  /** Their options. */
  readonly options: ClientOptions;
  /** Server that they go to. */
  readonly server: number;
  /** Retries of a request. */
  readonly maxRetries: number;
  /** Whether losses are answered. */
  readonly answered: boolean;
  /** Timers of attempts. */
  readonly timers: TimerLine;
  /** Unit exponentials of the gaps. */
  readonly gaps: Draws;
  /** Uniforms of back-off. */
  readonly jitter: Draws;
  /** Uniforms of admission. */
  readonly admission: Draws;
}

/** A server while the simulation runs. */
export interface Server {
  /** Its options. */
  readonly options: ServerOptions;
  /** Its place. */
  readonly index: number;
  /** Waiting room. */
  readonly queueCapacity: number;
  /** Whether the latest is served first. */
  readonly newestFirst: boolean;
  /** Longest wait. */
  readonly maximumWait: number;
  /** Admission by tokens. */
  readonly tokenBucket: TokenBucketOptions | undefined;
  /** Admission by chance. */
  readonly throttle: ThrottleOptions | undefined;
  /** Servers that jobs go to. */
  readonly next: Int32Array;
  /** Servers that lead to it. */
  readonly inDegree: number;
  /** Who waits. */
  readonly line: WaitingLine;
  /** Mean service time at speed 1. */
  readonly meanService: number;
  /** Service times at speed 1. */
  readonly services: Draws;
  /** Uniforms of the throttle. */
  readonly admission: Draws;
  /** What is counted at it. */
  readonly counts: ServerCounts;
  /** Jobs in service. */
  busy: number;
  /** Threads that may begin a service. */
  threads: number;
}

/** Numbers that are not whole, by client or server. */
export interface Levels {
  /** Arrival rate of each client now. */
  readonly arrivalRates: Float64Array;
  /** Time-out of each client. */
  readonly timeouts: Float64Array;
  /** Retries that each client may make. */
  readonly budgets: Float64Array;
  /** What a new request earns. */
  readonly budgetRatios: Float64Array;
  /** Admission probability of each client. */
  readonly admission: Float64Array;
  /** Speed of each server now. */
  readonly speeds: Float64Array;
  /** Tokens of each server. */
  readonly tokens: Float64Array;
  /** When they were counted. */
  readonly tokenTimes: Float64Array;
  /** Threads added to each server from outside. */
  readonly extraThreads: Float64Array;
  /** When each server's integrals were brought up to date. */
  readonly integrated: Float64Array;
  /** Integral of waiting jobs over time. */
  readonly waitingIntegrals: Float64Array;
  /** Integral of busy threads over time. */
  readonly busyIntegrals: Float64Array;
  /** Time for which each server's waiting room was full. */
  readonly fullTimes: Float64Array;
  /** Sum of the times to an answer, of length 1. */
  readonly latencySum: Float64Array;
}

/** A simulation under way. */
export interface Simulation {
  /** Now. */
  readonly clock: Float64Array;
  /** When each kind of event is next; see {@linkcode CLIENTS}. */
  readonly times: Float64Array;
  /** Events that have happened. */
  events: number;
  /** When statistics began. */
  since: number;
  /** Attempts lost since time 0. */
  dropped: number;
  /** The rows' column: requests being retried, jobs in the orbit. */
  retries: number;
  /** Integral of `retries`, at 0, until the time at 1. */
  readonly retriesIntegral: Float64Array;
  /** Next of the moments at which factors change. */
  nextChange: number;
  /** Moments at which factors change. */
  readonly changes: Float64Array;
  /** The faults. */
  readonly faults: readonly FaultOptions[];
  /** How clients retry. */
  readonly model: RetryModel;
  /** Whether `reference` is the original's first version. */
  readonly firstVersion: boolean;
  /** The orbit, where that is the model. */
  readonly orbit: Orbit | undefined;
  /** The clients. */
  readonly clients: readonly Client[];
  /** The servers. */
  readonly servers: readonly Server[];
  /** Rates, tokens, integrals. */
  readonly levels: Levels;
  /** What is counted. */
  readonly counts: QueueingCounts;
  /** Completions to come. */
  readonly completions: EventHeap;
  /** Delayed retries to come. */
  readonly delayed: EventHeap;
  /** The requests. */
  readonly requests: RequestPool;
  /** The attempts. */
  readonly attempts: AttemptPool;
  /** Rows not handed on yet. */
  readonly rows: RowBlock;
  /** Where rows go. */
  readonly sink: RowSink | undefined;
}

function createClient(options: ClientOptions, random: Random): Client {
  return {
    options,
    server: options.server ?? 0,
    maxRetries: options.maxRetries ?? 3,
    answered: options.rejection === "answered",
    timers: createTimerLine(),
    gaps: createDraws(random.split(), fillExponential),
    jitter: createDraws(random.split(), fillUniform),
    admission: createDraws(random.split(), fillUniform),
  };
}

/** Fills blocks from a law; the commonest without a call for each. */
function fillerOf({ name, mean, draw }: SizeLaw) {
  return (values: Float64Array, random: Random) => {
    if (name === "exponential") {
      fillExponential(values, random);
      for (let i = 0; i < values.length; i++) values[i] *= mean;
    } else {
      for (let i = 0; i < values.length; i++) values[i] = draw(random);
    }
  };
}

function createServer(
  servers: readonly ServerOptions[],
  index: number,
  random: Random,
): Server {
  const options = servers[index];
  const law = sizeLaw(options.service ?? { law: "exponential", mean: 0.1 });
  return {
    options,
    index,
    queueCapacity: options.queueCapacity ?? 100,
    newestFirst: options.discipline === "lifo",
    maximumWait: options.maximumWait ?? Infinity,
    tokenBucket: options.tokenBucket,
    throttle: options.throttle,
    next: Int32Array.from(options.next ?? []),
    inDegree: servers.filter(({ next }) => next?.includes(index)).length,
    line: createWaitingLine(),
    meanService: law.mean,
    services: createDraws(random.split(), fillerOf(law)),
    admission: createDraws(random.split(), fillUniform),
    counts: createServerCounts(),
    busy: 0,
    threads: options.threads ?? 1,
  };
}

function createLevels(
  clients: readonly ClientOptions[],
  servers: readonly ServerOptions[],
): Levels {
  const perServer = () => new Float64Array(servers.length);
  return {
    arrivalRates: Float64Array.from(clients, (each) => each.arrivalRate),
    timeouts: Float64Array.from(clients, ({ timeout = 9 }) => timeout),
    budgets: Float64Array.from(
      clients,
      ({ retryBudget: { ratio, burst = 10 } = { ratio: Infinity } }) =>
        ratio === Infinity ? Infinity : burst,
    ),
    budgetRatios: Float64Array.from(
      clients,
      ({ retryBudget }) => retryBudget?.ratio ?? 0,
    ),
    admission: Float64Array.from(
      clients,
      (each) => each.admissionProbability ?? 1,
    ),
    speeds: perServer().fill(1),
    tokens: Float64Array.from(
      servers,
      ({ tokenBucket }) => tokenBucket?.capacity ?? 0,
    ),
    tokenTimes: perServer(),
    extraThreads: perServer(),
    integrated: perServer(),
    waitingIntegrals: perServer(),
    busyIntegrals: perServer(),
    fullTimes: perServer(),
    latencySum: new Float64Array(1),
  };
}

function changesOf(faults: readonly FaultOptions[]): Float64Array {
  const moments = new Set<number>();
  for (const { start, duration } of faults) {
    moments.add(start).add(start + duration);
  }
  moments.delete(Infinity);
  return Float64Array.from(moments).sort();
}

/** A simulation at time 0, before anything is there. */
export function createSimulation(
  options: QueueingOptions,
  sink: RowSink | undefined,
): Simulation {
  checkQueueingOptions(options);
  const { clients, servers = [{}], faults = [] } = options;
  const model = options.retryModel ?? "attempt";
  const random = new Random(options.seed ?? 0);
  const changes = changesOf(faults);
  const simulation: Simulation = {
    clock: new Float64Array(1),
    times: new Float64Array(CLIENTS + 2 * clients.length).fill(Infinity),
    events: 0,
    since: 0,
    dropped: 0,
    retries: 0,
    retriesIntegral: new Float64Array(2),
    nextChange: 0,
    changes,
    faults,
    model,
    firstVersion: options.referenceVersion === "first",
    clients: clients.map((client) => createClient(client, random)),
    servers: servers.map((_, index) => createServer(servers, index, random)),
    orbit: model === "orbit" ? createOrbit(options, random) : undefined,
    levels: createLevels(clients, servers),
    counts: createCounts(),
    completions: createEventHeap(),
    delayed: createEventHeap(),
    requests: createRequestPool(),
    attempts: createAttemptPool(servers.length),
    rows: createRowBlock(),
    sink,
  };
  if (changes.length > 0) simulation.times[CHANGE] = changes[0];
  return simulation;
}
