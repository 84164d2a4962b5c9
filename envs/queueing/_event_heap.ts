/**
 * Planned events, the earliest first; of several at the same time the one
 * that was planned first.
 *
 * @module
 */
import type { State } from "../../core/state.ts";
import { savedNumber } from "../_saved.ts";
import { savedArray } from "./_saved_arrays.ts";

/** A binary heap in typed arrays, which grow. */
export interface EventHeap {
  /** When each happens, in the heap's order. */
  times: Float64Array;
  /** Order of planning. */
  serials: Float64Array;
  /** What it is about: a request or an attempt. */
  subjects: Int32Array;
  /** Where it happens. */
  places: Int32Array;
  /** How many are planned. */
  size: number;
  /** Events planned so far. */
  planned: number;
  /** When the event that is planned next happens: written before. */
  readonly due: Float64Array;
}

/** An empty heap. */
export function createEventHeap(): EventHeap {
  return {
    times: new Float64Array(16),
    serials: new Float64Array(16),
    subjects: new Int32Array(16),
    places: new Int32Array(16),
    size: 0,
    planned: 0,
    due: new Float64Array(1),
  };
}

function grow(heap: EventHeap): void {
  const length = 2 * heap.times.length;
  const { times, serials, subjects, places } = heap;
  heap.times = new Float64Array(length);
  heap.serials = new Float64Array(length);
  heap.subjects = new Int32Array(length);
  heap.places = new Int32Array(length);
  heap.times.set(times);
  heap.serials.set(serials);
  heap.subjects.set(subjects);
  heap.places.set(places);
}

/** Plans an event at the time in `due`, in O(log size). */
export function planEvent(
  heap: EventHeap,
  subject: number,
  place: number,
): void {
  const time = heap.due[0];
  if (heap.size === heap.times.length) grow(heap);
  const { times, serials, subjects, places } = heap;
  let hole = heap.size++;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    // The new event is the latest planned: it stays behind its equals.
    if (times[parent] <= time) break;
    times[hole] = times[parent];
    serials[hole] = serials[parent];
    subjects[hole] = subjects[parent];
    places[hole] = places[parent];
    hole = parent;
  }
  times[hole] = time;
  serials[hole] = heap.planned++;
  subjects[hole] = subject;
  places[hole] = place;
}

/** Takes the first event out, in O(log size). There must be one. */
export function dropFirstEvent(heap: EventHeap): void {
  const last = --heap.size;
  if (last > 0) sink(heap, 0, last);
}

/** Puts the entry at `from` at `hole` or below, within the heap's size. */
function sink(heap: EventHeap, hole: number, from: number): void {
  const { times, serials, subjects, places, size } = heap;
  const time = times[from];
  const serial = serials[from];
  const subject = subjects[from];
  const place = places[from];
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= size) break;
    const right = child + 1;
    if (
      right < size && (times[right] < times[child] ||
        (times[right] === times[child] && serials[right] < serials[child]))
    ) child = right;
    if (
      time < times[child] || (time === times[child] && serial < serials[child])
    ) break;
    times[hole] = times[child];
    serials[hole] = serials[child];
    subjects[hole] = subjects[child];
    places[hole] = places[child];
    hole = child;
  }
  times[hole] = time;
  serials[hole] = serial;
  subjects[hole] = subject;
  places[hole] = place;
}

/** Puts the heap in order after its times were written to. */
export function reorderEvents(heap: EventHeap): void {
  for (let hole = (heap.size >> 1) - 1; hole >= 0; hole--) {
    sink(heap, hole, hole);
  }
}

/** All that is planned. */
export function saveEvents(heap: EventHeap): State {
  const { size, planned } = heap;
  return {
    times: heap.times.slice(0, size),
    serials: heap.serials.slice(0, size),
    subjects: heap.subjects.slice(0, size),
    places: heap.places.slice(0, size),
    planned,
  };
}

/** Plans what was saved in place of what is planned. */
export function loadEvents(heap: EventHeap, state: State): void {
  const times = savedArray(state, "times", Float64Array);
  while (heap.times.length < times.length) grow(heap);
  heap.size = times.length;
  heap.planned = savedNumber(state, "planned");
  heap.times.set(times);
  heap.serials.set(savedArray(state, "serials", Float64Array, times.length));
  heap.subjects.set(savedArray(state, "subjects", Int32Array, times.length));
  heap.places.set(savedArray(state, "places", Int32Array, times.length));
}
