/**
 * A simulation: all that changes while it runs, and how it begins.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { type Arrival, type ArrivalSource, createArrival } from "./arrival.ts";
import {
  type Balancers,
  createBalancers,
  setBalancerWeights,
  type Writable,
} from "./_balancers.ts";
import { type ChooseServer, leastCost } from "./dispatch.ts";
import { createFlowHeap, type FlowHeap } from "./_event_queue.ts";
import { createFlowPool, type FlowPool } from "./_flow_pool.ts";
import { type FlowReport, type Observers, OUTCOMES } from "./observers.ts";
import { type Changes, changesOf } from "./_outages.ts";
import { createServers, remainingWork, type Servers } from "./_servers.ts";
import {
  checkSimulatorOptions,
  type Delay,
  serversOfBalancers,
  type SimulatorOptions,
} from "./simulator_options.ts";

/** Independent streams, so that paired runs of two policies stay paired. */
export interface Streams {
  /** Balancer and key of each flow. */
  readonly routing: Random;
  /** Delays of each flow, drawn as it arrives. */
  readonly delays: Random;
  /** For rules that draw. */
  readonly rules: Random;
  /** Times at which balancers look at flows. */
  readonly samples: Random;
}

/** A simulation under way. */
export interface Simulation {
  /** Now, in seconds: an array of one number, the stations' own. */
  readonly clock: Float64Array;
  /** Events that have happened. */
  events: number;
  /** Flows that have begun at a client and have not ended there. */
  alive: number;
  /** Integral of `alive` over time, in seconds, until `integrated`. */
  aliveIntegral: number;
  /** When `aliveIntegral` was brought up to date, in seconds. */
  integrated: number;
  /** Seconds that flows which have ended were alive since statistics began. */
  timeAlive: number;
  /** When statistics began, in seconds. */
  since: number;
  /** Flows begun since then. */
  started: number;
  /** `alive` at that time. */
  aliveAtStart: number;
  /** First of the flows that may time out, or -1. */
  oldest: number;
  /** Last of the flows that may time out, or -1. */
  newest: number;
  /** Whether there is a next arrival. */
  moreArrivals: boolean;
  /** Changes of servers to come. */
  changes: Changes;
  /** The next arrival. */
  readonly arrival: Arrival;
  /** Flows ended since statistics began, by outcome. */
  readonly ended: Float64Array;
  /** The flows. */
  readonly flows: FlowPool;
  /** Events of single flows: hops and samples. */
  readonly flowEvents: FlowHeap;
  /** The servers. */
  readonly servers: Servers;
  /** The balancers. */
  readonly balancers: Balancers;
  /** The streams. */
  readonly streams: Streams;
  /** What observers are shown. */
  readonly report: Writable<FlowReport>;
  /** Who is told. */
  readonly observers: Observers;
  /** Where flows come from. */
  readonly source: ArrivalSource;
  /** Who chooses servers. */
  readonly choose: ChooseServer;
  /** Balancer of an arrival, where it is not left to chance. */
  readonly assignBalancer: ((arrival: Arrival) => number) | undefined;
  /** Shortest delay of each hop, in seconds. */
  readonly shortestHops: Float64Array;
  /** Longest delay of each hop, in seconds. */
  readonly longestHops: Float64Array;
  /** Whether hops differ from flow to flow. */
  readonly hopsVary: boolean;
  /** Seconds until the notice of a refusal leaves the server. */
  readonly refusalDelay: number;
  /** Seconds after which clients give up. */
  readonly clientTimeout: number;
  /** Whether servers stop working for them. */
  readonly cancelOnTimeout: boolean;
  /** Seconds until balancers know of a server that went down or up. */
  readonly detectionDelay: number;
  /** Samples a second of each flow. */
  readonly sampleRate: number;
}

const FIRST_ROOM = 256;
/** Streams of the seed that are left to the traffic of the same seed. */
const STREAMS_OF_TRAFFIC = 16;

function streamsOf(seed: number): Streams {
  const root = new Random(seed);
  for (let i = 0; i < STREAMS_OF_TRAFFIC; i++) root.jump();
  return {
    routing: root.split(),
    delays: root.split(),
    rules: root.split(),
    samples: root.split(),
  };
}

const lowOf = (delay: Delay) => typeof delay === "number" ? delay : delay.low;
const highOf = (delay: Delay) => typeof delay === "number" ? delay : delay.high;

/** A simulation at time 0. */
export function createSimulation(options: SimulatorOptions): Simulation {
  checkSimulatorOptions(options);
  const { clientHop = 0, serverHop = 0 } = options;
  const hops = [clientHop, serverHop, serverHop, clientHop];
  const servers = createServers(options.servers);
  const flows = createFlowPool(FIRST_ROOM);
  const streams = streamsOf(options.seed ?? 0);
  const balancers = createBalancers({
    groups: serversOfBalancers(options),
    servers: servers.count,
    random: streams.rules,
    oracle: {
      inside: servers.inside,
      remainingWork: (server) => remainingWork(servers, flows, server),
    },
  });
  const weights = options.weights ??
    options.servers.map(({ cores = 1, speed = 1 }) => cores * speed);
  for (let balancer = 0; balancer < balancers.count; balancer++) {
    setBalancerWeights(balancers, balancer, weights);
  }
  const simulation: Simulation = {
    clock: servers.stations.clock,
    events: 0,
    alive: 0,
    aliveIntegral: 0,
    integrated: 0,
    timeAlive: 0,
    since: 0,
    started: 0,
    aliveAtStart: 0,
    oldest: -1,
    newest: -1,
    moreArrivals: true,
    changes: changesOf(options.outages ?? []),
    arrival: createArrival(),
    ended: new Float64Array(OUTCOMES.length),
    flows,
    flowEvents: createFlowHeap(FIRST_ROOM),
    servers,
    balancers,
    streams,
    report: {
      time: NaN,
      balancer: 0,
      server: 0,
      kind: 0,
      start: NaN,
      elapsed: NaN,
      work: NaN,
      ioWork: NaN,
      outcome: 0,
    },
    observers: options.observers ?? {},
    source: options.arrivals,
    choose: options.choose ?? leastCost,
    assignBalancer: options.assignBalancer,
    shortestHops: Float64Array.from(hops, lowOf),
    longestHops: Float64Array.from(hops, highOf),
    hopsVary: hops.some((hop) => lowOf(hop) !== highOf(hop)),
    refusalDelay: options.refusalDelay ?? 0,
    clientTimeout: options.clientTimeout ?? Infinity,
    cancelOnTimeout: options.cancelOnTimeout ?? true,
    detectionDelay: options.detectionDelay ?? 0,
    sampleRate: options.sampleRate ?? 0,
  };
  fetchArrival(simulation);
  return simulation;
}

/** Reads the next arrival and refuses what cannot be simulated. */
export function fetchArrival(simulation: Simulation): void {
  const { arrival, source } = simulation;
  simulation.moreArrivals = source.next(arrival);
  if (!simulation.moreArrivals) return;
  const { time, work, ioWork } = arrival;
  if (!(time >= simulation.clock[0] && time < Infinity)) {
    throw new RangeError(
      `Cannot take a flow that arrives at ${time} after one at ${
        simulation.clock[0]
      }, expected finite times that never fall`,
    );
  }
  if (!(work >= 0 && work < Infinity && ioWork >= 0 && ioWork < Infinity)) {
    throw new RangeError(
      `Cannot take a flow with work ${work} and disk work ${ioWork}, expected finite numbers from 0`,
    );
  }
}
