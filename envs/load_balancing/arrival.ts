/**
 * What traffic is to the simulator: flows that arrive one after the other.
 *
 * @module
 */
import type { State } from "../../core/state.ts";

export type { State };

/** A flow as it arrives at its client. */
export interface Arrival {
  /** When the client starts it, in seconds. */
  time: number;
  /** Processor time it needs, in seconds of one core of speed 1; at least 0. */
  work: number;
  /** Disk time it needs after that, in seconds of a disk of speed 1; 0 if none. */
  ioWork: number;
  /** Class of the flow, such as 0 for a page and 1 for a static file. */
  kind: number;
}

/** Flows in the order in which they arrive. */
export interface ArrivalSource {
  /**
   * Writes the next flow into an object that the caller keeps. Times never
   * fall.
   *
   * @param into Overwritten, all four fields; left alone at the end.
   * @returns false where nothing comes any more.
   */
  next(into: Arrival): boolean;
  /** All that the next flows depend on, random streams included. */
  saveState(): State;
  /**
   * Goes on from a saved state.
   *
   * @param state What {@linkcode ArrivalSource.saveState} returned.
   */
  loadState(state: State): void;
}

/** An object for {@linkcode ArrivalSource.next} to write into. */
export function createArrival(): Arrival {
  // Not whole numbers, so that engines keep doubles in the fields from the
  // first write on.
  return { time: NaN, work: NaN, ioWork: NaN, kind: 0 };
}
