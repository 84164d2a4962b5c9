/**
 * What is counted since statistics began.
 *
 * Fields, not places of an array: an event counts a handful of things, and a
 * field that holds a small whole number is the cheapest thing to count with.
 *
 * @module
 */
import type { State } from "../../core/state.ts";
import { savedNumber } from "../_saved.ts";

/** Counts of what clients do and what becomes of their attempts. */
export interface QueueingCounts {
  /** Requests made. */
  arrivals: number;
  /** Requests answered before they were given up. */
  answered: number;
  /** Requests answered within the time-out of their first attempt. */
  onTime: number;
  /** Requests given up: no retry was left or none in the budget. */
  failed: number;
  /** Retries decided. */
  retries: number;
  /** Timers that ended without an answer. */
  timeouts: number;
  /** Attempts lost, for whatever reason. */
  dropped: number;
  /** Lost because a queue was full. */
  droppedFull: number;
  /** Lost to a throttle. */
  droppedThrottle: number;
  /** Lost for want of a token. */
  droppedTokens: number;
  /** Lost because they were not admitted. */
  droppedAdmission: number;
  /** Discarded because they had waited too long. */
  shed: number;
}

/** Counts of what happens at a server. */
export interface ServerCounts {
  /** Services completed. */
  completions: number;
  /** Jobs that came to its door. */
  offers: number;
  /** Of these, how many were lost for want of room. */
  full: number;
}

/** Nothing counted yet. */
export function createCounts(): QueueingCounts {
  return {
    arrivals: 0,
    answered: 0,
    onTime: 0,
    failed: 0,
    retries: 0,
    timeouts: 0,
    dropped: 0,
    droppedFull: 0,
    droppedThrottle: 0,
    droppedTokens: 0,
    droppedAdmission: 0,
    shed: 0,
  };
}

/** Nothing counted yet. */
export function createServerCounts(): ServerCounts {
  return { completions: 0, offers: 0, full: 0 };
}

/** Counts from nothing again. */
export function resetCounts(counts: QueueingCounts | ServerCounts): void {
  const fields = counts as unknown as Record<string, number>;
  for (const name of Object.keys(fields)) fields[name] = 0;
}

/** Goes on from saved counts. */
export function loadCounts(
  counts: QueueingCounts | ServerCounts,
  state: State,
): void {
  const fields = counts as unknown as Record<string, number>;
  for (const name of Object.keys(fields)) {
    fields[name] = savedNumber(state, name);
  }
}
