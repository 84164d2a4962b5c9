/**
 * Random streams: xoshiro128++ seeded through SplitMix64.
 *
 * @module
 */
import { exp, log } from "./fdlibm.ts";
import {
  exponentialBeyond,
  innerWidths,
  LAYERS,
  unitWidths,
} from "./ziggurat.ts";

const TWO_POW_32 = 2 ** 32;
const TWO_POW_53 = 2 ** 53;
const JUMP = [0x8764000b, 0xf542d2d3, 0x6fa035c3, 0x77f2db5b];
const LARGEST_SEED = Number.MAX_SAFE_INTEGER;

/** The state of a {@linkcode Random}: four 32-bit words, not all zero. */
export type RandomState = Uint32Array;

/** SplitMix64: two 64-bit outputs, low words first, as `rand_xoshiro` does. */
function splitMix64(seed: bigint): Uint32Array {
  const words = new Uint32Array(4);
  const mask = (1n << 64n) - 1n;
  let state = seed & mask;
  for (let i = 0; i < 4; i += 2) {
    state = (state + 0x9e3779b97f4a7c15n) & mask;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    z ^= z >> 31n;
    words[i] = Number(z & 0xffffffffn);
    words[i + 1] = Number(z >> 32n);
  }
  return words;
}

/**
 * Throws unless `seed` is a whole number from 0 to 2^53 - 1.
 *
 * @param seed The number to look at.
 */
export function checkSeed(seed: number): void {
  if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) {
    throw new RangeError(
      `Cannot seed a random stream with ${seed}: expected a whole number from 0 to 2^53 - 1`,
    );
  }
}

/**
 * A stream of random numbers with a period of 2^128 - 1.
 *
 * The generator is xoshiro128++ (Blackman and Vigna, "Scrambled linear
 * pseudorandom number generators", ACM TOMS 2021), whose 32-bit arithmetic is
 * fast in JavaScript. Same seed, same numbers, on every machine. Not for
 * cryptography.
 *
 * @example Same seed, same numbers
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Random } from "./random.ts";
 *
 * assertEquals(new Random(1).uniform(), new Random(1).uniform());
 * ```
 */
export class Random {
  #s0: number;
  #s1: number;
  #s2: number;
  #s3: number;

  /**
   * A stream that begins at a seed.
   *
   * @param seed A whole number from 0 to 2^53 - 1. Throws `RangeError`
   * otherwise.
   */
  constructor(seed: number) {
    checkSeed(seed);
    const words = splitMix64(BigInt(seed));
    this.#s0 = words[0] | 0;
    this.#s1 = words[1] | 0;
    this.#s2 = words[2] | 0;
    this.#s3 = words[3] | 0;
  }

  /**
   * A stream that goes on from a saved state.
   *
   * @param state What {@linkcode Random.saveState} returned.
   */
  static fromState(state: RandomState): Random {
    const random = new Random(0);
    random.loadState(state);
    return random;
  }

  /** The next 32 bits, as an unsigned whole number. */
  nextUint32(): number {
    const sum = (this.#s0 + this.#s3) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + this.#s0) >>> 0;
    const t = this.#s1 << 9;
    this.#s2 ^= this.#s0;
    this.#s3 ^= this.#s1;
    this.#s1 ^= this.#s2;
    this.#s0 ^= this.#s3;
    this.#s2 ^= t;
    this.#s3 = (this.#s3 << 11) | (this.#s3 >>> 21);
    return result;
  }

  /** Moves this stream 2^64 draws ahead. */
  jump(): void {
    let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (const word of JUMP) {
      for (let bit = 0; bit < 32; bit++) {
        if (word & (1 << bit)) {
          s0 ^= this.#s0;
          s1 ^= this.#s1;
          s2 ^= this.#s2;
          s3 ^= this.#s3;
        }
        this.nextUint32();
      }
    }
    this.#s0 = s0;
    this.#s1 = s1;
    this.#s2 = s2;
    this.#s3 = s3;
  }

  /**
   * An independent stream: it takes this one's next 2^64 draws, and this one
   * jumps over them. Streams are split off one root; a stream that was split
   * off must not be split again, or it hands out its parent's draws.
   */
  split(): Random {
    const stream = Random.fromState(this.saveState());
    this.jump();
    return stream;
  }

  /**
   * A number of the interval, uniform with 53 random bits.
   *
   * @param low Smallest value. Default 0.
   * @param high Upper bound, not reached. Default 1.
   */
  uniform(low = 0, high = 1): number {
    const upper = this.nextUint32() >>> 5;
    const lower = this.nextUint32() >>> 6;
    return low + (high - low) * ((upper * 67108864 + lower) / TWO_POW_53);
  }

  /**
   * A whole number from `low` to `high`, both included, each as likely.
   *
   * @param low Smallest value.
   * @param high Largest value; at most 2^53 - 1 values in all.
   */
  integer(low: number, high: number): number {
    const count = high - low + 1;
    if (
      !Number.isSafeInteger(low) || !Number.isSafeInteger(high) || count < 1 ||
      count > TWO_POW_53
    ) {
      throw new RangeError(
        `Cannot draw a whole number from ${low} to ${high}: expected whole numbers, the smaller first`,
      );
    }
    return low + this.#below(count);
  }

  /** A whole number below `count`; values that would favour some are redrawn. */
  #below(count: number): number {
    if (count <= TWO_POW_32) {
      const limit = TWO_POW_32 - (TWO_POW_32 % count);
      let draw = this.nextUint32();
      while (draw >= limit) draw = this.nextUint32();
      return draw % count;
    }
    const limit = TWO_POW_53 - (TWO_POW_53 % count);
    let draw = this.uniform() * TWO_POW_53;
    while (draw >= limit) draw = this.uniform() * TWO_POW_53;
    return draw % count;
  }

  /**
   * A normal variate, by Marsaglia's polar method. The second variate of the
   * pair is dropped, so that the words are the whole state.
   *
   * @param mean Default 0.
   * @param standardDeviation Default 1.
   */
  normal(mean = 0, standardDeviation = 1): number {
    for (;;) {
      const x = this.uniform(-1, 1);
      const y = this.uniform(-1, 1);
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        return mean +
          standardDeviation * x * Math.sqrt(-2 * log(square) / square);
      }
    }
  }

  /**
   * An exponential variate, by the ziggurat.
   *
   * @param rate One over the mean. Default 1.
   */
  exponential(rate = 1): number {
    const upper = this.nextUint32();
    const lower = this.nextUint32();
    const layer = lower & (LAYERS - 1);
    const x = (upper * 2097152 + (lower >>> 11)) * unitWidths[layer];
    return (x < innerWidths[layer] ? x : this.#beyond(layer, x)) / rate;
  }

  /**
   * Fills an array with what as many calls of
   * {@linkcode Random.exponential} return, at half their cost: the state stays
   * in registers.
   *
   * @param values Of any length.
   */
  fillExponential(values: Float64Array): void {
    let s0 = this.#s0, s1 = this.#s1, s2 = this.#s2, s3 = this.#s3;
    for (let i = 0; i < values.length; i++) {
      let upper = 0;
      let lower = 0;
      for (let word = 0; word < 2; word++) {
        upper = lower;
        const sum = (s0 + s3) | 0;
        lower = (((sum << 7) | (sum >>> 25)) + s0) >>> 0;
        const t = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = (s3 << 11) | (s3 >>> 21);
      }
      const layer = lower & (LAYERS - 1);
      const x = (upper * 2097152 + (lower >>> 11)) * unitWidths[layer];
      if (x < innerWidths[layer]) values[i] = x;
      else {
        this.#setWords(s0, s1, s2, s3);
        values[i] = this.#beyond(layer, x);
        s0 = this.#s0;
        s1 = this.#s1;
        s2 = this.#s2;
        s3 = this.#s3;
      }
    }
    this.#setWords(s0, s1, s2, s3);
  }

  #setWords(s0: number, s1: number, s2: number, s3: number): void {
    this.#s0 = s0;
    this.#s1 = s1;
    this.#s2 = s2;
    this.#s3 = s3;
  }

  /** Apart, so that no function is made where none is needed. */
  #beyond(layer: number, x: number): number {
    return exponentialBeyond(layer, x, () => this.nextUint32());
  }

  /**
   * A Poisson variate, exact at any mean: products of uniforms below 10,
   * above it Hörmann's transformed rejection PTRS ("The transformed rejection
   * method for generating Poisson random variables", 1993).
   *
   * @param mean At least 0. Throws `RangeError` otherwise.
   */
  poisson(mean: number): number {
    if (!(mean >= 0 && mean < 1e15)) {
      throw new RangeError(
        `Cannot draw a Poisson variate of mean ${mean}: expected a number from 0 to 1e15`,
      );
    }
    return mean < 10 ? this.#poissonByProducts(mean) : this.#poissonPtrs(mean);
  }

  #poissonByProducts(mean: number): number {
    const limit = exp(-mean);
    let count = 0;
    for (let product = this.uniform(); product > limit; count++) {
      product *= this.uniform();
    }
    return count;
  }

  #poissonPtrs(mean: number): number {
    const b = 0.931 + 2.53 * Math.sqrt(mean);
    const a = -0.059 + 0.02483 * b;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    const squeeze = 0.9277 - 3.6224 / (b - 2);
    const logMean = log(mean);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor((2 * a / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= squeeze) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      if (
        log(v) + log(inverseAlpha) - log(a / (us * us) + b) <=
          k * logMean - mean - logFactorial(k)
      ) return k;
    }
  }

  /**
   * One of the values, each as likely.
   *
   * @param values At least one. Throws `RangeError` when empty.
   */
  choice<T>(values: ArrayLike<T>): T {
    if (values.length === 0) {
      throw new RangeError("Cannot choose from no values");
    }
    return values[this.#below(values.length)];
  }

  /**
   * Puts the values into random order, in place (Fisher and Yates).
   *
   * @param values An array or typed array; returned as well.
   */
  shuffle<T extends { length: number; [index: number]: unknown }>(
    values: T,
  ): T {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.#below(i + 1);
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
    return values;
  }

  /** The state, from which {@linkcode Random.loadState} goes on. */
  saveState(): RandomState {
    return Uint32Array.of(this.#s0, this.#s1, this.#s2, this.#s3);
  }

  /**
   * Goes on from a saved state.
   *
   * @param state Four words, not all zero. Throws `TypeError` otherwise.
   */
  loadState(state: RandomState): void {
    if (
      !(state instanceof Uint32Array) || state.length !== 4 ||
      state.every((word) => word === 0)
    ) {
      throw new TypeError(
        `Cannot restore a random stream from ${state}: expected a Uint32Array of 4 words that are not all zero`,
      );
    }
    this.#s0 = state[0] | 0;
    this.#s1 = state[1] | 0;
    this.#s2 = state[2] | 0;
    this.#s3 = state[3] | 0;
  }
}

const SMALL_LOG_FACTORIALS = new Float64Array(128);
for (let k = 2; k < SMALL_LOG_FACTORIALS.length; k++) {
  SMALL_LOG_FACTORIALS[k] = SMALL_LOG_FACTORIALS[k - 1] + log(k);
}

/** ln k!, from a table and, above it, by Stirling's series (error < 1e-16). */
function logFactorial(k: number): number {
  if (k < SMALL_LOG_FACTORIALS.length) return SMALL_LOG_FACTORIALS[k];
  const inverse = 1 / k;
  const square = inverse * inverse;
  return (k + 0.5) * log(k) - k + 0.91893853320467274178 +
    inverse * (1 / 12 - square * (1 / 360 - square / 1260));
}
