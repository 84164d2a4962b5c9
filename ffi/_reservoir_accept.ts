/**
 * What happens to an item that is looked at, by kind of reservoir: the same
 * draws in the same order as in `src/reservoir/`.
 *
 * @module
 */
import {
  drawBelow,
  drawExponential,
  drawSlot,
  drawSlotOfItem,
  drawUniform,
  minusLogOneMinus,
  oneMinusExp,
  shrink,
} from "./_reservoir_draws.ts";
import type { Memory } from "./_reservoir_memory.ts";
import {
  HEADER,
  KIND_BIASED,
  KIND_UNIFORM_L,
  KIND_UNIFORM_R,
  KIND_WEIGHTED,
  MAX_REMAINING,
  NUMBER_DUE,
  NUMBER_LEVEL,
  NUMBER_RATE,
  NUMBER_REST,
  WORD_CAPACITY,
  WORD_CURSOR,
  WORD_FILLED,
  WORD_KIND,
  WORD_REMAINING,
} from "./_symbols.ts";

const TWO_POW_53 = 2 ** 53;

/**
 * Sets how many items are to come until the next that is looked at.
 *
 * @param memory None remain, and the number that is due is that of the items
 * so far.
 * @param items At least 1.
 */
export function setRemaining(memory: Memory, items: number): void {
  const remaining = items < MAX_REMAINING ? items : MAX_REMAINING;
  memory.counters[WORD_REMAINING] = remaining;
  memory.numbers[NUMBER_DUE] += remaining;
  memory.numbers[NUMBER_REST] = items - remaining;
}

function wholeSkip(skip: number): number {
  return skip < TWO_POW_53 ? Math.floor(skip) : TWO_POW_53;
}

/** An item that is looked at. */
export interface Item {
  /** What it is: finite. */
  value: number;
  /** When it was. */
  time: number;
  /** What it weighs, at least 0. */
  weight: number;
}

function put({ times, values }: Memory, slot: number, item: Item): void {
  times[slot] = item.time;
  values[slot] = item.value;
}

/** Takes the item at which no more remain. */
export function accept(memory: Memory, item: Item): void {
  const { counters, numbers } = memory;
  const rest = numbers[NUMBER_REST];
  if (rest > 0) return setRemaining(memory, rest);
  switch (counters[WORD_KIND]) {
    case KIND_BIASED:
      return acceptBiased(memory, item);
    case KIND_UNIFORM_L:
      return acceptByL(memory, item);
    case KIND_UNIFORM_R:
      return acceptByR(memory, item);
    case KIND_WEIGHTED:
      return acceptWeighted(memory, item);
    default:
      return acceptInWindow(memory, item);
  }
}

/** Replaces a slot drawn from all, or fills the next empty one. */
function acceptBiased(memory: Memory, item: Item): void {
  const { counters, numbers } = memory;
  const filled = counters[WORD_FILLED];
  const rate = numbers[NUMBER_RATE];
  const slot = rate === Infinity
    ? drawSlotOfItem(counters, numbers[NUMBER_DUE] - 1)
    : drawSlot(counters, counters[WORD_CAPACITY]);
  if (slot < filled) {
    put(memory, slot, item);
  } else {
    put(memory, filled, item);
    counters[WORD_FILLED] = filled + 1;
  }
  if (rate === Infinity) return setRemaining(memory, 1);
  setRemaining(memory, wholeSkip(drawExponential(counters) / rate) + 1);
}

/** The skip to the first item that enters a biased reservoir. */
export function drawSkipOfBiased(memory: Memory): void {
  const { counters, numbers } = memory;
  counters[WORD_REMAINING] = 0;
  numbers[NUMBER_DUE] = 0;
  const skip = drawExponential(counters) / numbers[NUMBER_RATE];
  setRemaining(memory, wholeSkip(skip) + 1);
}

/** Vitter's Algorithm R: item n replaces a slot with probability size / n. */
function acceptByR(memory: Memory, item: Item): void {
  const { counters, numbers } = memory;
  const size = counters[WORD_CAPACITY];
  const filled = counters[WORD_FILLED];
  if (filled < size) {
    put(memory, filled, item);
    counters[WORD_FILLED] = filled + 1;
  } else {
    const slot = drawBelow(counters, numbers[NUMBER_DUE]);
    if (slot < size) put(memory, slot, item);
  }
  setRemaining(memory, 1);
}

/** Li's Algorithm L: only items that enter are looked at. */
function acceptByL(memory: Memory, item: Item): void {
  const { counters, numbers } = memory;
  const size = counters[WORD_CAPACITY];
  const filled = counters[WORD_FILLED];
  if (filled < size) {
    put(memory, filled, item);
    counters[WORD_FILLED] = filled + 1;
    if (filled + 1 < size) return setRemaining(memory, 1);
    numbers[NUMBER_LEVEL] = 1;
  } else {
    put(memory, drawSlot(counters, size), item);
  }
  const level = numbers[NUMBER_LEVEL];
  skipByL(memory, level * shrink(drawExponential(counters) / size));
}

/**
 * The geometric skip of Algorithm L.
 *
 * @param memory The reservoir.
 * @param level The largest of as many uniform keys as there are slots.
 */
export function skipByL(memory: Memory, level: number): void {
  memory.numbers[NUMBER_LEVEL] = level;
  const skip = drawExponential(memory.counters) / minusLogOneMinus(level);
  setRemaining(memory, wholeSkip(skip) + 1);
}

/** Puts an item into the place of the oldest. */
function acceptInWindow(memory: Memory, item: Item): void {
  const { counters } = memory;
  const cursor = counters[WORD_CURSOR];
  put(memory, cursor, item);
  counters[WORD_FILLED] = Math.max(counters[WORD_FILLED], cursor + 1);
  counters[WORD_CURSOR] = (cursor + 1) % counters[WORD_CAPACITY];
  setRemaining(memory, 1);
}

/**
 * A-ExpJ of Efraimidis and Spirakis, with exponential keys of which the
 * smallest stay; `src/reservoir/weighted.rs` says more.
 */
function acceptWeighted(memory: Memory, item: Item): void {
  const { counters, numbers } = memory;
  const { weight } = item;
  const size = counters[WORD_CAPACITY];
  const filled = counters[WORD_FILLED];
  const keys = HEADER + 2 * size;
  setRemaining(memory, 1);
  if (weight === 0) return;
  if (filled < size) {
    numbers[keys + filled] = drawExponential(counters) / weight;
    put(memory, filled, item);
    counters[WORD_FILLED] = filled + 1;
    siftUp(memory, filled);
    if (filled + 1 === size) jump(memory);
    return;
  }
  numbers[NUMBER_LEVEL] -= weight;
  if (numbers[NUMBER_LEVEL] > 0) return;
  const share = oneMinusExp(weight * numbers[keys]) * drawUniform(counters);
  numbers[keys] = minusLogOneMinus(share) / weight;
  put(memory, 0, item);
  siftDown(memory);
  jump(memory);
}

/** Draws the weight that is jumped over until the next item enters. */
export function jump({ counters, numbers }: Memory): void {
  const largestKey = numbers[HEADER + 2 * counters[WORD_CAPACITY]];
  numbers[NUMBER_LEVEL] = drawExponential(counters) / largestKey;
}

function swapSlots({ counters, numbers }: Memory, a: number, b: number): void {
  const size = counters[WORD_CAPACITY];
  for (let start = HEADER; start < numbers.length; start += size) {
    const kept = numbers[start + a];
    numbers[start + a] = numbers[start + b];
    numbers[start + b] = kept;
  }
}

/** Moves the key of a slot up its heap, the largest first. */
function siftUp(memory: Memory, slot: number): void {
  const keys = HEADER + 2 * memory.counters[WORD_CAPACITY];
  while (slot > 0) {
    const parent = (slot - 1) >> 1;
    if (memory.numbers[keys + parent] >= memory.numbers[keys + slot]) return;
    swapSlots(memory, parent, slot);
    slot = parent;
  }
}

function siftDown(memory: Memory): void {
  const { counters, numbers } = memory;
  const keys = HEADER + 2 * counters[WORD_CAPACITY];
  const filled = counters[WORD_FILLED];
  for (let slot = 0;;) {
    const left = 2 * slot + 1;
    if (left >= filled) return;
    const right = left + 1;
    const larger =
      right < filled && numbers[keys + right] > numbers[keys + left]
        ? right
        : left;
    if (numbers[keys + slot] >= numbers[keys + larger]) return;
    swapSlots(memory, slot, larger);
    slot = larger;
  }
}
