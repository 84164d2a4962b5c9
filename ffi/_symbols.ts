// Written by tools/write_symbols.ts from the Rust source: not to be edited.
// deno-fmt-ignore-file
/**
 * What the native library exports.
 *
 * @module
 */

/** The number that a library of this interface returns. */
export const ABI_VERSION = 0xa16c3fcd;

/**
 * Features of a reservoir.
 */
export const FEATURES = 7;

/**
 * Feature: the values' mean.
 */
export const FEATURE_MEAN = 0;

/**
 * Feature: the values' percentile.
 */
export const FEATURE_PERCENTILE = 1;

/**
 * Feature: the values' standard deviation, as of a population.
 */
export const FEATURE_DEVIATION = 2;

/**
 * Feature: the sum of the discounted values over the reservoir's size.
 */
export const FEATURE_DISCOUNTED_MEAN = 3;

/**
 * Feature: the percentile of the discounted values.
 */
export const FEATURE_DISCOUNTED_PERCENTILE = 4;

/**
 * Feature: the mean weighted by the discounts.
 */
export const FEATURE_WEIGHTED_MEAN = 5;

/**
 * Feature: the percentile weighted by the discounts.
 */
export const FEATURE_WEIGHTED_PERCENTILE = 6;

/**
 * One in the whole numbers that weights are rounded down to: sums of as
 * many as the largest reservoir holds are exact in any order.
 */
export const WEIGHT_UNIT = 4294967296;

/**
 * Words of a reservoir.
 */
export const WORDS = 16;

/**
 * Numbers before the samples.
 */
export const HEADER = 8;

/**
 * Largest size of a reservoir.
 */
export const MAX_CAPACITY = 1048576;

/**
 * Word: which kind of reservoir it is.
 */
export const WORD_KIND = 4;

/**
 * Word: its size.
 */
export const WORD_CAPACITY = 5;

/**
 * Word: samples that are there.
 */
export const WORD_FILLED = 6;

/**
 * Word: items until the next that is looked at, that one included.
 */
export const WORD_REMAINING = 7;

/**
 * Word: where a window writes next.
 */
export const WORD_CURSOR = 8;

/**
 * Number: how many items there will have been when none remains.
 */
export const NUMBER_DUE = 0;

/**
 * Number: the time of the last item; minus infinity before the first, and
 * infinity where items have no times of their own.
 */
export const NUMBER_LAST_TIME = 1;

/**
 * Number: logarithm of Algorithm L's threshold; the weight that a
 * weighted sample still jumps over.
 */
export const NUMBER_LEVEL = 2;

/**
 * Number: rate of the geometric skips of a biased reservoir.
 */
export const NUMBER_RATE = 3;

/**
 * Number: items to skip beyond those that remain.
 */
export const NUMBER_REST = 4;

/**
 * Number: the item of a batch that was refused.
 */
export const NUMBER_REFUSED = 5;

/**
 * Uniform, by Algorithm R.
 */
export const KIND_UNIFORM_R = 1;

/**
 * Uniform, by Algorithm L.
 */
export const KIND_UNIFORM_L = 2;

/**
 * Weighted, by A-ExpJ.
 */
export const KIND_WEIGHTED = 3;

/**
 * Biased to the recent, by replacement of fixed probability.
 */
export const KIND_BIASED = 4;

/**
 * The most recent.
 */
export const KIND_WINDOW = 5;

/**
 * Most items that are skipped at one go.
 */
export const MAX_REMAINING = 536870912;

/**
 * A batch's result: a value is not finite.
 */
export const REFUSED_VALUE = 1;

/**
 * A batch's result: a time is not finite, or before the last.
 */
export const REFUSED_TIME = 2;

/**
 * A batch's result: a weight is negative or not finite.
 */
export const REFUSED_WEIGHT = 3;

/**
 * A batch's result: it has times where items before had none, or none
 * where they had.
 */
export const REFUSED_MIXED = 4;

/**
 * A digest of the layout of shared memory: a library of another layout is
 * one of another interface.
 */
export const SHARED_MEMORY_DIGEST = 2889360533;

/** Negative results: the error that each becomes, and what it says. */
export const FAULTS: ReadonlyMap<number, { kind: string; message: string }> =
  new Map([
  [-1, {
    kind: "Error",
    message:
      "the library panicked, which is a fault of its own; the message stands on standard error",
  }],
  [-2, {
    kind: "TypeError",
    message:
      "a buffer is missing, not aligned, or overlaps one that is written",
  }],
  [-3, {
    kind: "TypeError",
    message:
      "a buffer's length does not fit the others",
  }],
  [-4, {
    kind: "RangeError",
    message:
      "an argument is outside of its range",
  }],
  [-5, {
    kind: "TypeError",
    message:
      "the state was not made by this version of the library, or is damaged",
  }],
  [-6, {
    kind: "TypeError",
    message:
      "the handle is closed, or was never given out",
  }],
  [-20, {
    kind: "RangeError",
    message:
      "a name has 1 to 250 letters, digits, dots, hyphens or underscores, no slashes, and does not begin with a dot",
  }],
  [-21, {
    kind: "Error",
    message:
      "its owner lives, expected a new name, or the owner to close it",
  }],
  [-22, {
    kind: "Error",
    message:
      "it has not the size of a region, expected one that this version made; unlink it if nobody needs it",
  }],
  [-23, {
    kind: "Error",
    message:
      "it does not begin as a region does, expected one that Loadstar made; unlink it if nobody needs it",
  }],
  [-24, {
    kind: "Error",
    message:
      "it has another layout, expected this version's; unlink it if nobody needs it",
  }],
  [-25, {
    kind: "Error",
    message:
      "its owner has not finished making it, expected to be asked again when that is done",
  }],
  [-26, {
    kind: "Error",
    message:
      "it belongs to another user, expected a name that is free",
  }],
  [-27, {
    kind: "Error",
    message:
      "another writes this direction, expected one writer for each",
  }],
  [-28, {
    kind: "Error",
    message:
      "what the region holds cannot be what a writer wrote, expected the region to be unlinked and made again",
  }],
  [-29, {
    kind: "RangeError",
    message:
      "too many regions are open, expected 256 at most",
  }],
  [-30, {
    kind: "Error",
    message:
      "this system has no shared memory with locks that die with their process, expected Linux",
  }],
]);

/** What `Deno.dlopen` is given. */
export const SYMBOLS = {
  reservoirFeatures: {
    name: "loadstar_reservoir_features",
    parameters: [
      "buffer",
      "u32",
      "buffer",
      "u32",
      "f64",
      "f64",
      "f64",
      "u32",
      "buffer",
      "u32",
    ],
    result: "i32",
  },
  reservoirUpdate: {
    name: "loadstar_reservoir_update",
    parameters: [
      "buffer",
      "u32",
      "buffer",
      "u32",
      "buffer",
      "u32",
      "buffer",
      "u32",
      "buffer",
      "u32",
      "f64",
    ],
    result: "i32",
  },
  sharedMemoryBeat: {
    name: "loadstar_shared_memory_beat",
    parameters: [
      "u32",
    ],
    result: "i32",
  },
  sharedMemoryClose: {
    name: "loadstar_shared_memory_close",
    parameters: [
      "u32",
    ],
    result: "i32",
  },
  sharedMemoryCreate: {
    name: "loadstar_shared_memory_create",
    parameters: [
      "buffer",
      "u32",
      "buffer",
      "u32",
    ],
    result: "i32",
  },
  sharedMemoryOpen: {
    name: "loadstar_shared_memory_open",
    parameters: [
      "buffer",
      "u32",
      "buffer",
      "u32",
    ],
    result: "i32",
  },
  sharedMemoryReadMsgIn: {
    name: "loadstar_shared_memory_read_msg_in",
    parameters: [
      "u32",
      "buffer",
      "u32",
      "u32",
    ],
    result: "i32",
  },
  sharedMemoryReadMsgOut: {
    name: "loadstar_shared_memory_read_msg_out",
    parameters: [
      "u32",
      "buffer",
      "u32",
      "u32",
    ],
    result: "i32",
  },
  sharedMemoryStatus: {
    name: "loadstar_shared_memory_status",
    parameters: [
      "u32",
      "buffer",
      "u32",
    ],
    result: "i32",
  },
  sharedMemoryUnlink: {
    name: "loadstar_shared_memory_unlink",
    parameters: [
      "buffer",
      "u32",
      "buffer",
      "u32",
    ],
    result: "i32",
  },
  sharedMemoryUnlinkOpen: {
    name: "loadstar_shared_memory_unlink_open",
    parameters: [
      "u32",
    ],
    result: "i32",
  },
  sharedMemoryWriteMsgIn: {
    name: "loadstar_shared_memory_write_msg_in",
    parameters: [
      "u32",
      "buffer",
      "u32",
    ],
    result: "i32",
  },
  sharedMemoryWriteMsgOut: {
    name: "loadstar_shared_memory_write_msg_out",
    parameters: [
      "u32",
      "buffer",
      "u32",
      "u32",
      "u32",
    ],
    result: "i32",
  },
} as const;

/** The library's functions: results below 0 are faults. */
export interface NativeFunctions {
  /**
   * Features of reservoirs of one kind and size that lie one after another.
   *
   * `rate` is the logarithm to base 2 of the discount a second, `share` the
   * percentile over 100; with `zeros` other than 0 empty slots are zeros.
   * `out` takes `FEATURES` numbers a reservoir.
   */
  reservoirFeatures(
    words: Uint32Array<ArrayBuffer>,
    numbers: Float64Array<ArrayBuffer>,
    now: number,
    rate: number,
    share: number,
    zeros: number,
    out: Float64Array<ArrayBuffer>,
  ): number;

  /**
   * Offers a batch of items to a reservoir.
   *
   * Times and weights are as many as values, or none; `time` is that of all
   * items where there are no times, NaN for items without.
   * Returns 0, or why an item was refused: the items before it are in.
   */
  reservoirUpdate(
    words: Uint32Array<ArrayBuffer>,
    numbers: Float64Array<ArrayBuffer>,
    values: Float64Array<ArrayBuffer>,
    times: Float64Array<ArrayBuffer>,
    weights: Float64Array<ArrayBuffer>,
    time: number,
  ): number;

  /**
   * Gives a sign of life for all that this handle owns or writes.
   */
  sharedMemoryBeat(
    handle: number,
  ): number;

  /**
   * Ends the use of a region, and with it all that this handle owns there.
   */
  sharedMemoryClose(
    handle: number,
  ): number;

  /**
   * Makes a region and owns it, or takes over that of a dead owner; a
   * handle. `details` tell what was found: bytes, layout version, owner.
   */
  sharedMemoryCreate(
    name: Uint8Array<ArrayBuffer>,
    details: Float64Array<ArrayBuffer>,
  ): number;

  /**
   * Opens a region; a handle. `details` as for a new one.
   */
  sharedMemoryOpen(
    name: Uint8Array<ArrayBuffer>,
    details: Float64Array<ArrayBuffer>,
  ): number;

  /**
   * Looks for a message of the control plane: results as for the other.
   */
  sharedMemoryReadMsgIn(
    handle: number,
    buffer: Uint32Array<ArrayBuffer>,
    offset: number,
  ): number;

  /**
   * Looks for a message of the data plane: 0 stale, 1 fresh, 2 lapped,
   * 3 restarted without a message, 4 restarted with one. Header and rows
   * begin at `offset` in the buffer.
   */
  sharedMemoryReadMsgOut(
    handle: number,
    buffer: Uint32Array<ArrayBuffer>,
    offset: number,
  ): number;

  /**
   * Tells of a region: epoch, whether owned, owned here, written (msg_out,
   * msg_in), unlinked; processes of owner and writers; ages of their signs
   * of life in nanoseconds, -1 for none.
   */
  sharedMemoryStatus(
    handle: number,
    status: Float64Array<ArrayBuffer>,
  ): number;

  /**
   * Takes a name away, unless its owner lives. `details` as for a new one.
   */
  sharedMemoryUnlink(
    name: Uint8Array<ArrayBuffer>,
    details: Float64Array<ArrayBuffer>,
  ): number;

  /**
   * Takes an open region's name away.
   */
  sharedMemoryUnlinkOpen(
    handle: number,
  ): number;

  /**
   * Writes weights with their alias table, as the control plane does.
   */
  sharedMemoryWriteMsgIn(
    handle: number,
    weights: Float32Array<ArrayBuffer>,
  ): number;

  /**
   * Writes statistics of servers, row by row, as the data plane does. Bits
   * of active servers are given by halves.
   */
  sharedMemoryWriteMsgOut(
    handle: number,
    statistics: Float32Array<ArrayBuffer>,
    activeLow: number,
    activeHigh: number,
  ): number;
}

/**
 * The functions of an opened library, with typed arrays for buffers.
 *
 * @param symbols What `Deno.dlopen` found.
 */
export function bindSymbols(
  symbols: Deno.StaticForeignLibraryInterface<typeof SYMBOLS>,
): NativeFunctions {
  return {
    reservoirFeatures: (
      words,
      numbers,
      now,
      rate,
      share,
      zeros,
      out,
    ) =>
      symbols.reservoirFeatures(
        words,
        words.length,
        numbers,
        numbers.length,
        now,
        rate,
        share,
        zeros,
        out,
        out.length,
      ),
    reservoirUpdate: (
      words,
      numbers,
      values,
      times,
      weights,
      time,
    ) =>
      symbols.reservoirUpdate(
        words,
        words.length,
        numbers,
        numbers.length,
        values,
        values.length,
        times,
        times.length,
        weights,
        weights.length,
        time,
      ),
    sharedMemoryBeat: (
      handle,
    ) =>
      symbols.sharedMemoryBeat(
        handle,
      ),
    sharedMemoryClose: (
      handle,
    ) =>
      symbols.sharedMemoryClose(
        handle,
      ),
    sharedMemoryCreate: (
      name,
      details,
    ) =>
      symbols.sharedMemoryCreate(
        name,
        name.length,
        details,
        details.length,
      ),
    sharedMemoryOpen: (
      name,
      details,
    ) =>
      symbols.sharedMemoryOpen(
        name,
        name.length,
        details,
        details.length,
      ),
    sharedMemoryReadMsgIn: (
      handle,
      buffer,
      offset,
    ) =>
      symbols.sharedMemoryReadMsgIn(
        handle,
        buffer,
        buffer.length,
        offset,
      ),
    sharedMemoryReadMsgOut: (
      handle,
      buffer,
      offset,
    ) =>
      symbols.sharedMemoryReadMsgOut(
        handle,
        buffer,
        buffer.length,
        offset,
      ),
    sharedMemoryStatus: (
      handle,
      status,
    ) =>
      symbols.sharedMemoryStatus(
        handle,
        status,
        status.length,
      ),
    sharedMemoryUnlink: (
      name,
      details,
    ) =>
      symbols.sharedMemoryUnlink(
        name,
        name.length,
        details,
        details.length,
      ),
    sharedMemoryUnlinkOpen: (
      handle,
    ) =>
      symbols.sharedMemoryUnlinkOpen(
        handle,
      ),
    sharedMemoryWriteMsgIn: (
      handle,
      weights,
    ) =>
      symbols.sharedMemoryWriteMsgIn(
        handle,
        weights,
        weights.length,
      ),
    sharedMemoryWriteMsgOut: (
      handle,
      statistics,
      activeLow,
      activeHigh,
    ) =>
      symbols.sharedMemoryWriteMsgOut(
        handle,
        statistics,
        statistics.length,
        activeLow,
        activeHigh,
      ),
  };
}
