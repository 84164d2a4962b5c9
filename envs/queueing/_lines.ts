/**
 * Lines in ring buffers: jobs that wait, and timers of equal length, which end
 * in the order in which they began and so need no heap.
 *
 * @module
 */
import type { State } from "../../core/state.ts";
import { savedArray } from "./_saved_arrays.ts";

const FIRST_ROOM = 64;

/** Attempts that wait. */
export interface WaitingLine {
  /** The ring; its length is a power of two. */
  attempts: Int32Array;
  /** Place of the longest waiting. */
  head: number;
  /** How many wait. */
  size: number;
}

/** An empty line. */
export function createWaitingLine(): WaitingLine {
  return { attempts: new Int32Array(FIRST_ROOM), head: 0, size: 0 };
}

/** A ring's entries in order, at the start of an array of the given length. */
function unrolled<Ring extends Int32Array | Float64Array>(
  ring: Ring,
  head: number,
  into: Ring,
): Ring {
  into.set(ring.subarray(head));
  into.set(ring.subarray(0, head), ring.length - head);
  return into;
}

/** Puts an attempt at the line's end. */
export function joinLine(line: WaitingLine, attempt: number): void {
  if (line.size === line.attempts.length) {
    line.attempts = unrolled(
      line.attempts,
      line.head,
      new Int32Array(2 * line.size),
    );
    line.head = 0;
  }
  const { attempts } = line;
  attempts[(line.head + line.size++) & (attempts.length - 1)] = attempt;
}

/** Takes the longest waiting out. There must be one. */
export function takeOldest(line: WaitingLine): number {
  const { attempts, head } = line;
  line.head = (head + 1) & (attempts.length - 1);
  line.size--;
  return attempts[head];
}

/** Takes the latest out. There must be one. */
export function takeNewest(line: WaitingLine): number {
  const { attempts, head } = line;
  return attempts[(head + --line.size) & (attempts.length - 1)];
}

/** Timers of one length. */
export interface TimerLine {
  /** When each ends. */
  ends: Float64Array;
  /** Whose it is. */
  requests: Int32Array;
  /** Retries left when it began: it is void where there are fewer now. */
  lefts: Int32Array;
  /** Place of the first to end. */
  head: number;
  /** How many run. */
  size: number;
}

/** A line without timers. */
export function createTimerLine(): TimerLine {
  return {
    ends: new Float64Array(FIRST_ROOM),
    requests: new Int32Array(FIRST_ROOM),
    lefts: new Int32Array(FIRST_ROOM),
    head: 0,
    size: 0,
  };
}

function growTimers(line: TimerLine): void {
  const { head, size } = line;
  const length = 2 * size;
  line.ends = unrolled(line.ends, head, new Float64Array(length));
  line.requests = unrolled(line.requests, head, new Int32Array(length));
  line.lefts = unrolled(line.lefts, head, new Int32Array(length));
  line.head = 0;
}

/**
 * Starts a timer; it ends no earlier than those that run.
 *
 * @returns Its place, for its end to be written.
 */
export function startTimer(
  line: TimerLine,
  request: number,
  left: number,
): number {
  if (line.size === line.ends.length) growTimers(line);
  const place = (line.head + line.size++) & (line.ends.length - 1);
  line.requests[place] = request;
  line.lefts[place] = left;
  return place;
}

/** Takes the first timer out; it is still to be read at the old head. */
export function dropFirstTimer(line: TimerLine): void {
  line.head = (line.head + 1) & (line.ends.length - 1);
  line.size--;
}

function roomFor(size: number): number {
  let room = FIRST_ROOM;
  while (room < size) room *= 2;
  return room;
}

/** Who waits, in order. */
export function saveWaitingLine(line: WaitingLine): Int32Array {
  const { attempts, head, size } = line;
  return unrolled(attempts, head, new Int32Array(attempts.length))
    .slice(0, size);
}

/** Restores who waits. */
export function loadWaitingLine(line: WaitingLine, saved: Int32Array): void {
  line.attempts = new Int32Array(roomFor(saved.length));
  line.attempts.set(saved);
  line.head = 0;
  line.size = saved.length;
}

/** The timers, in order. */
export function saveTimerLine(line: TimerLine): State {
  const { ends, requests, lefts, head, size } = line;
  const room = ends.length;
  return {
    ends: unrolled(ends, head, new Float64Array(room)).slice(0, size),
    requests: unrolled(requests, head, new Int32Array(room)).slice(0, size),
    lefts: unrolled(lefts, head, new Int32Array(room)).slice(0, size),
  };
}

/** Restores the timers. */
export function loadTimerLine(line: TimerLine, state: State): void {
  const ends = savedArray(state, "ends", Float64Array);
  const room = roomFor(ends.length);
  line.ends = new Float64Array(room);
  line.requests = new Int32Array(room);
  line.lefts = new Int32Array(room);
  line.ends.set(ends);
  line.requests.set(savedArray(state, "requests", Int32Array, ends.length));
  line.lefts.set(savedArray(state, "lefts", Int32Array, ends.length));
  line.head = 0;
  line.size = ends.length;
}
