/**
 * Items that were offered one at a time and wait to be taken: taking many at
 * once is faster, because the random words then stay in registers.
 *
 * @module
 */
import { accept } from "./_reservoir_accept.ts";
import { skipItems } from "./_reservoir_batch.ts";
import {
  drawSlot,
  drawSlotOfItem,
  isOfBytes,
  type RandomWords,
  rejectedHalves,
} from "./_reservoir_draws.ts";
import { itemCount, type Memory, remainingItems } from "./_reservoir_memory.ts";
import {
  KIND_BIASED,
  KIND_WINDOW,
  MAX_OF_HALVES,
  NUMBER_DUE,
  NUMBER_RATE,
  NUMBER_REST,
  WORD_CAPACITY,
  WORD_CURSOR,
  WORD_FILLED,
  WORD_KIND,
  WORD_REMAINING,
  WORD_SPARE,
} from "./_symbols.ts";

/** How many items wait at most: a power of two. */
export const MOST_PENDING = 1024;

/** Items that wait, the oldest in the last place. */
export interface Pending {
  /** What each is: finite. */
  values: Float64Array;
  /** When each was, where they have times. */
  times: Float64Array;
  /** How many there are. */
  count: number;
  /** Whether they have times. */
  timed: boolean;
}

/**
 * From how many items on that are skipped none wait: so that reservoirs look at
 * few enough of their items one at a time.
 */
const LONG_SKIP = 32;

/** Whether the next items wait: some of them are looked at. */
export function waitsFor({ counters, numbers }: Memory): boolean {
  return counters[WORD_REMAINING] < LONG_SKIP && numbers[NUMBER_REST] === 0;
}

/** Which of the items that wait. */
interface Range {
  /** The first, counted from the oldest. */
  start: number;
  /** The first that is not meant. */
  end: number;
}

/** Puts items into slots that are drawn one by one. */
function putOnes(memory: Memory, pending: Pending, range: Range): void {
  const { counters, times, values } = memory;
  const first = itemCount(memory);
  for (let i = range.start; i < range.end; i++) {
    const place = MOST_PENDING - 1 - i;
    const slot = drawSlotOfItem(counters, first + i);
    times[slot] = pending.timed ? pending.times[place] : first + i;
    values[slot] = pending.values[place];
  }
}

/** For each slot one above the place of the last item drawn to it; 0 for none. */
const lastDrawn = new Uint16Array(MAX_OF_HALVES);

/** Draws slots of groups of four items, each from a word of its own. */
function drawFours(words: RandomWords, { start, end }: Range): void {
  const shift = Math.clz32(words[WORD_CAPACITY]) + 1;
  let s0 = words[0], s1 = words[1], s2 = words[2], s3 = words[3];
  let word = words[WORD_SPARE];
  const last = MOST_PENDING - end;
  for (let place = MOST_PENDING - start; place > last; place -= 4) {
    const sum = (s0 + s3) | 0;
    word = (((sum << 7) | (sum >>> 25)) + s0) | 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    lastDrawn[word >>> shift] = place;
    lastDrawn[(word << 8) >>> shift] = place - 1;
    lastDrawn[(word << 16) >>> shift] = place - 2;
    lastDrawn[(word << 24) >>> shift] = place - 3;
  }
  words[0] = s0;
  words[1] = s1;
  words[2] = s2;
  words[3] = s3;
  words[WORD_SPARE] = word;
}

/** Draws slots of groups of two items, each from a word of its own. */
function drawTwos(words: RandomWords, { start, end }: Range): void {
  const size = words[WORD_CAPACITY];
  const rejected = rejectedHalves(size);
  let s0 = words[0], s1 = words[1], s2 = words[2], s3 = words[3];
  let word = words[WORD_SPARE];
  const last = MOST_PENDING - end;
  for (let place = MOST_PENDING - start; place > last; place -= 2) {
    const sum = (s0 + s3) | 0;
    word = (((sum << 7) | (sum >>> 25)) + s0) | 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    const one = Math.imul(word >>> 16, size);
    const other = Math.imul(word & 0xffff, size);
    let slot = one >>> 16, next = other >>> 16;
    const isRejected = (one & 0xffff) < rejected;
    const isNextRejected = (other & 0xffff) < rejected;
    if (isRejected || isNextRejected) {
      words[0] = s0;
      words[1] = s1;
      words[2] = s2;
      words[3] = s3;
      if (isRejected) slot = drawSlot(words, size);
      if (isNextRejected) next = drawSlot(words, size);
      s0 = words[0];
      s1 = words[1];
      s2 = words[2];
      s3 = words[3];
    }
    lastDrawn[slot] = place;
    lastDrawn[next] = place - 1;
  }
  words[0] = s0;
  words[1] = s1;
  words[2] = s2;
  words[3] = s3;
  words[WORD_SPARE] = word;
}

/** Moves the last item drawn to each slot there: those before it are gone. */
function moveLastDrawn(memory: Memory, pending: Pending): void {
  const { times, values } = memory;
  const { times: fromTimes, values: fromValues, timed } = pending;
  const newest = itemCount(memory) + MOST_PENDING;
  for (let slot = 0; slot < times.length; slot++) {
    const above = lastDrawn[slot];
    if (above === 0) continue;
    lastDrawn[slot] = 0;
    values[slot] = fromValues[above - 1];
    times[slot] = timed ? fromTimes[above - 1] : newest - above;
  }
}

/** Takes items that wait and enter a full reservoir in any slot. */
function putAnywhere(memory: Memory, pending: Pending): void {
  const { counters } = memory;
  const { count } = pending;
  const first = itemCount(memory);
  const size = counters[WORD_CAPACITY];
  // Slots are looked through, so that many items have to share that.
  const isInGroups = size <= MAX_OF_HALVES && size <= 4 * count;
  const group = isOfBytes(size) ? 4 : 2;
  const before = (group - first % group) % group;
  const start = isInGroups ? Math.min(before, count) : count;
  const end = count - (count - start) % group;
  putOnes(memory, pending, { start: 0, end: start });
  if (end > start) {
    if (group === 4) drawFours(counters, { start, end });
    else drawTwos(counters, { start, end });
    moveLastDrawn(memory, pending);
  }
  putOnes(memory, pending, { start: end, end: count });
  memory.numbers[NUMBER_DUE] += count;
}

/** Takes items that wait and replace the oldest ones. */
function putInWindow(memory: Memory, pending: Pending): void {
  const { counters, times, values } = memory;
  const { values: fromValues, times: fromTimes, timed, count } = pending;
  const size = counters[WORD_CAPACITY];
  const first = itemCount(memory);
  // Only the last ones stay.
  const gone = Math.max(0, count - size);
  let slot = (counters[WORD_CURSOR] + gone) % size;
  for (let i = gone; i < count; i++) {
    const place = MOST_PENDING - 1 - i;
    times[slot] = timed ? fromTimes[place] : first + i;
    values[slot] = fromValues[place];
    slot++;
    if (slot === size) slot = 0;
  }
  counters[WORD_CURSOR] = slot;
  counters[WORD_FILLED] = Math.min(counters[WORD_FILLED] + count, size);
  memory.numbers[NUMBER_DUE] += count;
}

/** Takes the items that are looked at, as `updateBatch()` does. */
function takeEach(memory: Memory, pending: Pending, first: number): void {
  const { values, times, count, timed } = pending;
  let item = 0;
  while (count - item >= remainingItems(memory)) {
    const skipped = remainingItems(memory) - 1;
    skipItems(memory, skipped);
    item += skipped;
    memory.counters[WORD_REMAINING] = 0;
    const place = MOST_PENDING - 1 - item;
    const time = timed ? times[place] : first + item;
    accept(memory, { value: values[place], time, weight: 1 });
    item++;
  }
  skipItems(memory, count - item);
}

/**
 * Takes all items that wait: the same as offering each.
 *
 * @param memory The reservoir.
 * @param pending The items. Those of weighted reservoirs weigh 1.
 */
export function takePending(memory: Memory, pending: Pending): void {
  const { counters, numbers } = memory;
  const first = itemCount(memory);
  const kind = counters[WORD_KIND];
  if (kind === KIND_WINDOW) return putInWindow(memory, pending);
  // Until a biased reservoir is full, items may go into its empty slots.
  const isFull = counters[WORD_FILLED] === counters[WORD_CAPACITY];
  if (kind === KIND_BIASED && isFull && numbers[NUMBER_RATE] === Infinity) {
    return putAnywhere(memory, pending);
  }
  takeEach(memory, pending, first);
}
