/**
 * Faults: what they multiply, while they last.
 *
 * @module
 */
import { refreshOrbit } from "./_orbit_events.ts";
import { planArrival } from "./_retries.ts";
import { changeSpeed, changeThreads } from "./_servers.ts";
import {
  CHANGE,
  CLIENTS,
  type Server,
  type Simulation,
} from "./_simulation.ts";

/** Product of the factors of the faults that are on now. */
function factorNow(
  { faults, clock }: Simulation,
  target: string,
  index: number,
): number {
  const now = clock[0];
  let factor = 1;
  for (const fault of faults) {
    if (
      fault.target === target && (fault.index ?? index) === index &&
      now >= fault.start && now < fault.start + fault.duration
    ) factor *= fault.factor;
  }
  return factor;
}

/** Threads of a server now. */
export function threadsNow(simulation: Simulation, server: Server): number {
  const { options: { threads = 1 }, index } = server;
  return Math.floor(threads * factorNow(simulation, "capacity", index)) +
    simulation.levels.extraThreads[index];
}

/**
 * Gives a client another arrival rate. The time to its next arrival shrinks or
 * grows with it, which leaves a Poisson process one; the original keeps the
 * gap that was drawn before.
 */
function changeArrivalRate(
  simulation: Simulation,
  index: number,
  rate: number,
): void {
  const { levels, times, model } = simulation;
  const now = simulation.clock[0];
  const place = CLIENTS + 2 * index;
  const before = levels.arrivalRates[index];
  if (rate === before) return;
  levels.arrivalRates[index] = rate;
  if (before === 0) planArrival(simulation, index);
  else if (model !== "reference" || rate === 0) {
    times[place] = now + (times[place] - now) * before / rate;
  }
}

/** Applies the faults that are on at the clock's time. */
export function applyFaults(simulation: Simulation): void {
  const { clients, servers } = simulation;
  for (let i = 0; i < clients.length; i++) {
    const { arrivalRate } = clients[i].options;
    const factor = factorNow(simulation, "arrivalRate", i);
    changeArrivalRate(simulation, i, arrivalRate * factor);
  }
  for (const server of servers) {
    const factor = factorNow(simulation, "serviceRate", server.index);
    changeSpeed(simulation, server, factor);
    changeThreads(simulation, server, threadsNow(simulation, server));
  }
  refreshOrbit(simulation);
}

/** A moment at which factors change has come. */
export function changeFactors(simulation: Simulation): void {
  const { changes, times } = simulation;
  const next = ++simulation.nextChange;
  times[CHANGE] = next < changes.length ? changes[next] : Infinity;
  applyFaults(simulation);
}
