/**
 * Saving and restoring a queueing simulation.
 *
 * @module
 */
import type { State } from "../../core/state.ts";
import { copySavedFloats, savedNumber, savedTree } from "../_saved.ts";
import { loadCounts } from "./_counts.ts";
import { type Draws, loadDraws, saveDraws } from "./_draws.ts";
import { loadEvents, saveEvents } from "./_event_heap.ts";
import { flushRows } from "./_events.ts";
import {
  loadTimerLine,
  loadWaitingLine,
  saveTimerLine,
  saveWaitingLine,
} from "./_lines.ts";
import { refreshOrbit } from "./_orbit_events.ts";
import { loadPool, savePool } from "./_pools.ts";
import { savedArray } from "./_saved_arrays.ts";
import type { Simulation } from "./_simulation.ts";

const NUMBERS = [
  "events",
  "since",
  "dropped",
  "retries",
  "nextChange",
] as const;

/** Arrays of fixed length, by name. */
function arraysOf(simulation: Simulation): [string, Float64Array][] {
  const { clock, times, retriesIntegral, levels, orbit } = simulation;
  return [
    ...Object.entries({ clock, times, retriesIntegral }),
    ...Object.entries(levels),
    ...(orbit ? [["orbitLeft", orbit.left] as [string, Float64Array]] : []),
  ];
}

/** All streams, by name. */
function streamsOf(simulation: Simulation): [string, Draws][] {
  const { clients, servers, orbit } = simulation;
  return [
    ...clients.flatMap(({ gaps, jitter, admission }, i) =>
      Object.entries({ gaps, jitter, admission }).map(
        ([name, draws]): [string, Draws] => [`client${i}.${name}`, draws],
      )
    ),
    ...servers.flatMap(({ services, admission }, i) =>
      Object.entries({ services, admission }).map(
        ([name, draws]): [string, Draws] => [`server${i}.${name}`, draws],
      )
    ),
    ...(orbit
      ? Object.entries({ waits: orbit.waits, choices: orbit.choices })
      : []),
  ];
}

/** All that the rest of the run depends on; rows that wait are handed on. */
export function saveSimulation(simulation: Simulation): State {
  flushRows(simulation);
  const { requests, attempts, completions, delayed } = simulation;
  const streams: State = {};
  for (const [name, draws] of streamsOf(simulation)) {
    streams[name] = saveDraws(draws);
  }
  const arrays: State = {};
  for (const [name, array] of arraysOf(simulation)) {
    arrays[name] = array.slice();
  }
  const state: State = {
    arrays,
    streams,
    counts: { ...simulation.counts },
    serverCounts: simulation.servers.map(({ counts }) => ({ ...counts })),
    requests: savePool(requests),
    attempts: savePool(attempts),
    completions: saveEvents(completions),
    delayed: saveEvents(delayed),
    timers: simulation.clients.map(({ timers }) => saveTimerLine(timers)),
    waiting: simulation.servers.map(({ line }) => saveWaitingLine(line)),
    busy: Int32Array.from(simulation.servers, ({ busy }) => busy),
    threads: Int32Array.from(simulation.servers, ({ threads }) => threads),
  };
  for (const name of NUMBERS) state[name] = simulation[name];
  return state;
}

function savedList(state: State, name: string, length: number): State {
  const value = state[name];
  if (!Array.isArray(value) || value.length !== length) {
    throw new TypeError(
      `Cannot restore "${name}", expected a list of ${length}`,
    );
  }
  return Object.fromEntries(value.entries());
}

/** Goes on from a saved state. */
export function loadSimulation(simulation: Simulation, state: State): void {
  const { clients, servers } = simulation;
  for (const name of NUMBERS) simulation[name] = savedNumber(state, name);
  const arrays = savedTree(state, "arrays");
  for (const [name, array] of arraysOf(simulation)) {
    copySavedFloats(arrays, name, array);
  }
  const streams = savedTree(state, "streams");
  for (const [name, draws] of streamsOf(simulation)) {
    loadDraws(draws, savedTree(streams, name));
  }
  loadPool(simulation.requests, savedTree(state, "requests"));
  loadPool(simulation.attempts, savedTree(state, "attempts"));
  loadEvents(simulation.completions, savedTree(state, "completions"));
  loadEvents(simulation.delayed, savedTree(state, "delayed"));
  const timers = savedList(state, "timers", clients.length);
  clients.forEach((client, i) =>
    loadTimerLine(client.timers, savedTree(timers, String(i)))
  );
  loadCounts(simulation.counts, savedTree(state, "counts"));
  const counts = savedList(state, "serverCounts", servers.length);
  const waiting = savedList(state, "waiting", servers.length);
  const busy = savedArray(state, "busy", Int32Array, servers.length);
  const threads = savedArray(state, "threads", Int32Array, servers.length);
  servers.forEach((server, i) => {
    loadCounts(server.counts, savedTree(counts, String(i)));
    loadWaitingLine(server.line, savedArray(waiting, String(i), Int32Array));
    server.busy = busy[i];
    server.threads = threads[i];
  });
  simulation.rows.size = 0;
  refreshOrbit(simulation);
}
