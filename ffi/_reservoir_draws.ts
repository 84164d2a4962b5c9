/**
 * Draws on the random words of a reservoir, bit by bit as
 * `src/reservoir/random.rs` makes them.
 *
 * @module
 */
import { exp, log } from "../core/fdlibm.ts";

const TWO_POW_32 = 2 ** 32;
const TWO_POW_53 = 2 ** 53;

/** Below this, one minus it loses digits that the series keeps. */
const SERIES_LIMIT = 1 / 1024;

/** Random words: the first four are a state of xoshiro128++. */
export type RandomWords = Int32Array;

/** The next 32 bits, with a sign. */
function nextWord(words: RandomWords): number {
  const s0 = words[0], s1 = words[1], s3 = words[3];
  const sum = (s0 + s3) | 0;
  const result = (((sum << 7) | (sum >>> 25)) + s0) | 0;
  const t2 = words[2] ^ s0;
  const t3 = s3 ^ s1;
  words[0] = s0 ^ t3;
  words[1] = s1 ^ t2;
  words[2] = t2 ^ (s1 << 9);
  words[3] = (t3 << 11) | (t3 >>> 21);
  return result;
}

function uniformBits(words: RandomWords): number {
  const upper = nextWord(words) >>> 5;
  const lower = nextWord(words) >>> 6;
  return upper * 67108864 + lower;
}

/** A number from 0 to 1, 1 not reached, with 53 bits. */
export function drawUniform(words: RandomWords): number {
  return uniformBits(words) / TWO_POW_53;
}

/** An exponential variate of mean 1. */
export function drawExponential(words: RandomWords): number {
  return -log(1 - drawUniform(words));
}

/**
 * A whole number below `count`, which is at most 2^20, by Lemire's rejection
 * ("Fast random integer generation in an interval", 2019).
 */
export function drawSlot(words: RandomWords, count: number): number {
  const product = (nextWord(words) >>> 0) * count;
  const slot = Math.floor(product / TWO_POW_32);
  return product - slot * TWO_POW_32 < count
    ? checkedSlot(words, count, product)
    : slot;
}

function checkedSlot(
  words: RandomWords,
  count: number,
  product: number,
): number {
  const threshold = TWO_POW_32 % count;
  while (product % TWO_POW_32 < threshold) {
    product = (nextWord(words) >>> 0) * count;
  }
  return Math.floor(product / TWO_POW_32);
}

/** A whole number below `count`, which is at most 2^53. */
export function drawBelow(words: RandomWords, count: number): number {
  const wide = count > TWO_POW_32;
  const range = wide ? TWO_POW_53 : TWO_POW_32;
  for (;;) {
    const draw = wide ? uniformBits(words) : nextWord(words) >>> 0;
    if (draw < range - count || draw < range - range % count) {
      return draw % count;
    }
  }
}

/** `-ln(1 - w)` for w from 0 to 1, without losing the digits of a small w. */
export function minusLogOneMinus(w: number): number {
  if (w >= SERIES_LIMIT) return -log(1 - w);
  const tail = 1 / 4 + w * (1 / 5 + w * (1 / 6));
  return w * (1 + w * (1 / 2 + w * (1 / 3 + w * tail)));
}

/** `1 - exp(-x)` for x of at least 0, without losing the digits of a small x. */
export function oneMinusExp(x: number): number {
  if (x >= SERIES_LIMIT) return 1 - exp(-x);
  const tail = 1 / 24 - x * (1 / 120 - x * (1 / 720));
  return x * (1 - x * (1 / 2 - x * (1 / 6 - x * tail)));
}
