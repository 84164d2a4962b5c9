/**
 * Saved states of reservoirs: what a good one looks like.
 *
 * @module
 */
import type { Memory } from "./_reservoir_memory.ts";
import {
  HEADER,
  KIND_BIASED,
  KIND_UNIFORM_L,
  KIND_WEIGHTED,
  KIND_WINDOW,
  MAX_REMAINING,
  NUMBER_DUE,
  NUMBER_LAST_TIME,
  NUMBER_LEVEL,
  NUMBER_RATE,
  NUMBER_REFUSED,
  NUMBER_REST,
  RESERVOIR_VERSION,
  WORD_CAPACITY,
  WORD_CURSOR,
  WORD_FILLED,
  WORD_KIND,
  WORD_REMAINING,
  WORD_SPARE,
  WORD_VERSION,
} from "./_symbols.ts";

/** What a fault is called, or undefined where there is none. */
type Fault = string | undefined;

/** What is wrong with the whole numbers of a state. */
function faultOfWords(words: Uint32Array, memory: Memory): Fault {
  const own = memory.words;
  if (words.length !== own.length) return `${words.length} words`;
  if (words[WORD_VERSION] !== RESERVOIR_VERSION) {
    return `the version ${words[WORD_VERSION]} instead of ${RESERVOIR_VERSION}`;
  }
  if (words[WORD_KIND] !== own[WORD_KIND]) return "another kind";
  const size = own[WORD_CAPACITY];
  if (words[WORD_CAPACITY] !== size) return `the size ${words[WORD_CAPACITY]}`;
  if (words.subarray(0, 4).every((word) => word === 0)) {
    return "a random stream of zeros";
  }
  const filled = words[WORD_FILLED];
  if (filled > size) return `${filled} samples`;
  const cursor = words[WORD_CURSOR];
  const isWindow = words[WORD_KIND] === KIND_WINDOW;
  // Until a window is full, it is written from the first slot on.
  const isRight = isWindow && filled === size
    ? cursor < size
    : cursor === (isWindow ? filled : 0);
  if (!isRight) return `the cursor ${cursor}`;
  if (words.subarray(WORD_SPARE + 1).some((word) => word !== 0)) {
    return "words that have no meaning";
  }
}

function isWhole(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0;
}

/** What is wrong with how many items there were and how many are skipped. */
function faultOfCounts(numbers: Float64Array, words: Uint32Array): Fault {
  const due = numbers[NUMBER_DUE];
  const rest = numbers[NUMBER_REST];
  const remaining = words[WORD_REMAINING];
  if (
    remaining === 0 || remaining > MAX_REMAINING ||
    !Number.isInteger(rest) || rest < 0 || rest > 2 ** 53
  ) return `${remaining + rest} items to skip`;
  const count = due - remaining;
  if (!isWhole(due) || count < 0) return `${due} items due`;
  const kind = words[WORD_KIND];
  const size = words[WORD_CAPACITY];
  const filled = words[WORD_FILLED];
  const skips = kind === KIND_BIASED
    ? numbers[NUMBER_RATE] < Infinity
    : kind === KIND_UNIFORM_L && filled === size;
  if (!skips && remaining + rest > 1) return `${remaining} items to skip`;
  // Items of weight 0, and those that a biased reservoir skips, fill no slot.
  const mayMiss = kind === KIND_BIASED || kind === KIND_WEIGHTED;
  const most = Math.min(count, size);
  if (mayMiss ? filled > most : filled !== most) {
    return `${filled} samples of ${count} items`;
  }
}

/** What is wrong with the thresholds that decide what enters. */
function faultOfLevels(numbers: Float64Array, words: Uint32Array): Fault {
  const level = numbers[NUMBER_LEVEL];
  const isFull = words[WORD_FILLED] === words[WORD_CAPACITY];
  const isRight = isFull && words[WORD_KIND] === KIND_UNIFORM_L
    ? level > 0 && level <= 1
    : isFull && words[WORD_KIND] === KIND_WEIGHTED
    ? level >= 0
    : level === 0;
  return isRight ? undefined : `the level ${level}`;
}

/** What is wrong with the samples; the header is good. */
function faultOfSamples(numbers: Float64Array, words: Uint32Array): Fault {
  const size = words[WORD_CAPACITY];
  const filled = words[WORD_FILLED];
  const lastTime = numbers[NUMBER_LAST_TIME];
  const count = numbers[NUMBER_DUE] - words[WORD_REMAINING];
  if (
    Number.isNaN(lastTime) || (count === 0 && lastTime !== -Infinity)
  ) return `the last time ${lastTime}`;
  for (let slot = HEADER; slot < HEADER + filled; slot++) {
    const time = numbers[slot];
    const isRight = lastTime < Infinity
      ? time > -Infinity && time <= lastTime
      : isWhole(time) && time < count;
    if (!isRight) return `the time ${time}`;
    const value = numbers[slot + size];
    if (!Number.isFinite(value)) return `the value ${value}`;
  }
  if (
    words[WORD_KIND] === KIND_WEIGHTED &&
    !isHeap(numbers.subarray(-size), filled)
  ) return "keys in disorder";
}

/** What is wrong with the other numbers; the words are good. */
function faultOfNumbers(
  numbers: Float64Array,
  words: Uint32Array,
  memory: Memory,
): Fault {
  if (numbers.length !== memory.numbers.length) {
    return `${numbers.length} numbers`;
  }
  if (numbers[NUMBER_RATE] !== memory.numbers[NUMBER_RATE]) {
    return "another probability";
  }
  if (
    !isWhole(numbers[NUMBER_REFUSED]) ||
    numbers.subarray(NUMBER_REFUSED + 1, HEADER).some((each) => each !== 0)
  ) return "numbers that have no meaning";
  return faultOfCounts(numbers, words) ?? faultOfLevels(numbers, words) ??
    faultOfSamples(numbers, words);
}

/** Keys of items that weigh next to nothing may be infinite. */
function isHeap(keys: Float64Array, filled: number): boolean {
  for (let slot = 0; slot < filled; slot++) {
    if (!(keys[slot] >= 0)) return false;
    if (slot > 0 && keys[(slot - 1) >> 1] < keys[slot]) return false;
  }
  return true;
}

/**
 * Throws `TypeError` unless a state fits a reservoir and can be gone on from.
 *
 * @param state Anything.
 * @param memory The reservoir that is to take it.
 */
export function checkState(
  state: unknown,
  memory: Memory,
): asserts state is { words: Uint32Array; numbers: Float64Array } {
  const { words, numbers } = (state ?? {}) as Record<string, unknown>;
  const fault = words instanceof Uint32Array && numbers instanceof Float64Array
    ? faultOfWords(words, memory) ?? faultOfNumbers(numbers, words, memory)
    : "no typed arrays";
  if (fault !== undefined) {
    throw new TypeError(
      `Cannot restore a reservoir from a state with ${fault}, expected one that a reservoir of the same kind and size saved`,
    );
  }
}
