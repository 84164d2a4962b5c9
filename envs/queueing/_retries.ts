/**
 * What clients decide: when a request comes, is answered, retried or given up.
 *
 * Nothing here offers anything to a server; `_events.ts` does, when a timer
 * ends or a delayed retry is due.
 *
 * @module
 */
import { nextDraw } from "./_draws.ts";
import { planEvent } from "./_event_heap.ts";
import { startTimer } from "./_lines.ts";
import { ANSWERED, FAILED, RETRIED } from "./_pools.ts";
import { type Client, CLIENTS, RETRY, type Simulation } from "./_simulation.ts";

/** Changes the rows' count of retries, and its integral before. */
export function changeRetries(simulation: Simulation, by: number): void {
  const { retriesIntegral } = simulation;
  const now = simulation.clock[0];
  retriesIntegral[0] += (now - retriesIntegral[1]) * simulation.retries;
  retriesIntegral[1] = now;
  simulation.retries += by;
}

/** Draws when a client's next request comes. */
export function planArrival(simulation: Simulation, index: number): void {
  const { clients, levels, times, orbit } = simulation;
  const rate = levels.arrivalRates[index] * (1 + (orbit?.alpha ?? 0));
  const { gaps } = clients[index];
  const place = CLIENTS + 2 * index;
  if (rate > 0) {
    times[place] = simulation.clock[0] + gaps.values[nextDraw(gaps)] / rate;
  } else times[place] = Infinity;
}

/** Starts a client's timer for a request, which it holds. */
export function setTimer(simulation: Simulation, request: number): void {
  const { requests, clients, times } = simulation;
  const index = requests.clients[request];
  const { timers } = clients[index];
  requests.holders[request]++;
  const place = startTimer(timers, request, requests.lefts[request]);
  timers.ends[place] = simulation.clock[0] + simulation.levels.timeouts[index];
  if (timers.size === 1) {
    times[CLIENTS + 2 * index + 1] = timers.ends[timers.head];
  }
}

/**
 * Plans a retry, which holds the request.
 *
 * @param server Where, in the original's first version. Default 0.
 */
export function planRetry(
  simulation: Simulation,
  request: number,
  delay: number,
  server = 0,
): void {
  const { requests, delayed, times } = simulation;
  requests.holders[request]++;
  delayed.due[0] = simulation.clock[0] + delay;
  planEvent(delayed, request, server);
  times[RETRY] = delayed.times[0];
}

/** An answer has come in; only the first one counts. */
export function answer(simulation: Simulation, request: number): void {
  const { requests, counts, levels } = simulation;
  const flags = requests.flags[request];
  if ((flags & (ANSWERED | FAILED)) !== 0) return;
  const time = simulation.clock[0] - requests.created[request];
  requests.flags[request] = flags | ANSWERED;
  counts.answered++;
  levels.latencySum[0] += time;
  if (time <= levels.timeouts[requests.clients[request]]) {
    counts.onTime++;
  }
  if ((flags & RETRIED) !== 0 && simulation.model === "attempt") {
    changeRetries(simulation, -1);
  }
}

function fail(simulation: Simulation, request: number): void {
  const { requests, counts } = simulation;
  const flags = requests.flags[request];
  requests.flags[request] = flags | FAILED;
  counts.failed++;
  if ((flags & RETRIED) !== 0) changeRetries(simulation, -1);
}

/** Takes one retry from the client's budget, if it has one. */
function takeFromBudget(simulation: Simulation, index: number): boolean {
  const { budgets } = simulation.levels;
  if (budgets[index] < 1) return false;
  budgets[index]--;
  return true;
}

/** Delay before a retry, the `count`-th. */
function backoffDelay({ options, jitter }: Client, count: number): number {
  const { backoff } = options;
  if (backoff === undefined) return 0;
  const { base, factor = 2, maximum = Infinity, jitter: kind = "full" } =
    backoff;
  const delay = Math.min(maximum, base * factor ** (count - 1));
  if (kind === "none") return delay;
  const share = jitter.values[nextDraw(jitter)];
  return kind === "full" ? delay * share : delay * (1 + share) / 2;
}

/**
 * Decides on another attempt at a request that is neither answered nor given
 * up: a retry is used up, or the request fails.
 *
 * @returns Delay before the retry, or -1.
 */
export function decideRetry(simulation: Simulation, request: number): number {
  const { requests, counts, clients } = simulation;
  const index = requests.clients[request];
  const client = clients[index];
  if (requests.lefts[request] === 0 || !takeFromBudget(simulation, index)) {
    fail(simulation, request);
    return -1;
  }
  const left = --requests.lefts[request];
  counts.retries++;
  if ((requests.flags[request] & RETRIED) === 0) {
    requests.flags[request] |= RETRIED;
    changeRetries(simulation, 1);
  }
  return backoffDelay(client, client.maxRetries - left);
}

/**
 * An attempt was lost, made when `left` retries were left: the client may be
 * told.
 */
export function onLoss(
  simulation: Simulation,
  request: number,
  left: number,
): void {
  const { requests, clients, model } = simulation;
  if (model !== "attempt") return;
  if (!clients[requests.clients[request]].answered) return;
  // Of an older attempt, or too late: nobody listens any more.
  if (left !== requests.lefts[request]) return;
  if ((requests.flags[request] & (ANSWERED | FAILED)) !== 0) return;
  const delay = decideRetry(simulation, request);
  if (delay >= 0) planRetry(simulation, request, delay);
}
