/**
 * What a reservoir is to be.
 *
 * @module
 */
import { minusLogOneMinus } from "./_reservoir_draws.ts";
import {
  type Algorithm,
  type KindName,
  kindNumber,
} from "./_reservoir_memory.ts";
import { MAX_CAPACITY } from "./_symbols.ts";

/** What a reservoir is to be. */
export interface ReservoirOptions {
  /** Most samples that are kept, from 1 to 1,048,576. Default 128. */
  size?: number;
  /**
   * Which items are kept. `"uniform"`: each of all so far is as likely.
   * `"weighted"`: by weight, without replacement. `"biased"`: each arrival
   * replaces a random sample with a fixed probability, so that ages are
   * exponential. `"window"`: the last ones. Default `"uniform"`.
   */
  kind?: KindName;
  /**
   * How uniform samples are drawn: by Vitter's Algorithm R, one draw an item,
   * or Li's Algorithm L, which skips items. Default `"L"`.
   */
  algorithm?: Algorithm;
  /**
   * Probability that an item enters a biased reservoir, above 0. The mean age
   * of its samples is `size / probability` items. Default 1.
   */
  probability?: number;
  /** Seed of its random stream, from 0 to 2^53 - 1. Default 0. */
  seed?: number;
  /**
   * Whether Rust takes batches and computes features; results are the same.
   * Default: where the library is built.
   */
  native?: boolean;
}

/** A batch's times and weights. */
export interface BatchOptions {
  /**
   * The time of all items, or one for each, none before the one before it.
   * Default: they have none, as for single items.
   */
  time?: number | Float64Array<ArrayBuffer>;
  /** A weight for each item, for weighted reservoirs. Default: all 1. */
  weights?: Float64Array<ArrayBuffer>;
}

/** Where a reservoir lives in memory that others share. */
export interface ReservoirPlace {
  /** Words of all of them. */
  words: Uint32Array<ArrayBuffer>;
  /** Numbers of all of them. */
  numbers: Float64Array<ArrayBuffer>;
  /** Which it is. */
  index: number;
  /** Of how many. */
  count: number;
  /** The state of its random stream. */
  random: Uint32Array;
  /**
   * Gets a function that brings the memory up to date, for the owner to call
   * before others look at it.
   */
  settles?: (() => void)[];
}

const KIND_NAMES: readonly KindName[] = [
  "uniform",
  "weighted",
  "biased",
  "window",
];

/** Options with defaults filled in. */
export interface CheckedOptions {
  /** Most samples that are kept. */
  size: number;
  /** The kind's number in memory. */
  kind: number;
  /** Its name. */
  kindName: KindName;
  /** Rate of the geometric skips; infinite where nothing is skipped. */
  rate: number;
}

/**
 * Throws `RangeError` for options that are out of range.
 *
 * @param options What a reservoir is to be.
 * @returns With defaults, as memory holds them.
 */
export function checkReservoirOptions(
  options: ReservoirOptions,
): CheckedOptions {
  const { size = 128, kind = "uniform", algorithm = "L", probability = 1 } =
    options;
  if (!Number.isInteger(size) || size < 1 || size > MAX_CAPACITY) {
    throw new RangeError(
      `Cannot make a reservoir of size ${size}, expected a whole number from 1 to ${MAX_CAPACITY}`,
    );
  }
  if (!KIND_NAMES.includes(kind)) {
    throw new RangeError(
      `Cannot make a reservoir of kind ${
        JSON.stringify(kind)
      }, expected one of ${KIND_NAMES.join(", ")}`,
    );
  }
  if (algorithm !== "L" && algorithm !== "R") {
    throw new RangeError(
      `Cannot sample by the algorithm ${
        JSON.stringify(algorithm)
      }, expected "L" or "R"`,
    );
  }
  if (!(probability > 0 && probability <= 1)) {
    throw new RangeError(
      `Cannot keep items with probability ${probability}, expected a number above 0, at most 1`,
    );
  }
  const skips = kind === "biased" && probability < 1;
  const rate = skips ? minusLogOneMinus(probability) : Infinity;
  return { size, kind: kindNumber(kind, algorithm), kindName: kind, rate };
}
