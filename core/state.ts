/**
 * What a saved state is made of.
 *
 * @module
 */

/** The typed arrays that a state may hold. */
export type StateArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** One value of a state. */
export type StateValue =
  | null
  | boolean
  | number
  | string
  | StateArray
  | StateValue[]
  | { [name: string]: StateValue };

/**
 * All that is needed to go on from a moment, as a tree of plain values and
 * typed arrays: environments, agents, replay memories and random streams save
 * themselves as one, and archives write it without loss.
 */
export type State = { [name: string]: StateValue };
