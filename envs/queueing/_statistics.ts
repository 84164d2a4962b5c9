/**
 * Counts and means of a queueing simulation.
 *
 * @module
 */
import { resetCounts } from "./_counts.ts";
import { changeRetries } from "./_retries.ts";
import { integrateServer } from "./_servers.ts";
import type { Simulation } from "./_simulation.ts";

/** Means of a server since statistics began. */
export interface ServerStatistics {
  /** Mean number of waiting jobs, over time. */
  waiting: number;
  /** Mean number of busy threads, over time. */
  busy: number;
  /** Services completed. */
  completions: number;
  /** Jobs that came to its door. */
  offers: number;
  /** Share of them that found the queue full. */
  fullShare: number;
  /** Share of the time for which nobody more could come in. */
  fullTimeShare: number;
}

/** What happened since statistics began. */
export interface QueueingStatistics {
  /** Time since then. */
  duration: number;
  /** Requests made. */
  arrivals: number;
  /** Requests answered before they were given up. */
  answered: number;
  /** Requests answered within the time-out of their first attempt. */
  onTime: number;
  /** Requests given up: no retry was left or none in the budget. */
  failed: number;
  /** Retries decided. */
  retries: number;
  /** Timers that ended without an answer. */
  timeouts: number;
  /** Attempts lost, for whatever reason. */
  dropped: number;
  /** Lost because a queue was full. */
  droppedFull: number;
  /** Lost to a throttle. */
  droppedThrottle: number;
  /** Lost for want of a token. */
  droppedTokens: number;
  /** Lost because they were not admitted. */
  droppedAdmission: number;
  /** Discarded because they had waited too long. */
  shed: number;
  /** Mean time from a request to its answer; NaN without one. */
  meanLatency: number;
  /** Mean of `RowBlock.retries` over time: as `orbit`, of jobs in the orbit. */
  meanRetries: number;
  /** The servers'. */
  servers: ServerStatistics[];
}

function upToDate(simulation: Simulation): void {
  changeRetries(simulation, 0);
  for (const server of simulation.servers) integrateServer(simulation, server);
}

/** Counts and means since statistics began. */
export function statisticsOf(simulation: Simulation): QueueingStatistics {
  upToDate(simulation);
  const { counts, levels, servers, retriesIntegral } = simulation;
  const duration = simulation.clock[0] - simulation.since;
  return {
    duration,
    arrivals: counts.arrivals,
    answered: counts.answered,
    onTime: counts.onTime,
    failed: counts.failed,
    retries: counts.retries,
    timeouts: counts.timeouts,
    dropped: counts.dropped,
    droppedFull: counts.droppedFull,
    droppedThrottle: counts.droppedThrottle,
    droppedTokens: counts.droppedTokens,
    droppedAdmission: counts.droppedAdmission,
    shed: counts.shed,
    meanLatency: levels.latencySum[0] / counts.answered,
    meanRetries: retriesIntegral[0] / duration,
    servers: servers.map(({ counts }, i) => ({
      waiting: levels.waitingIntegrals[i] / duration,
      busy: levels.busyIntegrals[i] / duration,
      completions: counts.completions,
      offers: counts.offers,
      fullShare: counts.full / counts.offers,
      fullTimeShare: levels.fullTimes[i] / duration,
    })),
  };
}

/** Begins statistics anew. */
export function resetStatistics(simulation: Simulation): void {
  upToDate(simulation);
  const { counts, servers, levels, retriesIntegral } = simulation;
  simulation.since = simulation.clock[0];
  resetCounts(counts);
  for (const server of servers) resetCounts(server.counts);
  levels.latencySum[0] = 0;
  retriesIntegral[0] = 0;
  levels.waitingIntegrals.fill(0);
  levels.busyIntegrals.fill(0);
  levels.fullTimes.fill(0);
}
