/**
 * Slots drawn ahead, many at once: the random words then stay in registers.
 *
 * While slots are ahead, a reservoir's random words are those from which the
 * first of them was drawn.
 *
 * @module
 */
import { drawSlot } from "./_reservoir_draws.ts";
import type { Memory } from "./_reservoir_memory.ts";
import { NUMBER_DUE, WORD_CAPACITY } from "./_symbols.ts";

/** How many slots are drawn at once. */
export const SLOTS_AHEAD = 128;

/** Slots, and the random words after them. */
export interface SlotBuffer {
  /** The slots. */
  slots: Int32Array;
  /** Four words. */
  after: Int32Array;
  /** Bits to drop from a word for a slot; -1 where the size is no power of 2. */
  shift: number;
}

/** A buffer for a reservoir of a size. */
export function makeSlotBuffer(size: number): SlotBuffer {
  const isPower = size > 1 && (size & (size - 1)) === 0;
  return {
    slots: new Int32Array(SLOTS_AHEAD),
    after: new Int32Array(4),
    shift: isPower ? Math.clz32(size) + 1 : -1,
  };
}

/** Faster for four words than the typed arrays' own method. */
function copyWords(from: Int32Array, to: Int32Array): void {
  to[0] = from[0];
  to[1] = from[1];
  to[2] = from[2];
  to[3] = from[3];
}

/** Draws slots ahead, from the reservoir's random words. */
export function fillSlots({ counters }: Memory, buffer: SlotBuffer): void {
  const { slots, after, shift } = buffer;
  copyWords(counters, after);
  if (shift >= 0) return fillByShift(slots, after, shift);
  for (let i = 0; i < SLOTS_AHEAD; i++) {
    slots[i] = drawSlot(after, counters[WORD_CAPACITY]);
  }
}

/** Where the size is a power of two, the first bits of a word are the slot. */
function fillByShift(
  slots: Int32Array,
  words: Int32Array,
  shift: number,
): void {
  let s0 = words[0], s1 = words[1], s2 = words[2], s3 = words[3];
  for (let i = 0; i < SLOTS_AHEAD; i++) {
    const sum = (s0 + s3) | 0;
    slots[i] = ((((sum << 7) | (sum >>> 25)) + s0) | 0) >>> shift;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
  }
  words[0] = s0;
  words[1] = s1;
  words[2] = s2;
  words[3] = s3;
}

/** Goes on to the next slots: all of the buffer are used. */
export function turnSlots(memory: Memory, buffer: SlotBuffer): void {
  copyWords(buffer.after, memory.counters);
  memory.numbers[NUMBER_DUE] += SLOTS_AHEAD;
  fillSlots(memory, buffer);
}

/** Brings the reservoir's random words past the slots that were used. */
export function consumeSlots(memory: Memory, used: number): void {
  const { counters, numbers } = memory;
  for (let i = 0; i < used; i++) drawSlot(counters, counters[WORD_CAPACITY]);
  numbers[NUMBER_DUE] += used;
}
