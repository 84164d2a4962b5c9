/**
 * Stations: cores, or a disk, that the jobs on them share equally.
 *
 * With k jobs on c cores of speed v each job runs at v min(1, c / k). Instead
 * of lowering what is left of every job, a station keeps the work V that a job
 * present all the time would have had (virtual time: Kleinrock, "Queueing
 * Systems" vol. 2, 1976, ch. 4; Parekh and Gallager 1993). A job that
 * comes at V with work w ends when V reaches V + w, so the jobs' order of
 * ending never changes, and an event costs O(log k).
 *
 * @module
 */
import type { FlowPool } from "./_flow_pool.ts";
import {
  createFlowHeap,
  createTimetable,
  type FlowHeap,
  openPlace,
  replayStation,
  settleFlow,
  takeFlow,
  type Timetable,
} from "./_event_queue.ts";

export type { FlowHeap, FlowPool, Timetable };

/**
 * Now, in seconds: an array of one number, for a number that is passed on from
 * function to function would be garbage per event.
 */
export type Clock = Float64Array;

/** Stations, each a place in the arrays. */
export interface Stations {
  /** Now, in seconds; shared by all that advances together. */
  readonly clock: Clock;
  /** Cores, c. */
  readonly cores: Float64Array;
  /** Speed of a core, v. */
  readonly speeds: Float64Array;
  /** Virtual time V in seconds of work; 0 whenever the station is empty. */
  readonly virtualTimes: Float64Array;
  /** When V was brought up to date, in seconds. */
  readonly updated: Float64Array;
  /** dV / dt with the jobs of now. */
  readonly rates: Float64Array;
  /** Integral of busy cores over time, in core-seconds, until `updated`. */
  readonly busyIntegrals: Float64Array;
  /** Jobs of each, by the virtual time of their end. */
  readonly jobs: FlowHeap[];
  /** When each station's next job ends. */
  readonly timetable: Timetable;
}

/** Jobs that a station has room for at first. */
const FIRST_ROOM = 16;

/**
 * Empty stations.
 *
 * @param cores Cores of each.
 * @param speeds Speed of a core of each; of the same length.
 */
export function createStations(
  cores: Float64Array,
  speeds: Float64Array,
): Stations {
  const count = cores.length;
  return {
    clock: new Float64Array(1),
    cores,
    speeds,
    virtualTimes: new Float64Array(count),
    updated: new Float64Array(count),
    rates: new Float64Array(count),
    busyIntegrals: new Float64Array(count),
    jobs: Array.from({ length: count }, () => createFlowHeap(FIRST_ROOM)),
    timetable: createTimetable(count),
  };
}

/**
 * Brings virtual time and the busy integral up to date.
 *
 * @param stations Changed.
 * @param station Its place.
 */
export function advanceStation(
  stations: Stations,
  station: number,
): void {
  const now = stations.clock[0];
  const elapsed = now - stations.updated[station];
  stations.updated[station] = now;
  const size = stations.jobs[station].size;
  if (size === 0) return;
  const cores = stations.cores[station];
  stations.busyIntegrals[station] += elapsed * (size < cores ? size : cores);
  stations.virtualTimes[station] += elapsed * stations.rates[station];
}

/**
 * Puts a flow on a station. {@linkcode planNextEnd} has to follow.
 *
 * @param stations Changed.
 * @param station Its place.
 * @param flows The pool; the flow's place is written.
 * @param flow Row of the flow.
 * @param works Work of each flow, in seconds at speed 1.
 */
export function startJob(
  stations: Stations,
  station: number,
  flows: FlowPool,
  flow: number,
  works: Float64Array,
): void {
  advanceStation(stations, station);
  const jobs = stations.jobs[station];
  const place = openPlace(jobs);
  jobs.keys[place] = stations.virtualTimes[station] + works[flow];
  settleFlow(jobs, place, flow, flows.stationPlaces, flows.serials);
}

/**
 * Takes the job that ends now off a station. {@linkcode planNextEnd} has to
 * follow.
 *
 * @param stations Changed.
 * @param station Its place.
 * @param flows The pool.
 * @returns Row of the flow.
 */
export function endJob(
  stations: Stations,
  station: number,
  flows: FlowPool,
): number {
  advanceStation(stations, station);
  const jobs = stations.jobs[station];
  // Exactly, so that rounding does not add up from job to job.
  stations.virtualTimes[station] = jobs.keys[0];
  return takeFlow(jobs, 0, flows.stationPlaces, flows.serials);
}

/**
 * Takes a job off a station before its end. {@linkcode planNextEnd} has to
 * follow.
 *
 * @param stations Changed.
 * @param station Its place.
 * @param flows The pool.
 * @param flow Row of the flow, which is on this station.
 */
export function dropJob(
  stations: Stations,
  station: number,
  flows: FlowPool,
  flow: number,
): void {
  advanceStation(stations, station);
  takeFlow(
    stations.jobs[station],
    flows.stationPlaces[flow],
    flows.stationPlaces,
    flows.serials,
  );
}

/**
 * Computes rate and next end of a station whose jobs have changed.
 *
 * @param stations Changed.
 * @param station Its place; brought up to date.
 */
export function planNextEnd(
  stations: Stations,
  station: number,
): void {
  const { timetable } = stations;
  const jobs = stations.jobs[station];
  const size = jobs.size;
  if (size === 0) {
    stations.virtualTimes[station] = 0;
    stations.rates[station] = 0;
    timetable.times[station] = Infinity;
  } else {
    const now = stations.clock[0];
    const cores = stations.cores[station];
    const speed = stations.speeds[station];
    const rate = size > cores ? speed * cores / size : speed;
    stations.rates[station] = rate;
    const left = jobs.keys[0] - stations.virtualTimes[station];
    timetable.times[station] = left > 0 ? now + left / rate : now;
  }
  replayStation(timetable, station);
}
