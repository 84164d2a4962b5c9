/**
 * What a simulation has counted, and the proof that it counted right.
 *
 * @module
 */
import { type FlowPool, PHASE } from "./_flow_pool.ts";
import type { Simulation } from "./_simulation.ts";

/** Counts and means since statistics began. */
export interface SimulatorStatistics {
  /** When they began, in seconds. */
  readonly since: number;
  /** Now, in seconds. */
  readonly time: number;
  /** Events since time 0. */
  readonly events: number;
  /** Flows begun. */
  readonly started: number;
  /** Flows ended at their client, by outcome: shape [outcomes]. */
  readonly ended: Float64Array;
  /** Flows begun and not ended. */
  readonly alive: number;
  /** Mean over time of the flows begun and not ended. */
  readonly meanAlive: number;
  /** Flows that each server took in: shape [servers], as all below. */
  readonly accepted: Float64Array;
  /** Flows that it reset at the door. */
  readonly rejected: Float64Array;
  /** Flows that it served to the end. */
  readonly completed: Float64Array;
  /** Flows that were inside when it went down. */
  readonly lost: Float64Array;
  /** Flows taken out of it because their client gave up. */
  readonly cancelled: Float64Array;
  /** Flows inside now. */
  readonly inside: Int32Array;
  /** Mean over time of the flows inside. */
  readonly meanInside: Float64Array;
  /** Share of time that its cores were busy, 0 to 1. */
  readonly utilisation: Float64Array;
  /** Share of time that its disk was busy, 0 to 1. */
  readonly diskUtilisation: Float64Array;
}

/**
 * Two ways to the same number: the integral over time of the flows in a place,
 * and the sum of the times that flows spent there (the identity behind
 * Little's law, exact on every path; Stidham, Operations Research 22, 1974).
 */
export interface AuditedPlace {
  /** Integral over time of the number there, in seconds. */
  readonly integral: number;
  /** Sum of times spent there, in seconds, those still there included. */
  readonly timeSpent: number;
  /** Flows there when statistics began, and that came in since. */
  readonly in: number;
  /** Flows that have left since. */
  readonly out: number;
  /** Flows there now. */
  readonly inside: number;
}

/** What {@linkcode auditSimulation} found. */
export interface SimulatorAudit {
  /** From a client's start to its end, network included. */
  readonly total: AuditedPlace;
  /** Each server. */
  readonly servers: readonly AuditedPlace[];
  /**
   * Largest difference of integral and time spent, relative to the larger of
   * them and one flow's share of the time; rounding leaves some 1e-12.
   */
  readonly largestDifference: number;
  /**
   * Whether all differences are at most 1e-9, flows in are flows out and
   * inside, and every balancer's counts are those of the flows it sent.
   */
  readonly balanced: boolean;
}

const TOLERANCE = 1e-9;

/** Integral of a number over time, brought up to now. */
const upToNow = (integral: number, count: number, elapsed: number) =>
  integral + count * elapsed;

function insideIntegral(
  { servers, clock }: Simulation,
  server: number,
): number {
  const now = clock[0];
  return upToNow(
    servers.insideIntegrals[server],
    servers.inside[server],
    now - servers.integrated[server],
  );
}

function busyIntegral({ servers, clock }: Simulation, station: number): number {
  const now = clock[0];
  const { cores, jobs, busyIntegrals, updated } = servers.stations;
  return upToNow(
    busyIntegrals[station],
    Math.min(cores[station], jobs[station].size),
    now - updated[station],
  );
}

const aliveIntegral = (simulation: Simulation) =>
  upToNow(
    simulation.aliveIntegral,
    simulation.alive,
    simulation.clock[0] - simulation.integrated,
  );

/** Counts and means; arrays are copies. */
export function statisticsOf(simulation: Simulation): SimulatorStatistics {
  const { servers, since } = simulation;
  const now = simulation.clock[0];
  const { count, stations } = servers;
  const span = now - since;
  const perServer = (value: (server: number) => number) =>
    Float64Array.from({ length: count }, (_, server) => value(server) / span);
  return {
    since,
    time: now,
    events: simulation.events,
    started: simulation.started,
    ended: simulation.ended.slice(),
    alive: simulation.alive,
    meanAlive: aliveIntegral(simulation) / span,
    accepted: servers.accepted.slice(),
    rejected: servers.rejected.slice(),
    completed: servers.completed.slice(),
    lost: servers.lost.slice(),
    cancelled: servers.cancelled.slice(),
    inside: servers.inside.slice(),
    meanInside: perServer((server) => insideIntegral(simulation, server)),
    utilisation: perServer((server) =>
      busyIntegral(simulation, server) / stations.cores[server]
    ),
    diskUtilisation: perServer((server) =>
      busyIntegral(simulation, count + server)
    ),
  };
}

/** Begins statistics anew; flows inside count with what they spend from now. */
export function resetStatistics(simulation: Simulation): void {
  const { servers } = simulation;
  const now = simulation.clock[0];
  simulation.since = servers.since[0] = simulation.integrated = now;
  simulation.aliveIntegral = simulation.timeAlive = simulation.started = 0;
  simulation.aliveAtStart = simulation.alive;
  simulation.ended.fill(0);
  for (
    const counts of [
      servers.accepted,
      servers.rejected,
      servers.completed,
      servers.lost,
      servers.cancelled,
      servers.insideIntegrals,
      servers.timeSpent,
    ]
  ) counts.fill(0);
  servers.insideAtStart.set(servers.inside);
  servers.integrated.fill(now);
  const { stations } = servers;
  stations.busyIntegrals.fill(0);
  // Virtual time is left alone: busy time before now is taken off instead.
  for (let station = 0; station < 2 * servers.count; station++) {
    const busy = Math.min(stations.cores[station], stations.jobs[station].size);
    stations.busyIntegrals[station] = -busy * (now - stations.updated[station]);
  }
}

const isAtServer = (phase: number) =>
  phase === PHASE.waiting || phase === PHASE.processor || phase === PHASE.disk;

/** Sums of what the flows themselves say. */
interface Recount {
  alive: number;
  timeAlive: number;
  inside: Int32Array;
  timeInside: Float64Array;
  sent: Int32Array[];
}

function recount(simulation: Simulation): Recount {
  const { flows, since, servers, balancers } = simulation;
  const now = simulation.clock[0];
  const result: Recount = {
    alive: 0,
    timeAlive: 0,
    inside: new Int32Array(servers.count),
    timeInside: new Float64Array(servers.count),
    sent: balancers.contexts.map(() => new Int32Array(servers.count)),
  };
  for (let flow = 0; flow < flows.used; flow++) {
    if (flows.phases[flow] === PHASE.free) continue;
    addFlow(result, flows, { flow, now, since });
  }
  return result;
}

function addFlow(
  result: Recount,
  flows: FlowPool,
  { flow, now, since }: { flow: number; now: number; since: number },
): void {
  const phase = flows.phases[flow];
  const server = flows.servers[flow];
  if (isAtServer(phase)) {
    result.inside[server]++;
    result.timeInside[server] += now - Math.max(flows.entered[flow], since);
  }
  if (flows.orphans[flow]) return;
  result.alive++;
  result.timeAlive += now - Math.max(flows.starts[flow], since);
  if (phase !== PHASE.toBalancer && phase !== PHASE.backToClient) {
    result.sent[flows.balancers[flow]][server]++;
  }
}

function differenceOf({ integral, timeSpent }: AuditedPlace, span: number) {
  const scale = Math.max(integral, timeSpent, span);
  return scale === 0 ? 0 : Math.abs(integral - timeSpent) / scale;
}

/** Counts everything a second time, from the flows themselves. */
export function auditSimulation(simulation: Simulation): SimulatorAudit {
  const { servers, since, ended, balancers } = simulation;
  const now = simulation.clock[0];
  const flows = recount(simulation);
  const total: AuditedPlace = {
    integral: aliveIntegral(simulation),
    timeSpent: simulation.timeAlive + flows.timeAlive,
    in: simulation.aliveAtStart + simulation.started,
    out: ended.reduce((sum, count) => sum + count, 0),
    inside: flows.alive,
  };
  const places = Array.from({ length: servers.count }, (_, server) => ({
    integral: insideIntegral(simulation, server),
    timeSpent: servers.timeSpent[server] + flows.timeInside[server],
    in: servers.insideAtStart[server] + servers.accepted[server],
    out: servers.completed[server] + servers.lost[server] +
      servers.cancelled[server],
    inside: flows.inside[server],
  }));
  const all = [total, ...places];
  const largestDifference = Math.max(
    ...all.map((place) => differenceOf(place, now - since)),
  );
  return {
    total,
    servers: places,
    largestDifference,
    balanced: largestDifference <= TOLERANCE &&
      all.every((place) => place.in === place.out + place.inside) &&
      total.inside === simulation.alive &&
      places.every(({ inside }, server) => inside === servers.inside[server]) &&
      flows.sent.every((sent, balancer) =>
        sent.every((count, server) =>
          count === balancers.contexts[balancer].counts[server]
        )
      ),
  };
}
