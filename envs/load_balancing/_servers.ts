/**
 * Servers: a processor of several cores, a disk, a line in front.
 *
 * @module
 */
import { type FlowPool, PHASE } from "./_flow_pool.ts";
import type { ServerOptions } from "./simulator_options.ts";
import {
  advanceStation,
  createStations,
  dropJob,
  endJob,
  planNextEnd,
  startJob,
  type Stations,
} from "./_stations.ts";

export type { FlowPool, ServerOptions, Stations };

/** Servers, each a place in the arrays. */
export interface Servers {
  /** How many. */
  readonly count: number;
  /** The processor of server s is station s, its disk station count + s. */
  readonly stations: Stations;
  /** Flows that are served at once at most. */
  readonly workers: Int32Array;
  /** Flows inside at most. */
  readonly maximumFlows: Int32Array;
  /** 1 where a flow keeps its worker while it is on the disk. */
  readonly keepsWorker: Uint8Array;
  /** 1 where the server is up. */
  readonly up: Uint8Array;
  /** Flows inside: in the line, on the processor, on the disk. */
  readonly inside: Int32Array;
  /** Workers taken. */
  readonly busyWorkers: Int32Array;
  /** First in the line, or -1. */
  readonly first: Int32Array;
  /** Last in the line, or -1. */
  readonly last: Int32Array;
  /** Flows taken in. */
  readonly accepted: Float64Array;
  /** Flows reset at the door. */
  readonly rejected: Float64Array;
  /** Flows served to the end. */
  readonly completed: Float64Array;
  /** Flows inside when it went down. */
  readonly lost: Float64Array;
  /** Flows taken out because their client gave up. */
  readonly cancelled: Float64Array;
  /** Flows inside when statistics began. */
  readonly insideAtStart: Float64Array;
  /** Integral of the flows inside over time, in seconds. */
  readonly insideIntegrals: Float64Array;
  /** When `insideIntegrals` was brought up to date, in seconds. */
  readonly integrated: Float64Array;
  /** Seconds that flows which are gone were inside since statistics began. */
  readonly timeSpent: Float64Array;
  /** When statistics began, in seconds: an array of one number. */
  readonly since: Float64Array;
}

const NO_LIMIT = 2 ** 31 - 1;

function workersOf({ discipline, cores = 1, workers }: ServerOptions): number {
  if (discipline === "fifo") return cores;
  return discipline === "lps" ? workers! : NO_LIMIT;
}

/**
 * Idle servers.
 *
 * @param options Of each; checked before.
 */
export function createServers(options: readonly ServerOptions[]): Servers {
  const count = options.length;
  const processors = options.map(({ cores = 1 }) => cores);
  const speeds = options.map(({ speed = 1 }) => speed);
  const diskSpeeds = options.map(({ diskSpeed = 1 }) => diskSpeed);
  return {
    count,
    stations: createStations(
      Float64Array.from([...processors, ...options.map(() => 1)]),
      Float64Array.from([...speeds, ...diskSpeeds]),
    ),
    workers: Int32Array.from(options, workersOf),
    maximumFlows: Int32Array.from(
      options,
      ({ maximumFlows = Infinity }) => Math.min(maximumFlows, NO_LIMIT),
    ),
    keepsWorker: Uint8Array.from(
      options,
      ({ discipline }) => discipline === "lps" ? 1 : 0,
    ),
    up: new Uint8Array(count).fill(1),
    inside: new Int32Array(count),
    busyWorkers: new Int32Array(count),
    first: new Int32Array(count).fill(-1),
    last: new Int32Array(count).fill(-1),
    accepted: new Float64Array(count),
    rejected: new Float64Array(count),
    completed: new Float64Array(count),
    lost: new Float64Array(count),
    cancelled: new Float64Array(count),
    insideAtStart: new Float64Array(count),
    insideIntegrals: new Float64Array(count),
    integrated: new Float64Array(count),
    timeSpent: new Float64Array(count),
    since: new Float64Array(1),
  };
}

/** Brings the integral of the flows inside up to date. */
export function integrateInside(
  servers: Servers,
  server: number,
): void {
  const now = servers.stations.clock[0];
  servers.insideIntegrals[server] += servers.inside[server] *
    (now - servers.integrated[server]);
  servers.integrated[server] = now;
}

function startService(
  servers: Servers,
  server: number,
  flows: FlowPool,
  flow: number,
): void {
  servers.busyWorkers[server]++;
  flows.phases[flow] = PHASE.processor;
  startJob(servers.stations, server, flows, flow, flows.works);
}

/** Gives a worker that has become free to the first in the line. */
function releaseWorker(
  servers: Servers,
  server: number,
  flows: FlowPool,
): void {
  servers.busyWorkers[server]--;
  const next = servers.first[server];
  if (next < 0) return;
  leaveLine(servers, server, flows, next);
  startService(servers, server, flows, next);
}

function joinLine(
  servers: Servers,
  server: number,
  flows: FlowPool,
  flow: number,
): void {
  const last = servers.last[server];
  flows.phases[flow] = PHASE.waiting;
  flows.ahead[flow] = last;
  flows.behind[flow] = -1;
  if (last < 0) servers.first[server] = flow;
  else flows.behind[last] = flow;
  servers.last[server] = flow;
}

function leaveLine(
  servers: Servers,
  server: number,
  flows: FlowPool,
  flow: number,
): void {
  const ahead = flows.ahead[flow];
  const behind = flows.behind[flow];
  if (ahead < 0) servers.first[server] = behind;
  else flows.behind[ahead] = behind;
  if (behind < 0) servers.last[server] = ahead;
  else flows.ahead[behind] = ahead;
}

/**
 * A flow knocks at its server.
 *
 * @param servers Changed.
 * @param flows The pool.
 * @param flow Row of the flow.
 * @returns false where it is reset: the server is full, or down.
 */
export function enterServer(
  servers: Servers,
  flows: FlowPool,
  flow: number,
): boolean {
  const server = flows.servers[flow];
  const inside = servers.inside[server];
  if (inside >= servers.maximumFlows[server] || servers.up[server] === 0) {
    servers.rejected[server]++;
    return false;
  }
  servers.accepted[server]++;
  integrateInside(servers, server);
  servers.inside[server] = inside + 1;
  flows.entered[flow] = servers.stations.clock[0];
  if (servers.busyWorkers[server] < servers.workers[server]) {
    startService(servers, server, flows, flow);
    planNextEnd(servers.stations, server);
  } else joinLine(servers, server, flows, flow);
  return true;
}

/** Counts a flow out. */
function leaveServer(
  servers: Servers,
  server: number,
  flows: FlowPool,
  flow: number,
): void {
  integrateInside(servers, server);
  servers.inside[server]--;
  const entered = flows.entered[flow];
  const since = servers.since[0];
  servers.timeSpent[server] += servers.stations.clock[0] -
    (entered > since ? entered : since);
}

/**
 * The job of a station that ends now goes on to the disk, or leaves.
 *
 * @param servers Changed.
 * @param flows The pool.
 * @param station Place of the station.
 * @returns Row of the flow that leaves, or -1 where none does.
 */
export function finishStage(
  servers: Servers,
  flows: FlowPool,
  station: number,
): number {
  const { count, stations } = servers;
  const flow = endJob(stations, station, flows);
  if (station >= count) {
    const server = station - count;
    planNextEnd(stations, station);
    if (servers.keepsWorker[server]) {
      advanceStation(stations, server);
      releaseWorker(servers, server, flows);
      planNextEnd(stations, server);
    }
    servers.completed[server]++;
    leaveServer(servers, server, flows, flow);
    return flow;
  }
  const ioWork = flows.ioWorks[flow];
  if (ioWork > 0) {
    flows.phases[flow] = PHASE.disk;
    startJob(stations, count + station, flows, flow, flows.ioWorks);
    planNextEnd(stations, count + station);
    if (!servers.keepsWorker[station]) {
      releaseWorker(servers, station, flows);
    }
    planNextEnd(stations, station);
    return -1;
  }
  releaseWorker(servers, station, flows);
  planNextEnd(stations, station);
  servers.completed[station]++;
  leaveServer(servers, station, flows, flow);
  return flow;
}

/**
 * Takes a flow out of its server before it is served.
 *
 * @param servers Changed.
 * @param flows The pool.
 * @param flow Row of the flow, which is in the line, on the processor or on
 * the disk.
 */
export function cancelAtServer(
  servers: Servers,
  flows: FlowPool,
  flow: number,
): void {
  const { stations } = servers;
  const server = flows.servers[flow];
  const phase = flows.phases[flow];
  if (phase === PHASE.waiting) leaveLine(servers, server, flows, flow);
  else {
    const onDisk = phase === PHASE.disk;
    const station = onDisk ? servers.count + server : server;
    dropJob(stations, station, flows, flow);
    planNextEnd(stations, station);
    if (!onDisk || servers.keepsWorker[server]) {
      advanceStation(stations, server);
      releaseWorker(servers, server, flows);
      planNextEnd(stations, server);
    }
  }
  servers.cancelled[server]++;
  leaveServer(servers, server, flows, flow);
}

/**
 * Takes all flows out of a server, those on the processor first, then those on
 * the disk, then the line.
 *
 * @param servers Changed: the server is idle afterwards.
 * @param flows The pool.
 * @param server From 0.
 * @returns Rows of the flows.
 */
export function emptyServer(
  servers: Servers,
  flows: FlowPool,
  server: number,
): Int32Array {
  const { stations, count } = servers;
  const rows = new Int32Array(servers.inside[server]);
  let length = 0;
  for (const station of [server, count + server]) {
    advanceStation(stations, station);
    const jobs = stations.jobs[station];
    for (let i = 0; i < jobs.size; i++) rows[length++] = jobs.flows[i];
    jobs.size = 0;
    planNextEnd(stations, station);
  }
  for (let flow = servers.first[server]; flow >= 0; flow = flows.behind[flow]) {
    rows[length++] = flow;
  }
  servers.first[server] = servers.last[server] = -1;
  servers.busyWorkers[server] = 0;
  for (const flow of rows) {
    servers.lost[server]++;
    leaveServer(servers, server, flows, flow);
  }
  return rows;
}

/**
 * Work inside a server that is still to be done, line and disk included: what
 * only the server itself can know.
 *
 * @param servers Not changed.
 * @param flows The pool.
 * @param server From 0.
 * @returns Seconds at speed 1.
 */
export function remainingWork(
  servers: Servers,
  flows: FlowPool,
  server: number,
): number {
  const { stations, count } = servers;
  const now = stations.clock[0];
  let work = 0;
  for (const station of [server, count + server]) {
    const jobs = stations.jobs[station];
    const virtualTime = stations.virtualTimes[station] +
      (now - stations.updated[station]) * stations.rates[station];
    for (let i = 0; i < jobs.size; i++) {
      work += Math.max(0, jobs.keys[i] - virtualTime);
      if (station === server) work += flows.ioWorks[jobs.flows[i]];
    }
  }
  for (let flow = servers.first[server]; flow >= 0; flow = flows.behind[flow]) {
    work += flows.works[flow] + flows.ioWorks[flow];
  }
  return work;
}
