/**
 * Saved states of reservoirs: what a good one looks like.
 *
 * @module
 */
import type { Memory } from "./_reservoir_memory.ts";
import {
  HEADER,
  KIND_BIASED,
  KIND_WEIGHTED,
  MAX_REMAINING,
  NUMBER_DUE,
  NUMBER_LAST_TIME,
  NUMBER_LEVEL,
  NUMBER_RATE,
  NUMBER_REST,
  WORD_CAPACITY,
  WORD_CURSOR,
  WORD_FILLED,
  WORD_KIND,
  WORD_REMAINING,
} from "./_symbols.ts";

const MAX_COUNT = Number.MAX_SAFE_INTEGER;

/** What is wrong with the whole numbers of a state. */
function faultOfWords(words: Uint32Array, memory: Memory): string | undefined {
  const own = memory.words;
  if (words.length !== own.length) return `${words.length} words`;
  if (words[WORD_KIND] !== own[WORD_KIND]) return "another kind";
  if (words[WORD_CAPACITY] !== own[WORD_CAPACITY]) {
    return `the size ${words[WORD_CAPACITY]}`;
  }
  if (words.subarray(0, 4).every((word) => word === 0)) {
    return "a random stream of zeros";
  }
  const size = own[WORD_CAPACITY];
  if (words[WORD_FILLED] > size) return `${words[WORD_FILLED]} samples`;
  if (words[WORD_CURSOR] >= size) return `the cursor ${words[WORD_CURSOR]}`;
  const remaining = words[WORD_REMAINING];
  if (remaining === 0 || remaining > MAX_REMAINING) {
    return `${remaining} items to skip`;
  }
}

function isWhole(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0;
}

/** What is wrong with the other numbers; the whole ones are good. */
function faultOfNumbers(
  numbers: Float64Array,
  words: Uint32Array,
  memory: Memory,
): string | undefined {
  if (numbers.length !== memory.numbers.length) {
    return `${numbers.length} numbers`;
  }
  const due = numbers[NUMBER_DUE];
  const rest = numbers[NUMBER_REST];
  if (
    !isWhole(due) || due < words[WORD_REMAINING] || due > MAX_COUNT ||
    !Number.isInteger(rest) || rest < 0 || rest > 2 ** 53
  ) return `${due} items`;
  const kind = words[WORD_KIND];
  if (
    kind === KIND_BIASED && numbers[NUMBER_RATE] !== memory.numbers[NUMBER_RATE]
  ) return "another probability";
  const level = numbers[NUMBER_LEVEL];
  if (Number.isNaN(level) || (kind !== KIND_WEIGHTED && level > 0)) {
    return `the level ${level}`;
  }
  const size = words[WORD_CAPACITY];
  const filled = words[WORD_FILLED];
  const lastTime = numbers[NUMBER_LAST_TIME];
  if (Number.isNaN(lastTime)) {
    return `the last time ${lastTime}`;
  }
  for (let slot = HEADER; slot < HEADER + filled; slot++) {
    const time = numbers[slot];
    if (!(Number.isFinite(time) && time <= lastTime)) return `the time ${time}`;
    const value = numbers[slot + size];
    if (!Number.isFinite(value)) return `the value ${value}`;
  }
  if (kind === KIND_WEIGHTED && !isHeap(numbers.subarray(-size), filled)) {
    return "keys in disorder";
  }
}

function isHeap(keys: Float64Array, filled: number): boolean {
  for (let slot = 0; slot < filled; slot++) {
    if (!(keys[slot] >= 0 && keys[slot] < Infinity)) return false;
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
