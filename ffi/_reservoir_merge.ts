/**
 * Merging reservoirs, where the result is a sample of both streams together.
 *
 * @module
 */
import { log } from "../core/fdlibm.ts";
import { Random } from "../core/random.ts";
import { jump, setRemaining, skipByL } from "./_reservoir_accept.ts";
import { drawBelow, drawSlot } from "./_reservoir_draws.ts";
import { itemCount, type Memory } from "./_reservoir_memory.ts";
import {
  HEADER,
  KIND_UNIFORM_L,
  KIND_UNIFORM_R,
  KIND_WEIGHTED,
  KIND_WINDOW,
  NUMBER_DUE,
  NUMBER_LAST_TIME,
  NUMBER_REST,
  WORD_CAPACITY,
  WORD_CURSOR,
  WORD_FILLED,
  WORD_KIND,
  WORD_REMAINING,
} from "./_symbols.ts";

/** A sample out of its reservoir. */
export interface Sample {
  /** When it was. */
  time: number;
  /** What it was. */
  value: number;
  /** Its key, where the reservoir is weighted. */
  key: number;
}

/** Slots in the order in which they were written, as far as that is known. */
export function slotOrder({ counters }: Memory): number[] {
  const filled = counters[WORD_FILLED];
  const isFullWindow = counters[WORD_KIND] === KIND_WINDOW &&
    filled === counters[WORD_CAPACITY];
  const start = isFullWindow ? counters[WORD_CURSOR] : 0;
  return Array.from({ length: filled }, (_, i) => (start + i) % filled);
}

/** The samples of a reservoir, those of a window oldest first. */
export function samplesOf(memory: Memory): Sample[] {
  const { counters, numbers } = memory;
  const size = counters[WORD_CAPACITY];
  return slotOrder(memory).map((slot) => ({
    time: numbers[HEADER + slot],
    value: numbers[HEADER + size + slot],
    key: numbers[HEADER + 2 * size + slot],
  }));
}

/** Puts samples into the slots, from the first on. */
function fill({ counters, numbers }: Memory, samples: readonly Sample[]) {
  const size = counters[WORD_CAPACITY];
  const isWeighted = counters[WORD_KIND] === KIND_WEIGHTED;
  samples.forEach(({ time, value, key }, slot) => {
    numbers[HEADER + slot] = time;
    numbers[HEADER + size + slot] = value;
    if (isWeighted) numbers[HEADER + 2 * size + slot] = key;
  });
  counters[WORD_FILLED] = samples.length;
  if (counters[WORD_KIND] === KIND_WINDOW) {
    counters[WORD_CURSOR] = samples.length % size;
  }
}

/** As many samples as there are slots, drawn as from both streams at once. */
function drawFromBoth(memory: Memory, other: Memory): Sample[] {
  const size = memory.counters[WORD_CAPACITY];
  const pools = [samplesOf(memory), samplesOf(other)];
  if (pools[0].length + pools[1].length <= size) return pools.flat();
  const left = [itemCount(memory), itemCount(other)];
  const drawn: Sample[] = [];
  while (drawn.length < size) {
    const from = drawBelow(memory.counters, left[0] + left[1]) < left[0]
      ? 0
      : 1;
    left[from]--;
    const pool = pools[from];
    const [sample] = pool.splice(drawSlot(memory.counters, pool.length), 1);
    drawn.push(sample);
  }
  return drawn;
}

/** A gamma variate of a shape of at least 1 (Marsaglia and Tsang, 2000). */
function drawGamma(random: Random, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * log(v)) {
      return d * v;
    }
  }
}

/**
 * Draws the level of Algorithm L anew: of as many uniform keys as items, the
 * size-th smallest is a beta variate, whichever items have the smallest.
 */
function drawLevel(memory: Memory, count: number): number {
  const size = memory.counters[WORD_CAPACITY];
  const random = Random.fromState(memory.words.slice(0, 4));
  const small = drawGamma(random, size);
  const large = drawGamma(random, count - size + 1);
  memory.words.set(random.saveState());
  return small / (small + large);
}

/** Sets the count; skips that were drawn before hold no longer. */
function restart(memory: Memory, count: number): void {
  memory.counters[WORD_REMAINING] = 0;
  memory.numbers[NUMBER_REST] = 0;
  memory.numbers[NUMBER_DUE] = count;
  const isFull =
    memory.counters[WORD_FILLED] === memory.counters[WORD_CAPACITY];
  if (isFull && memory.counters[WORD_KIND] === KIND_UNIFORM_L) {
    return skipByL(memory, drawLevel(memory, count));
  }
  setRemaining(memory, 1);
  if (isFull && memory.counters[WORD_KIND] === KIND_WEIGHTED) jump(memory);
}

/**
 * Makes a reservoir that of both streams.
 *
 * @param memory It is changed.
 * @param other Of the same kind and size; it is not changed.
 */
export function mergeInto(memory: Memory, other: Memory): void {
  const { counters, numbers } = memory;
  const size = counters[WORD_CAPACITY];
  const count = itemCount(memory) + itemCount(other);
  const both = () => [...samplesOf(memory), ...samplesOf(other)];
  switch (counters[WORD_KIND]) {
    case KIND_UNIFORM_L:
    case KIND_UNIFORM_R:
      fill(memory, drawFromBoth(memory, other));
      break;
    case KIND_WEIGHTED:
      // Falling keys are a heap with the largest first.
      fill(
        memory,
        both().sort((a, b) => a.key - b.key).slice(0, size).reverse(),
      );
      break;
    case KIND_WINDOW:
      fill(memory, both().sort((a, b) => a.time - b.time).slice(-size));
      break;
    default:
      throw new TypeError(
        "Cannot merge biased reservoirs, expected uniform or weighted ones or windows: which samples are recent depends on how the streams ran side by side",
      );
  }
  numbers[NUMBER_LAST_TIME] = Math.max(
    numbers[NUMBER_LAST_TIME],
    other.numbers[NUMBER_LAST_TIME],
  );
  restart(memory, count);
}
