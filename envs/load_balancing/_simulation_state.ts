/**
 * Saving a simulation, and going on from what was saved.
 *
 * @module
 */
import type { State, StateArray, StateValue } from "../../core/state.ts";
import { savedNumber, savedTree, savedWords } from "../_saved.ts";
import { updateCosts } from "./_balancers.ts";
import {
  type FlowHeap,
  rebuildTimetable,
  reserveHeap,
} from "./_event_queue.ts";
import { clearFlows, FLOW_COLUMNS, HOPS, reserveFlows } from "./_flow_pool.ts";
import { loadChanges, saveChanges } from "./_outages.ts";
import type { Simulation } from "./_simulation.ts";

const SIMULATION_NUMBERS = [
  "events",
  "alive",
  "aliveIntegral",
  "integrated",
  "timeAlive",
  "since",
  "started",
  "aliveAtStart",
  "oldest",
  "newest",
] as const;

const FLOW_NUMBERS = ["used", "free", "made"] as const;

const SERVER_ARRAYS = [
  "up",
  "inside",
  "busyWorkers",
  "first",
  "last",
  "accepted",
  "rejected",
  "completed",
  "lost",
  "cancelled",
  "insideAtStart",
  "insideIntegrals",
  "integrated",
  "timeSpent",
] as const;

const STATION_ARRAYS = [
  "virtualTimes",
  "updated",
  "rates",
  "busyIntegrals",
] as const;

const ARRIVAL_NUMBERS = ["time", "work", "ioWork", "kind"] as const;

type Numbers = Record<string, number>;
type Arrays = Record<
  string,
  Exclude<StateArray, BigInt64Array | BigUint64Array>
>;

function saveNumbers(source: object, names: readonly string[]): State {
  return Object.fromEntries(
    names.map((name) => [name, (source as Numbers)[name]]),
  );
}

function loadNumbers(target: object, names: readonly string[], state: State) {
  for (const name of names) {
    (target as Numbers)[name] = savedNumber(state, name);
  }
}

function saveArrays(
  source: object,
  names: readonly string[],
  length?: number,
): State {
  return Object.fromEntries(
    names.map((name) => [name, (source as Arrays)[name].slice(0, length)]),
  );
}

/** The array of this name, of the same kind as `like` and of this length. */
function savedArray<T extends StateArray>(
  state: State,
  name: string,
  { like, length }: { like: T; length?: number },
): T {
  const value = state[name];
  if (
    !(value instanceof (like.constructor as new () => T)) ||
    (length !== undefined && value.length !== length)
  ) {
    throw new TypeError(
      `Cannot restore "${name}" from ${
        describe(value)
      }, expected ${like.constructor.name}${
        length === undefined ? "" : ` of ${length}`
      }`,
    );
  }
  return value;
}

function describe(value: StateValue | undefined): string {
  return ArrayBuffer.isView(value)
    ? `${value.constructor.name} of ${(value as Uint8Array).length}`
    : value === null
    ? "null"
    : typeof value;
}

function loadArrays(
  target: object,
  names: readonly string[],
  { state, length }: { state: State; length?: number },
): void {
  for (const name of names) {
    const array = (target as Arrays)[name];
    array.set(
      savedArray(state, name, { like: array, length: length ?? array.length }),
    );
  }
}

function saveHeap(heap: FlowHeap): State {
  return {
    keys: heap.keys.slice(0, heap.size),
    flows: heap.flows.slice(0, heap.size),
  };
}

function loadHeap(heap: FlowHeap, state: State): void {
  const keys = savedArray(state, "keys", { like: heap.keys });
  const flows = savedArray(state, "flows", {
    like: heap.flows,
    length: keys.length,
  });
  reserveHeap(heap, keys.length);
  heap.size = keys.length;
  heap.keys.set(keys);
  heap.flows.set(flows);
}

/** Names of the heaps in a state: one of each station. */
const heapName = (station: number) => `station ${station}`;

/** All that the rest of the run depends on, but what options say. */
export function saveSimulation(simulation: Simulation): State {
  const { flows, servers, balancers, streams } = simulation;
  const { stations } = servers;
  return {
    simulation: {
      ...saveNumbers(simulation, SIMULATION_NUMBERS),
      moreArrivals: simulation.moreArrivals,
      clock: simulation.clock.slice(),
      ended: simulation.ended.slice(),
      changes: saveChanges(simulation.changes),
    },
    arrival: saveNumbers(simulation.arrival, ARRIVAL_NUMBERS),
    source: simulation.source.saveState(),
    flows: {
      ...saveNumbers(flows, FLOW_NUMBERS),
      ...saveArrays(flows, FLOW_COLUMNS, flows.used),
      delays: flows.delays.slice(0, flows.used * HOPS),
    },
    flowEvents: saveHeap(simulation.flowEvents),
    servers: saveArrays(servers, SERVER_ARRAYS),
    stations: {
      ...saveArrays(stations, STATION_ARRAYS),
      times: stations.timetable.times.slice(),
    },
    jobs: Object.fromEntries(
      stations.jobs.map((heap, station) => [heapName(station), saveHeap(heap)]),
    ),
    balancers: balancers.contexts.map(({ weights, counts }) => ({
      weights: weights.slice(),
      counts: counts.slice(),
    })),
    known: { up: balancers.up.slice() },
    streams: Object.fromEntries(
      Object.entries(streams).map(([name, stream]) => [
        name,
        stream.saveState(),
      ]),
    ),
  };
}

/** Goes on from a saved state of a simulation with the same options. */
export function loadSimulation(simulation: Simulation, state: State): void {
  const { flows, servers, balancers, streams } = simulation;
  const { stations } = servers;
  const part = (name: string) => savedTree(state, name);
  const saved = part("simulation");
  checkShape(simulation, state);
  loadNumbers(simulation, SIMULATION_NUMBERS, saved);
  simulation.moreArrivals = saved.moreArrivals === true;
  servers.since[0] = simulation.since;
  loadArrays(simulation, ["clock", "ended"], { state: saved });
  simulation.changes = loadChanges(
    savedArray(saved, "changes", { like: simulation.ended }),
  );
  loadNumbers(simulation.arrival, ARRIVAL_NUMBERS, part("arrival"));
  simulation.source.loadState(part("source"));
  // Rows that were not saved would otherwise show in what is saved later.
  clearFlows(flows);
  loadNumbers(flows, FLOW_NUMBERS, part("flows"));
  reserveFlows(flows, flows.used);
  loadArrays(flows, FLOW_COLUMNS, { state: part("flows"), length: flows.used });
  loadArrays(flows, ["delays"], {
    state: part("flows"),
    length: flows.used * HOPS,
  });
  loadHeap(simulation.flowEvents, part("flowEvents"));
  loadArrays(servers, SERVER_ARRAYS, { state: part("servers") });
  loadArrays(stations, STATION_ARRAYS, { state: part("stations") });
  loadArrays(stations.timetable, ["times"], { state: part("stations") });
  rebuildTimetable(stations.timetable);
  stations.jobs.forEach((heap, station) =>
    loadHeap(heap, savedTree(part("jobs"), heapName(station)))
  );
  balancers.contexts.forEach((context, balancer) =>
    loadArrays(context, ["weights", "counts"], {
      state: (state.balancers as State[])[balancer],
    })
  );
  loadArrays(balancers, ["up"], { state: part("known") });
  updateCosts(balancers);
  for (const [name, stream] of Object.entries(streams)) {
    stream.loadState(savedWords(part("streams"), name));
  }
}

/** Throws before anything is changed where another system was saved. */
function checkShape({ servers, balancers }: Simulation, state: State): void {
  const saved = state.balancers;
  const found = Array.isArray(saved) ? saved.length : 0;
  if (found !== balancers.count) {
    throw new TypeError(
      `Cannot restore ${found} balancers, expected ${balancers.count}`,
    );
  }
  savedArray(savedTree(state, "servers"), "up", {
    like: servers.up,
    length: servers.count,
  });
}
