/**
 * Which event comes next: a tournament of stations, and heaps of flows.
 *
 * Nothing here allocates but growth. Functions that an event calls take their
 * parts one by one, for an object made per call would be garbage per event; so
 * would be a number that is not a small integer, so times and keys are written
 * into arrays and read there.
 *
 * @module
 */

/** The next event of each of a fixed number of stations. */
export interface Timetable {
  /** When each station has its next event, in seconds; Infinity if never. */
  readonly times: Float64Array;
  /** Station that is first below each inner node; node 1 is the root. */
  readonly winners: Int32Array;
}

/**
 * A timetable in which nothing is planned.
 *
 * @param stations How many, at least 1.
 */
export function createTimetable(stations: number): Timetable {
  let leaves = 2;
  while (leaves < stations) leaves *= 2;
  const timetable = {
    times: new Float64Array(leaves).fill(Infinity),
    winners: new Int32Array(leaves),
  };
  rebuildTimetable(timetable);
  return timetable;
}

/**
 * Plays all matches anew, after `times` was written to.
 *
 * @param timetable Its winners are written to.
 */
export function rebuildTimetable(timetable: Timetable): void {
  const { times, winners } = timetable;
  const leaves = times.length;
  for (let node = leaves - 1; node > 0; node--) {
    const left = 2 * node < leaves ? winners[2 * node] : 2 * node - leaves;
    const right = 2 * node < leaves
      ? winners[2 * node + 1]
      : 2 * node + 1 - leaves;
    winners[node] = times[right] < times[left] ? right : left;
  }
}

/**
 * The station that is first; of several at the same time the lowest.
 *
 * @param timetable Not changed.
 */
export function firstStation(timetable: Timetable): number {
  return timetable.winners[1];
}

/**
 * Plays a station's matches anew after its time was written to, in
 * O(log stations).
 *
 * @param timetable Its winners are written to.
 * @param station From 0.
 */
export function replayStation(timetable: Timetable, station: number): void {
  const { times, winners } = timetable;
  const right = station | 1;
  let winner = times[right] < times[right - 1] ? right : right - 1;
  let first = times[winner];
  let node = (station + times.length) >> 1;
  for (;;) {
    // Above a match with the same winner and the same time nothing changes.
    if (winners[node] === winner && winner !== station) return;
    winners[node] = winner;
    if (node === 1) return;
    const other = winners[node ^ 1];
    const time = times[other];
    if (time < first || (time === first && other < winner)) {
      winner = other;
      first = time;
    }
    node >>= 1;
  }
}

/** A binary heap of flows, the smallest key first. */
export interface FlowHeap {
  /** Keys in the heap's order. */
  keys: Float64Array;
  /** Flows in the heap's order. */
  flows: Int32Array;
  /** How many there are. */
  size: number;
}

/**
 * An empty heap.
 *
 * @param capacity Entries to make room for at first.
 */
export function createFlowHeap(capacity: number): FlowHeap {
  return {
    keys: new Float64Array(capacity),
    flows: new Int32Array(capacity),
    size: 0,
  };
}

/**
 * Makes room for entries, those there are kept.
 *
 * @param heap Its arrays are replaced where they are too small.
 * @param capacity Entries to hold.
 */
export function reserveHeap(heap: FlowHeap, capacity: number): void {
  if (capacity <= heap.keys.length) return;
  const length = Math.max(capacity, 2 * heap.keys.length);
  const keys = new Float64Array(length);
  const flows = new Int32Array(length);
  keys.set(heap.keys);
  flows.set(heap.flows);
  heap.keys = keys;
  heap.flows = flows;
}

/**
 * Makes room for one more entry.
 *
 * @param heap Changed.
 * @returns The entry's place; its key is for the caller to write, and
 * {@linkcode settleFlow} to follow.
 */
export function openPlace(heap: FlowHeap): number {
  const place = heap.size;
  if (place === heap.keys.length) reserveHeap(heap, place + 1);
  heap.size = place + 1;
  return place;
}

/**
 * Puts a flow where it belongs, in O(log size).
 *
 * @param heap Changed.
 * @param place Opened last; it has its key.
 * @param flow From 0; not in the heap yet.
 * @param places Where each flow is in the heap; kept up to date.
 * @param serials Order of flows with the same key, the smaller first.
 */
export function settleFlow(
  heap: FlowHeap,
  place: number,
  flow: number,
  places: Int32Array,
  serials: Float64Array,
): void {
  const { keys, flows } = heap;
  const key = keys[place];
  let hole = place;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const above = keys[parent];
    if (
      above < key ||
      (above === key && serials[flows[parent]] < serials[flow])
    ) break;
    const moved = flows[parent];
    keys[hole] = above;
    flows[hole] = moved;
    places[moved] = hole;
    hole = parent;
  }
  keys[hole] = key;
  flows[hole] = flow;
  places[flow] = hole;
}

/**
 * Takes the entry at a place out, in O(log size).
 *
 * @param heap Changed.
 * @param place From 0, which is the smallest, to below its size.
 * @param places Where each flow is in the heap; kept up to date, the taken
 * flow's own place aside.
 * @param serials Order of flows with the same key, the smaller first.
 * @returns The flow.
 */
export function takeFlow(
  heap: FlowHeap,
  place: number,
  places: Int32Array,
  serials: Float64Array,
): number {
  const { keys, flows } = heap;
  const taken = flows[place];
  const last = --heap.size;
  if (place === last) return taken;
  const key = keys[last];
  const flow = flows[last];
  keys[place] = key;
  const parent = (place - 1) >> 1;
  if (
    place > 0 && (key < keys[parent] ||
      (key === keys[parent] && serials[flow] < serials[flows[parent]]))
  ) {
    settleFlow(heap, place, flow, places, serials);
  } else {
    sinkFlow(heap, place, flow, places, serials);
  }
  return taken;
}

/** Puts a flow at a place, which has its key, or below. */
function sinkFlow(
  heap: FlowHeap,
  place: number,
  flow: number,
  places: Int32Array,
  serials: Float64Array,
): void {
  const { keys, flows, size } = heap;
  const key = keys[place];
  let hole = place;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= size) break;
    let below = keys[child];
    const right = child + 1;
    if (right < size) {
      const other = keys[right];
      if (
        other < below ||
        (other === below && serials[flows[right]] < serials[flows[child]])
      ) {
        child = right;
        below = other;
      }
    }
    if (
      key < below || (key === below && serials[flow] < serials[flows[child]])
    ) break;
    const moved = flows[child];
    keys[hole] = below;
    flows[hole] = moved;
    places[moved] = hole;
    hole = child;
  }
  keys[hole] = key;
  flows[hole] = flow;
  places[flow] = hole;
}
