/**
 * What happens to an item that is looked at, by kind of reservoir: the same
 * draws in the same order as in `src/reservoir/`.
 *
 * @module
 */
import { exp } from "../core/fdlibm.ts";
import {
  drawBelow,
  drawExponential,
  drawSlot,
  drawUniform,
  minusLogOneMinus,
  oneMinusExp,
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

function put(memory: Memory, slot: number, item: [number, number]): void {
  const size = memory.counters[WORD_CAPACITY];
  memory.numbers[HEADER + slot] = item[1];
  memory.numbers[HEADER + size + slot] = item[0];
}

/**
 * Takes the item at which no more remain.
 *
 * @param memory The reservoir.
 * @param value Finite.
 * @param at Its time, and its weight where the kind is weighted.
 */
export function accept(
  memory: Memory,
  value: number,
  at: { time: number; weight: number },
): void {
  const { counters, numbers } = memory;
  const rest = numbers[NUMBER_REST];
  if (rest > 0) return setRemaining(memory, rest);
  switch (counters[WORD_KIND]) {
    case KIND_BIASED:
      return acceptBiased(memory, value, at.time);
    case KIND_UNIFORM_L:
      return acceptByL(memory, value, at.time);
    case KIND_UNIFORM_R:
      return acceptByR(memory, value, at.time);
    case KIND_WEIGHTED:
      return acceptWeighted(memory, [value, at.time], at.weight);
    default:
      return acceptInWindow(memory, value, at.time);
  }
}

/** Replaces a slot drawn from all, or fills the next empty one. */
function acceptBiased(memory: Memory, value: number, time: number) {
  const { counters, numbers } = memory;
  const size = counters[WORD_CAPACITY];
  const filled = counters[WORD_FILLED];
  let slot = drawSlot(counters, size);
  if (slot >= filled) {
    slot = filled;
    counters[WORD_FILLED] = filled + 1;
  }
  numbers[HEADER + slot] = time;
  numbers[HEADER + size + slot] = value;
  const rate = numbers[NUMBER_RATE];
  if (rate === Infinity) {
    counters[WORD_REMAINING] = 1;
    numbers[NUMBER_DUE]++;
  } else {
    setRemaining(memory, wholeSkip(drawExponential(counters) / rate) + 1);
  }
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
function acceptByR(memory: Memory, value: number, time: number): void {
  const { counters, numbers } = memory;
  const size = counters[WORD_CAPACITY];
  const filled = counters[WORD_FILLED];
  if (filled < size) {
    put(memory, filled, [value, time]);
    counters[WORD_FILLED] = filled + 1;
  } else {
    const slot = drawBelow(counters, numbers[NUMBER_DUE]);
    if (slot < size) put(memory, slot, [value, time]);
  }
  setRemaining(memory, 1);
}

/** Li's Algorithm L: only items that enter are looked at. */
function acceptByL(memory: Memory, value: number, time: number): void {
  const { counters, numbers } = memory;
  const size = counters[WORD_CAPACITY];
  const filled = counters[WORD_FILLED];
  if (filled < size) {
    put(memory, filled, [value, time]);
    counters[WORD_FILLED] = filled + 1;
    if (filled + 1 < size) return setRemaining(memory, 1);
    numbers[NUMBER_LEVEL] = 0;
  } else {
    put(memory, drawSlot(counters, size), [value, time]);
  }
  numbers[NUMBER_LEVEL] -= drawExponential(counters) / size;
  drawSkipOfL(memory);
}

/** The geometric skip from the level of Algorithm L. */
export function drawSkipOfL(memory: Memory): void {
  const threshold = exp(memory.numbers[NUMBER_LEVEL]);
  const skip = drawExponential(memory.counters) / minusLogOneMinus(threshold);
  setRemaining(memory, wholeSkip(skip) + 1);
}

function acceptInWindow(memory: Memory, value: number, time: number): void {
  const { counters } = memory;
  const cursor = counters[WORD_CURSOR];
  put(memory, cursor, [value, time]);
  counters[WORD_FILLED] = Math.max(counters[WORD_FILLED], cursor + 1);
  counters[WORD_CURSOR] = (cursor + 1) % counters[WORD_CAPACITY];
  setRemaining(memory, 1);
}

/**
 * A-ExpJ of Efraimidis and Spirakis, with exponential keys of which the
 * smallest stay; `src/reservoir/weighted.rs` says more.
 */
function acceptWeighted(
  memory: Memory,
  item: [number, number],
  weight: number,
): void {
  const { counters, numbers } = memory;
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
export function siftUp(memory: Memory, slot: number): void {
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
