/**
 * Counts and means of a queueing simulation.
 *
 * @module
 */
import {
  type QueueingCounts,
  resetCounts,
  type ServerCounts,
} from "./_counts.ts";
import { changeRetries } from "./_retries.ts";
import { integrateServer } from "./_servers.ts";
import type { Simulation } from "./_simulation.ts";

export type { QueueingCounts, ServerCounts };

/** Means of a server since statistics began. */
export interface ServerStatistics
  extends Pick<ServerCounts, "completions" | "offers"> {
  /** Mean number of waiting jobs, over time. */
  waiting: number;
  /** Mean number of busy threads, over time. */
  busy: number;
  /** Share of offers that found the queue full. */
  fullShare: number;
  /** Share of the time for which nobody more could come in. */
  fullTimeShare: number;
}

/** What happened since statistics began. */
export interface QueueingStatistics extends QueueingCounts {
  /** Time since then. */
  duration: number;
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
    ...counts,
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
