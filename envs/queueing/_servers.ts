/**
 * What happens at a server: admission, waiting, service, loss.
 *
 * @module
 */
import { nextDraw } from "./_draws.ts";
import { planEvent, reorderEvents } from "./_event_heap.ts";
import { joinLine, takeNewest, takeOldest } from "./_lines.ts";
import { releaseAttempt } from "./_pools.ts";
import { onLoss } from "./_retries.ts";
import {
  COMPLETION,
  COUNT,
  type Server,
  type Simulation,
} from "./_simulation.ts";

/** What became of an offer: lost, for want of room or by rule. */
export const LOST = 0;
/** Lost, by the throttle. */
export const THROTTLED = 1;
/** It waits. */
export const WAITS = 2;
/** Its service has begun. */
export const BEGUN = 3;

/** Brings a server's integrals up to date, before its jobs change. */
export function integrateServer(
  simulation: Simulation,
  { index, line, busy, threads, queueCapacity }: Server,
): void {
  const { levels } = simulation;
  const now = simulation.clock[0];
  const elapsed = now - levels.integrated[index];
  levels.integrated[index] = now;
  levels.waitingIntegrals[index] += elapsed * line.size;
  levels.busyIntegrals[index] += elapsed * busy;
  if (line.size >= queueCapacity && busy >= threads) {
    levels.fullTimes[index] += elapsed;
  }
}

function beginService(
  simulation: Simulation,
  server: Server,
  attempt: number,
): void {
  const { attempts, completions, times, levels } = simulation;
  const { index } = server;
  const now = simulation.clock[0];
  const visit = attempt * attempts.servers + index;
  const { services } = server;
  const work = services.values[nextDraw(services)];
  server.busy++;
  attempts.started[visit] = now;
  attempts.workLeft[visit] = work;
  completions.due[0] = now + work / levels.speeds[index];
  planEvent(completions, attempt, index);
  times[COMPLETION] = completions.times[0];
}

/** Takes jobs from the line while threads are free. */
export function serveWaiting(simulation: Simulation, server: Server): void {
  const { line, newestFirst, maximumWait, index } = server;
  const { attempts } = simulation;
  while (line.size > 0 && server.busy < server.threads) {
    const attempt = newestFirst ? takeNewest(line) : takeOldest(line);
    const visit = attempt * attempts.servers + index;
    if (simulation.clock[0] - attempts.entered[visit] > maximumWait) {
      simulation.counts[COUNT.shed]++;
      loseBranch(simulation, attempt);
    } else beginService(simulation, server, attempt);
  }
}

/** Whether the server has a token, which is taken. */
function takeToken(simulation: Simulation, server: Server): boolean {
  const bucket = server.options.tokenBucket;
  if (bucket === undefined) return true;
  const { tokens, tokenTimes } = simulation.levels;
  const { index } = server;
  const now = simulation.clock[0];
  const filled = tokens[index] + (now - tokenTimes[index]) * bucket.refillRate;
  tokens[index] = Math.min(bucket.capacity, filled);
  tokenTimes[index] = now;
  if (tokens[index] < 1) return false;
  tokens[index]--;
  return true;
}

/** Whether the throttle turns a job away. */
function isThrottled(simulation: Simulation, server: Server): boolean {
  const { throttle } = server.options;
  if (throttle === undefined) return false;
  const { threshold = 0.9, admitProbability = 0.5, from = 0 } = throttle;
  if (simulation.clock[0] < from) return false;
  const { size } = server.line;
  return size >= threshold * server.queueCapacity &&
    size < server.queueCapacity &&
    server.admission.values[nextDraw(server.admission)] >= admitProbability;
}

/**
 * Offers an attempt to a server.
 *
 * @returns {@linkcode LOST}, {@linkcode THROTTLED}, {@linkcode WAITS} or
 * {@linkcode BEGUN}. A lost attempt is gone where it had no other branch.
 */
export function offer(
  simulation: Simulation,
  server: Server,
  attempt: number,
): number {
  const { attempts, counts, levels } = simulation;
  const { index, line } = server;
  integrateServer(simulation, server);
  attempts.branches[attempt]++;
  levels.offers[index]++;
  if (!takeToken(simulation, server)) {
    counts[COUNT.droppedTokens]++;
    loseBranch(simulation, attempt);
    return LOST;
  }
  const visit = attempt * attempts.servers + index;
  attempts.entered[visit] = simulation.clock[0];
  if (server.busy < server.threads) {
    beginService(simulation, server, attempt);
    return BEGUN;
  }
  if (isThrottled(simulation, server)) {
    counts[COUNT.droppedThrottle]++;
    loseBranch(simulation, attempt);
    return THROTTLED;
  }
  if (line.size >= server.queueCapacity) {
    counts[COUNT.droppedFull]++;
    levels.full[index]++;
    loseBranch(simulation, attempt);
    return LOST;
  }
  joinLine(line, attempt);
  return WAITS;
}

/** One branch of an attempt is no more; its request cannot be answered by it. */
export function loseBranch(simulation: Simulation, attempt: number): void {
  const { attempts, requests, counts } = simulation;
  counts[COUNT.dropped]++;
  simulation.dropped++;
  const first = attempts.lost[attempt] === 0;
  attempts.lost[attempt] = 1;
  if (first) onLoss(simulation, attempt);
  if (--attempts.branches[attempt] === 0) {
    releaseAttempt(attempts, requests, attempt);
  }
}

/** Gives a server another speed; services under way go on at it. */
export function changeSpeed(
  simulation: Simulation,
  server: Server,
  speed: number,
): void {
  const { attempts, completions, levels } = simulation;
  const { index } = server;
  const now = simulation.clock[0];
  const before = levels.speeds[index];
  if (speed === before) return;
  levels.speeds[index] = speed;
  for (let i = 0; i < completions.size; i++) {
    if (completions.places[i] !== index) continue;
    const visit = completions.subjects[i] * attempts.servers + index;
    if (before > 0) {
      attempts.workLeft[visit] = (completions.times[i] - now) * before;
    }
    completions.times[i] = now + attempts.workLeft[visit] / speed;
  }
  reorderEvents(completions);
  if (completions.size > 0) {
    simulation.times[COMPLETION] = completions.times[0];
  }
}

/** Gives a server another number of threads; services under way are finished. */
export function changeThreads(
  simulation: Simulation,
  server: Server,
  threads: number,
): void {
  integrateServer(simulation, server);
  server.threads = threads;
  serveWaiting(simulation, server);
}
