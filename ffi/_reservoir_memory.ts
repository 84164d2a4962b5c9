/**
 * The memory of a reservoir: two typed arrays that Rust reads and writes too.
 *
 * @module
 */
import {
  HEADER,
  KIND_BIASED,
  KIND_UNIFORM_L,
  KIND_UNIFORM_R,
  KIND_WEIGHTED,
  KIND_WINDOW,
  NUMBER_DUE,
  NUMBER_LAST_TIME,
  NUMBER_RATE,
  NUMBER_REST,
  RESERVOIR_VERSION,
  WORD_CAPACITY,
  WORD_KIND,
  WORD_ORIGIN,
  WORD_REMAINING,
  WORD_VERSION,
  WORDS,
} from "./_symbols.ts";

/** Names of the kinds, as users give them. */
export type KindName = "uniform" | "weighted" | "biased" | "window";

/** How uniform reservoirs draw. */
export type Algorithm = "L" | "R";

/** A reservoir's memory. */
export interface Memory {
  /** The random stream, then whole numbers. */
  words: Uint32Array<ArrayBuffer>;
  /** The words again: their signs do not matter, and V8 is faster on them. */
  counters: Int32Array<ArrayBuffer>;
  /** A header, then times, values and, where it is weighted, keys. */
  numbers: Float64Array<ArrayBuffer>;
  /** The times among the numbers. */
  times: Float64Array<ArrayBuffer>;
  /** The values among the numbers. */
  values: Float64Array<ArrayBuffer>;
}

/**
 * The number that a kind has in memory.
 *
 * @param kind Its name.
 * @param algorithm How a uniform reservoir draws.
 */
export function kindNumber(kind: KindName, algorithm: Algorithm): number {
  switch (kind) {
    case "uniform":
      return algorithm === "L" ? KIND_UNIFORM_L : KIND_UNIFORM_R;
    case "weighted":
      return KIND_WEIGHTED;
    case "biased":
      return KIND_BIASED;
    case "window":
      return KIND_WINDOW;
  }
}

/** How many numbers a reservoir of a kind and size has. */
export function numberCount(kind: number, size: number): number {
  return HEADER + size * (kind === KIND_WEIGHTED ? 3 : 2);
}

/** The memory of one of several reservoirs that lie one after another. */
export function memoryAt(
  words: Uint32Array<ArrayBuffer>,
  numbers: Float64Array<ArrayBuffer>,
  at: { index: number; count: number; size: number },
): Memory {
  const { index, count, size } = at;
  const stride = numbers.length / count;
  const own = words.subarray(index * WORDS, (index + 1) * WORDS);
  const start = index * stride;
  const times = start + HEADER;
  return {
    words: own,
    counters: new Int32Array(own.buffer, own.byteOffset, own.length),
    numbers: numbers.subarray(start, start + stride),
    times: numbers.subarray(times, times + size),
    values: numbers.subarray(times + size, times + 2 * size),
  };
}

/**
 * Makes memory that of an empty reservoir.
 *
 * @param memory As long as {@linkcode numberCount} says.
 * @param start Kind, size, state of the random stream, and the rate of the
 * skips of a biased reservoir.
 */
export function initialise(
  memory: Memory,
  start: { kind: number; size: number; random: Uint32Array; rate: number },
): void {
  const { words, numbers } = memory;
  words.fill(0);
  words.set(start.random);
  words[WORD_KIND] = start.kind;
  words[WORD_CAPACITY] = start.size;
  words[WORD_REMAINING] = 1;
  words[WORD_VERSION] = RESERVOIR_VERSION;
  words.set(start.random.subarray(0, 2), WORD_ORIGIN);
  numbers.fill(0);
  numbers[NUMBER_DUE] = 1;
  numbers[NUMBER_LAST_TIME] = -Infinity;
  numbers[NUMBER_RATE] = start.rate;
}

/** How many items were offered so far. */
export function itemCount({ counters, numbers }: Memory): number {
  return numbers[NUMBER_DUE] - counters[WORD_REMAINING];
}

/** Items until the next that is looked at, that one included. */
export function remainingItems({ counters, numbers }: Memory): number {
  return counters[WORD_REMAINING] + numbers[NUMBER_REST];
}
