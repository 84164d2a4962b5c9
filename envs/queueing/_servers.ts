/**
 * What happens at a server: admission, waiting, service, loss.
 *
 * @module
 */
import { nextDraw } from "./_draws.ts";
import { planEvent, reorderEvents } from "./_event_heap.ts";
import { joinLine, takeNewest, takeOldest } from "./_lines.ts";
import { leaveBranch } from "./_pools.ts";
import { onLoss } from "./_retries.ts";
import { COMPLETION, type Server, type Simulation } from "./_simulation.ts";
import type { ThrottleOptions, TokenBucketOptions } from "./options.ts";

/** What becomes of a job at the door: lost, for want of room or by rule. */
export const LOST = 0;
/** Lost, by the throttle. */
export const THROTTLED = 1;
/** It waits. */
export const WAITS = 2;
/** Its service begins. */
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
  late: boolean,
): void {
  const { attempts, completions, times, levels } = simulation;
  const { index } = server;
  const now = simulation.clock[0];
  const visit = attempt * attempts.servers + index;
  const { services } = server;
  const delay = late ? services.values[nextDraw(services)] : 0;
  const work = services.values[nextDraw(services)];
  server.busy++;
  attempts.started[visit] = now + delay;
  attempts.workLeft[visit] = delay + work;
  completions.due[0] = now + (delay + work) / levels.speeds[index];
  planEvent(completions, attempt, index);
  times[COMPLETION] = completions.times[0];
}

/** Takes jobs from the line while threads are free. */
export function serveWaiting(simulation: Simulation, server: Server): void {
  const { line, newestFirst, maximumWait, index } = server;
  const { attempts, requests } = simulation;
  while (line.size > 0 && server.busy < server.threads) {
    const attempt = newestFirst ? takeNewest(line) : takeOldest(line);
    const visit = attempt * attempts.servers + index;
    if (simulation.clock[0] - attempts.entered[visit] > maximumWait) {
      simulation.counts.shed++;
      countLoss(simulation);
      loseBranch(simulation, attempt);
      leaveBranch(attempts, requests, attempt);
    } else beginService(simulation, server, attempt, false);
  }
}

/** Whether the server has a token, which is taken. */
function takeToken(
  simulation: Simulation,
  index: number,
  { capacity, refillRate }: TokenBucketOptions,
): boolean {
  const { tokens, tokenTimes } = simulation.levels;
  const now = simulation.clock[0];
  const filled = tokens[index] + (now - tokenTimes[index]) * refillRate;
  tokens[index] = Math.min(capacity, filled);
  tokenTimes[index] = now;
  if (tokens[index] < 1) return false;
  tokens[index]--;
  return true;
}

/** Whether the throttle turns a job away. */
function isThrottled(
  simulation: Simulation,
  server: Server,
  { threshold = 0.9, admitProbability = 0.5, from = 0 }: ThrottleOptions,
): boolean {
  if (simulation.clock[0] < from) return false;
  const { size } = server.line;
  return size >= threshold * server.queueCapacity &&
    size < server.queueCapacity &&
    server.admission.values[nextDraw(server.admission)] >= admitProbability;
}

/**
 * What becomes of a job at a server's door; a loss is counted.
 *
 * @returns {@linkcode LOST}, {@linkcode THROTTLED}, {@linkcode WAITS} or
 * {@linkcode BEGUN}; in the last two cases it is to be let in.
 */
export function knock(simulation: Simulation, server: Server): number {
  const { counts } = simulation;
  const { line, tokenBucket, throttle } = server;
  server.counts.offers++;
  if (
    tokenBucket !== undefined &&
    !takeToken(simulation, server.index, tokenBucket)
  ) {
    counts.droppedTokens++;
    countLoss(simulation);
    return LOST;
  }
  if (server.busy < server.threads) return BEGUN;
  if (throttle !== undefined && isThrottled(simulation, server, throttle)) {
    counts.droppedThrottle++;
    countLoss(simulation);
    return THROTTLED;
  }
  if (line.size < server.queueCapacity) return WAITS;
  counts.droppedFull++;
  server.counts.full++;
  countLoss(simulation);
  return LOST;
}

/** One attempt more that is lost, or a part of one. */
export function countLoss(simulation: Simulation): void {
  simulation.counts.dropped++;
  simulation.dropped++;
}

/**
 * Lets an attempt in, to wait or to be served.
 *
 * @param late Whether a service that can begin at once does so one more
 * service time later, as in the original's first version. Default not.
 */
export function letIn(
  simulation: Simulation,
  server: Server,
  attempt: number,
  late = false,
): void {
  const { attempts, clock } = simulation;
  integrateServer(simulation, server);
  attempts.branches[attempt]++;
  attempts.entered[attempt * attempts.servers + server.index] = clock[0];
  if (server.busy < server.threads) {
    beginService(simulation, server, attempt, late);
  } else joinLine(server.line, attempt);
}

/** A branch of an attempt is lost; its request cannot be answered by it. */
export function loseBranch(simulation: Simulation, attempt: number): void {
  const { attempts } = simulation;
  if (attempts.lost[attempt] !== 0) return;
  attempts.lost[attempt] = 1;
  onLoss(simulation, attempts.requests[attempt], attempts.lefts[attempt]);
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
