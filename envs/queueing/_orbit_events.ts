/**
 * Events of the retry model `orbit`: the transitions of the Markov chain.
 *
 * @module
 */
import { nextDraw } from "./_draws.ts";
import type { Orbit } from "./_orbit.ts";
import { changeRetries } from "./_retries.ts";
import { timeoutProbabilities } from "./timeout_probability.ts";
import { ORBIT, type Server, type Simulation } from "./_simulation.ts";

/** Puts one job more into the orbit, or takes one out. */
export function changeOrbit(simulation: Simulation, by: number): void {
  const { times, orbit } = simulation;
  if (orbit === undefined) return;
  const now = simulation.clock[0];
  const jobs = simulation.retries;
  if (jobs > 0) {
    orbit.left[0] = (times[ORBIT] - now) * jobs * orbit.leaveRate;
  }
  changeRetries(simulation, by);
  schedule(simulation, orbit);
}

function schedule(simulation: Simulation, orbit: Orbit): void {
  const rate = simulation.retries * orbit.leaveRate;
  const { times, clock } = simulation;
  if (rate > 0) times[ORBIT] = clock[0] + orbit.left[0] / rate;
  else times[ORBIT] = Infinity;
}

/** Draws when the next job leaves the orbit. */
export function planOrbit(simulation: Simulation): void {
  const { orbit } = simulation;
  if (orbit === undefined) return;
  orbit.left[0] = orbit.waits.values[nextDraw(orbit.waits)];
  schedule(simulation, orbit);
}

/** A uniform variate. */
function choice({ choices }: Orbit): number {
  return choices.values[nextDraw(choices)];
}

/** Jobs at the only server. */
function jobsAt({ busy, line }: Server): number {
  return busy + line.size;
}

/** Most jobs that there may be, K. */
function roomOf({ threads, queueCapacity }: Server): number {
  return threads + queueCapacity;
}

/**
 * One of the arrivals that come at rate lambda (1 + alpha): a new job, or with
 * probability alpha / (1 + alpha) the shadow of a slow one, which comes only
 * with the probability of a time-out and is in queue and orbit both.
 *
 * @returns Whether a job joins the server.
 */
export function orbitArrival(simulation: Simulation, orbit: Orbit): boolean {
  const { counts } = simulation;
  const server = simulation.servers[0];
  const jobs = jobsAt(server);
  const isNew = choice(orbit) * (1 + orbit.alpha) < 1;
  const hasRoom = simulation.retries < orbit.capacity;
  if (jobs < roomOf(server)) {
    if (isNew) {
      counts.arrivals++;
      return true;
    }
    const probability = orbit.timeoutProbability[jobs];
    if (!hasRoom || choice(orbit) >= probability) return false;
    counts.timeouts++;
    changeOrbit(simulation, 1);
    return true;
  }
  if (isNew) {
    counts.arrivals++;
    if (orbit.whenFull === "return" && hasRoom) changeOrbit(simulation, 1);
    else loseAtFull(simulation);
  } else if (orbit.whenFull === "spawn" && hasRoom) changeOrbit(simulation, 1);
  return false;
}

/** Computes time-out probabilities anew, after speed or threads have changed. */
export function refreshOrbit(simulation: Simulation): void {
  const { orbit, servers: [server], levels } = simulation;
  if (orbit === undefined) return;
  const serviceRate = levels.speeds[0] / server.meanService;
  orbit.timeoutProbability = timeoutProbabilities(orbit.kind, roomOf(server), {
    serviceRate,
    threads: server.threads,
    timeout: levels.timeouts[0],
  });
}

function loseAtFull(simulation: Simulation): void {
  simulation.dropped++;
  simulation.counts.dropped++;
  simulation.counts.droppedFull++;
}

/**
 * A job of the orbit is given up or tried again.
 *
 * @returns Whether a job joins the server.
 */
export function orbitEvent(simulation: Simulation): boolean {
  const { orbit, counts } = simulation;
  if (orbit === undefined) return false;
  const server = simulation.servers[0];
  const jobs = jobsAt(server);
  if (choice(orbit) < orbit.giveUpShare) {
    counts.failed++;
    changeRetries(simulation, -1);
    return false;
  }
  if (jobs < roomOf(server)) {
    const stays = jobs > 0 &&
      choice(orbit) < orbit.timeoutProbability[jobs];
    if (!stays) changeRetries(simulation, -1);
    counts.retries++;
    return true;
  }
  if (orbit.whenFull === "lose") {
    changeRetries(simulation, -1);
    loseAtFull(simulation);
  } else if (
    orbit.whenFull === "spawn" && simulation.retries < orbit.capacity &&
    choice(orbit) < orbit.alpha
  ) changeRetries(simulation, 1);
  return false;
}
