/**
 * Draws on the random words of a reservoir, bit by bit as
 * `src/reservoir/random.rs` makes them.
 *
 * @module
 */
import { exp, log } from "../core/fdlibm.ts";
import {
  exponentialBeyond,
  innerWidths,
  LAYERS,
  unitWidths,
} from "../core/ziggurat.ts";
import { MAX_OF_HALVES, WORD_CAPACITY, WORD_SPARE } from "./_symbols.ts";

const TWO_POW_32 = 2 ** 32;
const TWO_POW_53 = 2 ** 53;

/** Below these, series have the digits that the functions lose, or all. */
const SERIES_LIMIT = 1 / 128;
const SHRINK_LIMIT = 1 / 16;

/** One over each of equidistant points from 1 to 2, and its -logarithm. */
const POINTS = 128;
const inverses = new Float64Array(POINTS);
const logarithms = new Float64Array(POINTS);
for (let point = 0; point < POINTS; point++) {
  inverses[point] = 1 / (1 + (point + 0.5) / POINTS);
  logarithms[point] = -log(inverses[point]);
}

const bits = new DataView(new ArrayBuffer(8));

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

/** An exponential variate of mean 1, by the ziggurat. */
export function drawExponential(words: RandomWords): number {
  const upper = nextWord(words) >>> 0;
  const lower = nextWord(words);
  const layer = lower & (LAYERS - 1);
  const x = (upper * 2097152 + (lower >>> 11)) * unitWidths[layer];
  return x < innerWidths[layer]
    ? x
    : exponentialBeyond(layer, x, () => nextWord(words));
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

/**
 * Whether the slots of a reservoir that every item enters are bytes of words,
 * four of a word: the size is a power of two.
 */
export function isOfBytes(size: number): boolean {
  return size > 1 && size <= 256 && (size & (size - 1)) === 0;
}

/**
 * The slot of an item of a reservoir that every item enters.
 *
 * @param words Of the reservoir.
 * @param item How many items there were before.
 */
export function drawSlotOfItem(words: RandomWords, item: number): number {
  const size = words[WORD_CAPACITY];
  if (isOfBytes(size)) return drawByte(words, item);
  return size <= MAX_OF_HALVES ? drawHalf(words, item) : drawSlot(words, size);
}

/** The first bits of a byte of a word that is drawn for each four items. */
function drawByte(words: RandomWords, item: number): number {
  const byte = item % 4;
  if (byte === 0) words[WORD_SPARE] = nextWord(words);
  const shift = Math.clz32(words[WORD_CAPACITY]) + 1;
  return (words[WORD_SPARE] << (8 * byte)) >>> shift;
}

/**
 * Half of a word that is drawn for each two items, as {@linkcode drawSlot} makes
 * a slot of a whole one; a word of its own where that half is rejected.
 */
function drawHalf(words: RandomWords, item: number): number {
  const size = words[WORD_CAPACITY];
  const isFirst = item % 2 === 0;
  if (isFirst) words[WORD_SPARE] = nextWord(words);
  const spare = words[WORD_SPARE];
  const product = (isFirst ? spare >>> 16 : spare & 0xffff) * size;
  return (product & 0xffff) < rejectedHalves(size)
    ? drawSlot(words, size)
    : product >>> 16;
}

/** Below this, what is left of a product of half a word is rejected. */
export function rejectedHalves(size: number): number {
  return 0x10000 % size;
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
  if (w >= SERIES_LIMIT) return minusLog(1 - w);
  const square = w * w;
  const tail = (1 / 5 + w * (1 / 6)) + square * (1 / 7 + w * (1 / 8));
  const rest = (1 / 3 + w * (1 / 4)) + square * tail;
  return w * ((1 + w * (1 / 2)) + square * rest);
}

/**
 * `-ln x` for a normal x, within 2^-52: the logarithm of the nearest point from
 * a table, and a series for what is left.
 */
function minusLog(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getInt32(0);
  const exponent = (high >>> 20) - 1023;
  bits.setInt32(0, (high & 0xfffff) | 0x3ff00000);
  const point = (high >>> 13) & (POINTS - 1);
  const r = bits.getFloat64(0) * inverses[point] - 1;
  const square = r * r;
  const tail = (1 / 3 - r * (1 / 4)) + square * (1 / 5 - r * (1 / 6));
  const rest = r * ((1 - r * (1 / 2)) + square * tail);
  return -((exponent * Math.LN2 + logarithms[point]) + rest);
}

/** `exp(-x)` for x of at least 0; fast where it is small. */
export function shrink(x: number): number {
  if (x >= SHRINK_LIMIT) return exp(-x);
  const square = x * x;
  const head = (1 - x) + square * (1 / 2 - x * (1 / 6));
  const middle = (1 / 24 - x * (1 / 120)) +
    square * (1 / 720 - x * (1 / 5040));
  const fourth = square * square;
  return head + fourth * (middle + fourth * (1 / 40320 - x * (1 / 362880)));
}

/** `1 - exp(-x)` for x of at least 0, without losing the digits of a small x. */
export function oneMinusExp(x: number): number {
  if (x >= SERIES_LIMIT) return 1 - exp(-x);
  const tail = 1 / 720 - x * (1 / 5040 - x * (1 / 40320));
  const middle = 1 / 24 - x * (1 / 120 - x * tail);
  return x * (1 - x * (1 / 2 - x * (1 / 6 - x * middle)));
}
