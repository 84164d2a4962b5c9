/**
 * Whole batches without the native library, as `src/reservoir/update.rs` takes
 * them.
 *
 * @module
 */
import { accept } from "./_reservoir_accept.ts";
import { itemCount, type Memory, remainingItems } from "./_reservoir_memory.ts";
import {
  KIND_WINDOW,
  MAX_REMAINING,
  NUMBER_DUE,
  NUMBER_LAST_TIME,
  NUMBER_REFUSED,
  NUMBER_REST,
  REFUSED_MIXED,
  REFUSED_TIME,
  REFUSED_VALUE,
  REFUSED_WEIGHT,
  WORD_CAPACITY,
  WORD_CURSOR,
  WORD_KIND,
  WORD_REMAINING,
} from "./_symbols.ts";

/** A batch of items: as many times and weights as values, or none. */
export interface Batch {
  /** What the items are. */
  values: Float64Array<ArrayBuffer>;
  /** When each was. */
  times: Float64Array<ArrayBuffer>;
  /** What each weighs; 1 where there are none. */
  weights: Float64Array<ArrayBuffer>;
  /** The time of all without times; NaN for items that have none. */
  time: number;
}

function timeOf({ times, time }: Batch, item: number, first: number): number {
  if (times.length > 0) return times[item];
  return Number.isNaN(time) ? first + item : time;
}

function isTimed({ times, time }: Batch): boolean {
  return times.length > 0 || !Number.isNaN(time);
}

/** Moves on over items that are not looked at: fewer than remain. */
export function skipItems(memory: Memory, items: number): void {
  const { counters, numbers } = memory;
  const count = itemCount(memory) + items;
  const left = remainingItems(memory) - items;
  const remaining = Math.min(left, MAX_REMAINING);
  counters[WORD_REMAINING] = remaining;
  numbers[NUMBER_REST] = left - remaining;
  numbers[NUMBER_DUE] = count + remaining;
}

/** Whether the last items are such that none is refused. */
function endsWell(batch: Batch, items: number, first: number): boolean {
  let previous = -Infinity;
  for (let i = batch.values.length - items; i < batch.values.length; i++) {
    const time = timeOf(batch, i, first);
    if (!Number.isFinite(batch.values[i]) || !(time >= previous)) return false;
    previous = time;
  }
  return true;
}

function reasonAgainst(
  memory: Memory,
  batch: Batch,
  at: { item: number; time: number; latest: number },
): number {
  const { item, time, latest } = at;
  if (!Number.isFinite(batch.values[item])) return REFUSED_VALUE;
  const earliest = memory.numbers[NUMBER_LAST_TIME];
  if (isTimed(batch) && !(time >= earliest && time <= latest)) {
    return REFUSED_TIME;
  }
  const weight = batch.weights.length > 0 ? batch.weights[item] : 1;
  return weight >= 0 && weight < Infinity ? 0 : REFUSED_WEIGHT;
}

/**
 * Offers a batch to a reservoir.
 *
 * @returns 0, or why an item was refused: the items before it are in, and
 * `NUMBER_REFUSED` has its place in the batch.
 */
export function updateBatch(memory: Memory, batch: Batch): number {
  const { counters, numbers } = memory;
  const items = batch.values.length;
  if (items === 0) return 0;
  const refuse = (item: number, reason: number) => {
    numbers[NUMBER_REFUSED] = item;
    return reason;
  };
  const first = itemCount(memory);
  const begins = timeOf(batch, 0, first);
  const timed = isTimed(batch);
  const latest = timed ? timeOf(batch, items - 1, first) : Infinity;
  const lastTime = numbers[NUMBER_LAST_TIME];
  if (lastTime !== -Infinity && (lastTime < Infinity) !== timed) {
    return refuse(0, REFUSED_MIXED);
  }
  if (timed && !(begins >= lastTime && begins < Infinity)) {
    return refuse(0, REFUSED_TIME);
  }
  if (timed && !(latest >= begins && latest < Infinity)) {
    return refuse(items - 1, REFUSED_TIME);
  }
  let item = 0;
  const size = counters[WORD_CAPACITY];
  const isWindow = counters[WORD_KIND] === KIND_WINDOW;
  if (isWindow && items > size && endsWell(batch, size, first)) {
    item = items - size;
    numbers[NUMBER_DUE] += item;
    counters[WORD_CURSOR] = (counters[WORD_CURSOR] + item) % size;
  }
  while (items - item >= remainingItems(memory)) {
    const skipped = remainingItems(memory) - 1;
    skipItems(memory, skipped);
    item += skipped;
    const time = timeOf(batch, item, first);
    const reason = reasonAgainst(memory, batch, { item, time, latest });
    if (reason !== 0) {
      if (item > 0 && !timed) numbers[NUMBER_LAST_TIME] = latest;
      return refuse(item, reason);
    }
    numbers[NUMBER_LAST_TIME] = timed ? time : latest;
    counters[WORD_REMAINING] = 0;
    const weight = batch.weights.length > 0 ? batch.weights[item] : 1;
    accept(memory, { value: batch.values[item], time, weight });
    item++;
  }
  skipItems(memory, items - item);
  numbers[NUMBER_LAST_TIME] = latest;
  return 0;
}
