/**
 * What happens in a queueing simulation, event by event.
 *
 * @module
 */
import { nextDraw } from "./_draws.ts";
import { dropFirstEvent } from "./_event_heap.ts";
import { changeFactors } from "./_faults.ts";
import { offerNew, planLossTimeout, retryAlongLine } from "./_first_version.ts";
import { dropFirstTimer, type TimerLine } from "./_lines.ts";
import {
  ANSWERED,
  FAILED,
  leaveBranch,
  releaseRequest,
  takeAttempt,
  takeRequest,
} from "./_pools.ts";
import {
  answer,
  changeRetries,
  decideRetry,
  onLoss,
  planArrival,
  planRetry,
  setTimer,
} from "./_retries.ts";
import {
  BEGUN,
  countLoss,
  integrateServer,
  knock,
  letIn,
  loseBranch,
  LOST,
  serveWaiting,
  THROTTLED,
} from "./_servers.ts";
import {
  CHANGE,
  CLIENTS,
  COMPLETION,
  ORBIT,
  RETRY,
  type Server,
  type Simulation,
} from "./_simulation.ts";
import { orbitArrival, orbitEvent, planOrbit } from "./_orbit_events.ts";
import { BLOCK_ROWS } from "./rows.ts";

/** Makes a new request of a client, which the caller holds. */
function makeRequest(simulation: Simulation, index: number): number {
  const { requests, counts, levels, clients } = simulation;
  const { options, maxRetries } = clients[index];
  counts.arrivals++;
  if (options.retryBudget !== undefined) {
    const { burst = 10 } = options.retryBudget;
    const ratio = levels.budgetRatios[index];
    levels.budgets[index] = ratio === Infinity
      ? Infinity
      : Math.min(burst, levels.budgets[index] + ratio);
  }
  const request = takeRequest(requests, simulation.clock, index, maxRetries);
  requests.holders[request]++;
  return request;
}

/**
 * Makes an attempt at a request, which somebody holds, as the retry model has
 * it. One that is lost at the door needs no row.
 */
function attemptRequest(simulation: Simulation, request: number): void {
  const { requests, attempts, clients, servers, model } = simulation;
  const index = requests.clients[request];
  const client = clients[index];
  const server = servers[client.server];
  const outcome = isRefused(simulation, index)
    ? LOST
    : knock(simulation, server);
  if (outcome > THROTTLED) {
    letIn(simulation, server, takeAttempt(attempts, requests, request));
  } else onLoss(simulation, request, requests.lefts[request]);
  if (model === "reference") setReferenceTimers(simulation, request, outcome);
  else if (outcome > THROTTLED || !client.answered) {
    setTimer(simulation, request);
  }
}

/** Whether an attempt is not admitted, which is counted. */
function isRefused(simulation: Simulation, client: number): boolean {
  const probability = simulation.levels.admission[client];
  const { admission } = simulation.clients[client];
  if (
    probability === 1 || admission.values[nextDraw(admission)] < probability
  ) return false;
  simulation.counts.droppedAdmission++;
  countLoss(simulation);
  return true;
}

/**
 * As the original has it: a timer where service has begun, none for a job that
 * waits, two for one that was dropped, of which a throttled one's first ends
 * at once.
 */
function setReferenceTimers(
  simulation: Simulation,
  request: number,
  outcome: number,
): void {
  if (outcome === THROTTLED) planRetry(simulation, request, 0);
  else if (outcome === LOST) setTimer(simulation, request);
  if (outcome === BEGUN || outcome <= THROTTLED) setTimer(simulation, request);
}

function arrive(simulation: Simulation, index: number): void {
  const { orbit } = simulation;
  planArrival(simulation, index);
  if (orbit === undefined) {
    const request = makeRequest(simulation, index);
    if (simulation.firstVersion) offerNew(simulation, request);
    else attemptRequest(simulation, request);
    releaseRequest(simulation.requests, request);
  } else if (orbitArrival(simulation, orbit)) {
    joinServer(simulation);
  }
}

/** Puts a job into the server of an orbit, which has room for it. */
function joinServer(simulation: Simulation): void {
  const { attempts, requests, servers, clients, clock } = simulation;
  const { maxRetries } = clients[0];
  const request = takeRequest(requests, clock, 0, maxRetries);
  servers[0].counts.offers++;
  letIn(simulation, servers[0], takeAttempt(attempts, requests, request));
}

/** Whether the first timer is for nothing: an answer or a retry came before. */
function isVoid({ requests, model }: Simulation, timers: TimerLine): boolean {
  const request = timers.requests[timers.head];
  return (requests.flags[request] & (ANSWERED | FAILED)) !== 0 ||
    (model !== "reference" &&
      requests.lefts[request] !== timers.lefts[timers.head]);
}

/** The first timer ends; of void ones, all up to one that is not. */
function endTimer(simulation: Simulation, index: number): void {
  const { clients, requests, times } = simulation;
  const { timers } = clients[index];
  if (isVoid(simulation, timers)) {
    do {
      releaseRequest(requests, timers.requests[timers.head]);
      dropFirstTimer(timers);
    } while (timers.size > 0 && isVoid(simulation, timers));
  } else {
    const request = timers.requests[timers.head];
    dropFirstTimer(timers);
    timeOut(simulation, request);
    releaseRequest(requests, request);
  }
  const place = CLIENTS + 2 * index + 1;
  if (timers.size > 0) times[place] = timers.ends[timers.head];
  else times[place] = Infinity;
}

/** Nothing has come of an attempt in time. */
function timeOut(simulation: Simulation, request: number): void {
  simulation.counts.timeouts++;
  if (simulation.model === "reference") {
    retryReference(simulation, request);
    return;
  }
  const delay = decideRetry(simulation, request);
  if (delay === 0) attemptRequest(simulation, request);
  else if (delay > 0) planRetry(simulation, request, delay);
}

/** As the original has it: any timer of a job that was never served retries. */
function retryReference(simulation: Simulation, request: number): void {
  const { requests, counts } = simulation;
  if (requests.lefts[request] === 0) return;
  requests.lefts[request]--;
  counts.retries++;
  changeRetries(simulation, 1);
  attemptRequest(simulation, request);
}

function retryDelayed(simulation: Simulation): void {
  const { delayed, requests, times } = simulation;
  const request = delayed.subjects[0];
  const place = delayed.places[0];
  dropFirstEvent(delayed);
  if (delayed.size > 0) times[RETRY] = delayed.times[0];
  else times[RETRY] = Infinity;
  if ((requests.flags[request] & ANSWERED) === 0) {
    if (simulation.firstVersion) retryAlongLine(simulation, request, place);
    else if (simulation.model === "reference") timeOut(simulation, request);
    else attemptRequest(simulation, request);
  }
  releaseRequest(requests, request);
}

/** A service is completed. */
function complete(simulation: Simulation): void {
  const { completions, times, servers, attempts } = simulation;
  const attempt = completions.subjects[0];
  const server = servers[completions.places[0]];
  dropFirstEvent(completions);
  if (completions.size > 0) times[COMPLETION] = completions.times[0];
  else times[COMPLETION] = Infinity;
  integrateServer(simulation, server);
  server.busy--;
  server.counts.completions++;
  if (
    server.next.length === 0 && attempts.branches[attempt] === 1 &&
    attempts.lost[attempt] === 0
  ) settle(simulation, attempt);
  if (simulation.sink !== undefined) writeRow(simulation, server, attempt);
  serveWaiting(simulation, server);
  leave(simulation, server, attempt);
}

/** The last branch of an attempt is served: the request has its answer. */
function settle(simulation: Simulation, attempt: number): void {
  const { attempts, requests, clients, model } = simulation;
  const request = attempts.requests[attempt];
  answer(simulation, request);
  if (
    model === "reference" &&
    requests.lefts[request] < clients[requests.clients[request]].maxRetries
  ) changeRetries(simulation, -1);
}

/** An attempt goes from a server to those that follow. */
function leave(
  simulation: Simulation,
  server: Server,
  attempt: number,
): void {
  const { attempts, requests, servers, firstVersion } = simulation;
  const { next } = server;
  for (let i = 0; i < next.length && attempts.lost[attempt] === 0; i++) {
    const follower = servers[next[i]];
    const visit = attempt * attempts.servers + follower.index;
    if (++attempts.joined[visit] === follower.inDegree) {
      if (knock(simulation, follower) > THROTTLED) {
        letIn(simulation, follower, attempt, firstVersion);
      } else {
        loseBranch(simulation, attempt);
        if (firstVersion) {
          planLossTimeout(simulation, attempts.requests[attempt], follower);
        }
      }
    }
  }
  leaveBranch(attempts, requests, attempt);
}

function writeRow(
  simulation: Simulation,
  { index, line }: Server,
  attempt: number,
): void {
  const { rows, attempts, requests, model } = simulation;
  const now = simulation.clock[0];
  const request = attempts.requests[attempt];
  const row = rows.size++;
  rows.server[row] = index;
  rows.timestamp[row] = now;
  rows.latency[row] = now - requests.created[request];
  rows.queueLength[row] = line.size;
  rows.retries[row] = simulation.retries;
  rows.dropped[row] = simulation.dropped;
  rows.retriesLeft[row] = model === "reference"
    ? requests.lefts[request]
    : attempts.lefts[attempt];
  rows.serviceTime[row] = now -
    attempts.started[attempt * attempts.servers + index];
  if (rows.size === BLOCK_ROWS) flushRows(simulation);
}

/** Hands on the rows that are there. */
export function flushRows({ rows, sink }: Simulation): void {
  if (rows.size === 0) return;
  sink?.(rows);
  rows.size = 0;
}

/** Lets what is rare of {@linkcode advance} happen. */
function happenRarely(simulation: Simulation, place: number): void {
  if (place === RETRY) retryDelayed(simulation);
  else if (place === ORBIT) {
    if (orbitEvent(simulation)) joinServer(simulation);
    planOrbit(simulation);
  } else changeFactors(simulation);
}

/**
 * Lets events happen until a time, or a number of them.
 *
 * @returns How many there were.
 */
export function advance(
  simulation: Simulation,
  until: number,
  count: number,
): number {
  const { clock, times } = simulation;
  const places = times.length;
  let done = 0;
  while (done < count) {
    let next = COMPLETION;
    let time = times[COMPLETION];
    // First by name what there is always: a loop over places costs more.
    if (times[CHANGE] <= time) {
      time = times[CHANGE];
      next = CHANGE;
    }
    if (times[RETRY] < time) {
      time = times[RETRY];
      next = RETRY;
    }
    if (times[ORBIT] < time) {
      time = times[ORBIT];
      next = ORBIT;
    }
    for (let place = CLIENTS; place < places; place += 2) {
      if (times[place] < time) {
        time = times[place];
        next = place;
      }
      if (times[place + 1] < time) {
        time = times[place + 1];
        next = place + 1;
      }
    }
    if (!(time <= until) || time === Infinity) break;
    clock[0] = time;
    if (next >= CLIENTS) {
      const client = (next - CLIENTS) >> 1;
      if (((next - CLIENTS) & 1) === 0) arrive(simulation, client);
      else endTimer(simulation, client);
    } else if (next === COMPLETION) complete(simulation);
    else happenRarely(simulation, next);
    done++;
  }
  simulation.events += done;
  return done;
}
