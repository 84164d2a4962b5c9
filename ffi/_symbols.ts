// Written by tools/write_symbols.ts from the Rust source: not to be edited.
// deno-fmt-ignore-file
/**
 * What the native library exports.
 *
 * @module
 */

/** The number that a library of this interface returns. */
export const ABI_VERSION = 0x25dcb9ac;

/**
 * First word of a plan.
 */
export const PLAN_MAGIC = 1280328014;

/**
 * Second word of a plan: the version of what follows.
 */
export const PLAN_VERSION = 1;

/**
 * Most dimensions of a map.
 */
export const PLAN_MAX_RANK = 6;

/**
 * Most registers of a map.
 */
export const PLAN_MAX_REGISTERS = 64;

/**
 * Opcode: computes element by element, and may reduce.
 */
export const PLAN_MAP = 1;

/**
 * Opcode: multiplies matrices.
 */
export const PLAN_PRODUCT = 2;

/**
 * Opcode: picks slices by index.
 */
export const PLAN_GATHER = 3;

/**
 * Opcode: adds slices up by index.
 */
export const PLAN_SCATTER_ADD = 4;

/**
 * Opcode: finds the first extreme element.
 */
export const PLAN_ARG = 5;

/**
 * Opcode: sums or products of all elements so far.
 */
export const PLAN_SCAN = 6;

/**
 * Flag of a product: the next instruction is a map that runs row by row.
 */
export const PRODUCT_EPILOGUE = 1;

/**
 * Load of a map: elements of the arena.
 */
export const LOAD_MEMORY = 0;

/**
 * Load of a map: whole numbers, from the offset in steps of the strides.
 */
export const LOAD_IOTA = 1;

/**
 * Store of a map: floats.
 */
export const STORE_F32 = 0;

/**
 * Store of a map: whole numbers.
 */
export const STORE_I32 = 1;

/**
 * Store of a map: sums of floats over dimensions of stride 0.
 */
export const STORE_SUM_F32 = 2;

/**
 * Store of a map: the largest float, or NaN where there is one.
 */
export const STORE_MAX_F32 = 3;

/**
 * Store of a map: the smallest float, or NaN where there is one.
 */
export const STORE_MIN_F32 = 4;

/**
 * Store of a map: products of floats.
 */
export const STORE_PRODUCT_F32 = 5;

/**
 * Store of a map: sums of whole numbers, which wrap around.
 */
export const STORE_SUM_I32 = 6;

/**
 * Store of a map: the largest whole number.
 */
export const STORE_MAX_I32 = 7;

/**
 * Store of a map: the smallest whole number.
 */
export const STORE_MIN_I32 = 8;

/**
 * Store of a map: products of whole numbers, which wrap around.
 */
export const STORE_PRODUCT_I32 = 9;

/**
 * Kind of an argument: where the largest element is.
 */
export const ARG_MAX = 0;

/**
 * Kind of an argument: where the smallest element is.
 */
export const ARG_MIN = 1;

/**
 * Kind of a scan: sums.
 */
export const SCAN_SUM = 0;

/**
 * Kind of a scan: products.
 */
export const SCAN_PRODUCT = 1;

/**
 * Type of elements: floats.
 */
export const DTYPE_F32 = 0;

/**
 * Type of elements: whole numbers.
 */
export const DTYPE_I32 = 1;

/**
 * a + b.
 */
export const OP_ADD = 0;

/**
 * a - b.
 */
export const OP_SUB = 1;

/**
 * a b.
 */
export const OP_MUL = 2;

/**
 * a / b.
 */
export const OP_DIV = 3;

/**
 * The larger, NaN where either is, 0 rather than -0.
 */
export const OP_MAX = 4;

/**
 * The smaller, NaN where either is, -0 rather than 0.
 */
export const OP_MIN = 5;

/**
 * a to the power of b.
 */
export const OP_POW = 6;

/**
 * The angle of the point (b, a).
 */
export const OP_ATAN2 = 7;

/**
 * The rest of a / b, of b's sign.
 */
export const OP_MOD = 8;

/**
 * a / b rounded down.
 */
export const OP_FLOOR_DIV = 9;

/**
 * (a - b)^2.
 */
export const OP_SQUARED_DIFFERENCE = 10;

/**
 * Whether a = b: 1 or 0, as all comparisons.
 */
export const OP_EQ = 11;

/**
 * Whether a and b differ.
 */
export const OP_NE = 12;

/**
 * Whether a < b.
 */
export const OP_LT = 13;

/**
 * Whether a <= b.
 */
export const OP_LE = 14;

/**
 * Whether a > b.
 */
export const OP_GT = 15;

/**
 * Whether a >= b.
 */
export const OP_GE = 16;

/**
 * a + b of whole numbers; all of these wrap around.
 */
export const OP_ADD_I = 20;

/**
 * a - b of whole numbers.
 */
export const OP_SUB_I = 21;

/**
 * a b of whole numbers.
 */
export const OP_MUL_I = 22;

/**
 * The larger whole number.
 */
export const OP_MAX_I = 23;

/**
 * The smaller whole number.
 */
export const OP_MIN_I = 24;

/**
 * a / b rounded down; 0 where b is 0.
 */
export const OP_FLOOR_DIV_I = 25;

/**
 * The rest of a / b, of b's sign; 0 where b is 0.
 */
export const OP_MOD_I = 26;

/**
 * Whether whole numbers are equal.
 */
export const OP_EQ_I = 27;

/**
 * Whether whole numbers differ.
 */
export const OP_NE_I = 28;

/**
 * Whether a < b, of whole numbers.
 */
export const OP_LT_I = 29;

/**
 * Whether a <= b, of whole numbers.
 */
export const OP_LE_I = 30;

/**
 * Whether a > b, of whole numbers.
 */
export const OP_GT_I = 31;

/**
 * Whether a >= b, of whole numbers.
 */
export const OP_GE_I = 32;

/**
 * -a of a whole number.
 */
export const OP_NEG_I = 33;

/**
 * |a| of a whole number.
 */
export const OP_ABS_I = 34;

/**
 * a^2 of a whole number.
 */
export const OP_SQUARE_I = 35;

/**
 * -1, 0 or 1, of a whole number.
 */
export const OP_SIGN_I = 36;

/**
 * Whether neither is 0.
 */
export const OP_AND = 40;

/**
 * Whether either is not 0.
 */
export const OP_OR = 41;

/**
 * Whether a is 0.
 */
export const OP_NOT = 42;

/**
 * b where a is not 0, else c: any four bytes.
 */
export const OP_SELECT = 43;

/**
 * a, but c where it is above that, else b where it is below that.
 */
export const OP_CLIP = 44;

/**
 * a b + c, rounded twice.
 */
export const OP_MULTIPLY_ADD = 45;

/**
 * 1 where a > 0, NaN where it is that, else b.
 */
export const OP_STEP = 46;

/**
 * -a.
 */
export const OP_NEG = 50;

/**
 * |a|.
 */
export const OP_ABS = 51;

/**
 * The square root of a.
 */
export const OP_SQRT = 52;

/**
 * 1 / the square root of a.
 */
export const OP_RSQRT = 53;

/**
 * 1 / a.
 */
export const OP_RECIPROCAL = 54;

/**
 * a^2.
 */
export const OP_SQUARE = 55;

/**
 * e^a.
 */
export const OP_EXP = 56;

/**
 * e^a - 1.
 */
export const OP_EXPM1 = 57;

/**
 * The natural logarithm of a.
 */
export const OP_LOG = 58;

/**
 * The natural logarithm of 1 + a.
 */
export const OP_LOG1P = 59;

/**
 * The hyperbolic tangent of a.
 */
export const OP_TANH = 60;

/**
 * 1 / (1 + e^-a).
 */
export const OP_SIGMOID = 61;

/**
 * The natural logarithm of 1 + e^a.
 */
export const OP_SOFTPLUS = 62;

/**
 * The error function of a.
 */
export const OP_ERF = 63;

/**
 * a where it is above 0, else 0.
 */
export const OP_RELU = 64;

/**
 * The rectified a, 6 at most.
 */
export const OP_RELU6 = 65;

/**
 * a from 0 on, e^a - 1 below.
 */
export const OP_ELU = 66;

/**
 * The scaled exponential linear unit of a.
 */
export const OP_SELU = 67;

/**
 * -1, 0 or 1; 0 for NaN.
 */
export const OP_SIGN = 68;

/**
 * a rounded down.
 */
export const OP_FLOOR = 69;

/**
 * a rounded up.
 */
export const OP_CEIL = 70;

/**
 * The nearest whole number, the even one of two.
 */
export const OP_ROUND = 71;

/**
 * Sine.
 */
export const OP_SIN = 72;

/**
 * Cosine.
 */
export const OP_COS = 73;

/**
 * Tangent.
 */
export const OP_TAN = 74;

/**
 * Inverse sine.
 */
export const OP_ASIN = 75;

/**
 * Inverse cosine.
 */
export const OP_ACOS = 76;

/**
 * Inverse tangent.
 */
export const OP_ATAN = 77;

/**
 * Hyperbolic sine.
 */
export const OP_SINH = 78;

/**
 * Hyperbolic cosine.
 */
export const OP_COSH = 79;

/**
 * Inverse hyperbolic sine.
 */
export const OP_ASINH = 80;

/**
 * Inverse hyperbolic cosine.
 */
export const OP_ACOSH = 81;

/**
 * Inverse hyperbolic tangent.
 */
export const OP_ATANH = 82;

/**
 * Whether a is NaN: 1 or 0.
 */
export const OP_IS_NAN = 83;

/**
 * Whether a is infinite.
 */
export const OP_IS_INF = 84;

/**
 * Whether a is neither NaN nor infinite.
 */
export const OP_IS_FINITE = 85;

/**
 * The whole number towards 0, modulo 2^32; 0 for NaN and infinities.
 */
export const OP_F_TO_I = 90;

/**
 * The nearest float.
 */
export const OP_I_TO_F = 91;

/**
 * Whether a float is not 0: 1 or 0.
 */
export const OP_F_TO_BOOL = 92;

/**
 * Whether a whole number is not 0: 1 or 0.
 */
export const OP_I_TO_BOOL = 93;

/**
 * Cells of a block.
 */
export const PLASTICITY_BLOCK = 8;

/**
 * Numbers of a neuron.
 */
export const PLASTICITY_NUMBERS = 6;

/**
 * Number: what the stored excitatory weights are multiplied by.
 */
export const PLASTICITY_SCALE = 0;

/**
 * Number: sum of squares that the excitatory weights keep.
 */
export const PLASTICITY_SQUARES = 1;

/**
 * Number: steps so far.
 */
export const PLASTICITY_STEPS = 2;

/**
 * Number: learning rate of excitatory weights.
 */
export const PLASTICITY_EXCITATORY_RATE = 3;

/**
 * Number: learning rate of inhibitory weights.
 */
export const PLASTICITY_INHIBITORY_RATE = 4;

/**
 * Number: rate that inhibition aims at, Hz.
 */
export const PLASTICITY_TARGET = 5;

/**
 * Steps after which rounding errors of the sum of squares are taken out.
 */
export const PLASTICITY_RENEWAL = 65536;

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
 * Word: the version of this layout and of how its draws are made.
 */
export const WORD_VERSION = 9;

/**
 * Words: two of the random stream as it was at first, which tell streams
 * apart.
 */
export const WORD_ORIGIN = 10;

/**
 * Word: what the slots of four items are drawn from.
 */
export const WORD_SPARE = 12;

/**
 * The version.
 */
export const RESERVOIR_VERSION = 3;

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
 * Number: Algorithm L's threshold; the weight that a weighted sample
 * still jumps over.
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
 * Most slots of a reservoir that every item enters of which halves of words
 * are drawn, or bytes.
 */
export const MAX_OF_HALVES = 1024;

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
  [-40, {
    kind: "TypeError",
    message:
      "the words are no plan, or touch what lies outside of the arena",
  }],
  [-41, {
    kind: "RangeError",
    message:
      "too many plans are open, expected 16384 at most",
  }],
  [-42, {
    kind: "RangeError",
    message:
      "an index that is gathered lies outside of its axis",
  }],
  [-43, {
    kind: "TypeError",
    message:
      "the arena is not as long as the plan says",
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
  planCreate: {
    name: "loadstar_plan_create",
    parameters: [
      "buffer",
      "u32",
    ],
    result: "i32",
  },
  planDrop: {
    name: "loadstar_plan_drop",
    parameters: [
      "u32",
    ],
    result: "i32",
  },
  planRun: {
    name: "loadstar_plan_run",
    parameters: [
      "u32",
      "buffer",
      "u32",
    ],
    result: "i32",
  },
  planRunChecked: {
    name: "loadstar_plan_run_checked",
    parameters: [
      "u32",
      "buffer",
      "u32",
    ],
    result: "i32",
  },
  plasticitySteps: {
    name: "loadstar_plasticity_steps",
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
      "buffer",
      "u32",
      "buffer",
      "u32",
      "buffer",
      "u32",
    ],
    result: "i32",
  },
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
   * Makes a plan of its words; a handle.
   */
  planCreate(
    words: Uint32Array<ArrayBuffer>,
  ): number;

  /**
   * Ends a plan.
   */
  planDrop(
    handle: number,
  ): number;

  /**
   * Runs a plan over its arena.
   */
  planRun(
    handle: number,
    arena: Uint32Array<ArrayBuffer>,
  ): number;

  /**
   * Runs a plan over its arena and looks at every float that it stores: 0,
   * or 1 and the index of the first instruction that stored NaN or an
   * infinity.
   */
  planRunChecked(
    handle: number,
    arena: Uint32Array<ArrayBuffer>,
  ): number;

  /**
   * Steps a neuron through pixels, whose rates of excitatory and inhibitory
   * inputs stand in tables.
   *
   * A table has rates in blocks of `PLASTICITY_BLOCK`, the block of cells
   * that each belongs to, where each pixel's begin, and the sum of each
   * pixel's squares. Weights are as many as whole blocks hold. `outputs`
   * takes the rate after each step, as far as it goes. A pixel or a block
   * that is none is a fault, and what was learned before it stays.
   */
  plasticitySteps(
    excitatoryRates: Float32Array<ArrayBuffer>,
    excitatoryBlocks: Uint32Array<ArrayBuffer>,
    excitatoryStarts: Uint32Array<ArrayBuffer>,
    excitatorySquares: Float64Array<ArrayBuffer>,
    inhibitoryRates: Float32Array<ArrayBuffer>,
    inhibitoryBlocks: Uint32Array<ArrayBuffer>,
    inhibitoryStarts: Uint32Array<ArrayBuffer>,
    inhibitorySquares: Float64Array<ArrayBuffer>,
    excitatoryWeights: Float64Array<ArrayBuffer>,
    inhibitoryWeights: Float64Array<ArrayBuffer>,
    numbers: Float64Array<ArrayBuffer>,
    pixels: Uint32Array<ArrayBuffer>,
    outputs: Float64Array<ArrayBuffer>,
  ): number;

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
    planCreate: (
      words,
    ) =>
      symbols.planCreate(
        words,
        words.byteLength >>> 2,
      ),
    planDrop: (
      handle,
    ) =>
      symbols.planDrop(
        handle,
      ),
    planRun: (
      handle,
      arena,
    ) =>
      symbols.planRun(
        handle,
        arena,
        arena.byteLength >>> 2,
      ),
    planRunChecked: (
      handle,
      arena,
    ) =>
      symbols.planRunChecked(
        handle,
        arena,
        arena.byteLength >>> 2,
      ),
    plasticitySteps: (
      excitatoryRates,
      excitatoryBlocks,
      excitatoryStarts,
      excitatorySquares,
      inhibitoryRates,
      inhibitoryBlocks,
      inhibitoryStarts,
      inhibitorySquares,
      excitatoryWeights,
      inhibitoryWeights,
      numbers,
      pixels,
      outputs,
    ) =>
      symbols.plasticitySteps(
        excitatoryRates,
        excitatoryRates.byteLength >>> 2,
        excitatoryBlocks,
        excitatoryBlocks.byteLength >>> 2,
        excitatoryStarts,
        excitatoryStarts.byteLength >>> 2,
        excitatorySquares,
        excitatorySquares.byteLength >>> 3,
        inhibitoryRates,
        inhibitoryRates.byteLength >>> 2,
        inhibitoryBlocks,
        inhibitoryBlocks.byteLength >>> 2,
        inhibitoryStarts,
        inhibitoryStarts.byteLength >>> 2,
        inhibitorySquares,
        inhibitorySquares.byteLength >>> 3,
        excitatoryWeights,
        excitatoryWeights.byteLength >>> 3,
        inhibitoryWeights,
        inhibitoryWeights.byteLength >>> 3,
        numbers,
        numbers.byteLength >>> 3,
        pixels,
        pixels.byteLength >>> 2,
        outputs,
        outputs.byteLength >>> 3,
      ),
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
        words.byteLength >>> 2,
        numbers,
        numbers.byteLength >>> 3,
        now,
        rate,
        share,
        zeros,
        out,
        out.byteLength >>> 3,
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
        words.byteLength >>> 2,
        numbers,
        numbers.byteLength >>> 3,
        values,
        values.byteLength >>> 3,
        times,
        times.byteLength >>> 3,
        weights,
        weights.byteLength >>> 3,
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
        name.byteLength >>> 0,
        details,
        details.byteLength >>> 3,
      ),
    sharedMemoryOpen: (
      name,
      details,
    ) =>
      symbols.sharedMemoryOpen(
        name,
        name.byteLength >>> 0,
        details,
        details.byteLength >>> 3,
      ),
    sharedMemoryReadMsgIn: (
      handle,
      buffer,
      offset,
    ) =>
      symbols.sharedMemoryReadMsgIn(
        handle,
        buffer,
        buffer.byteLength >>> 2,
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
        buffer.byteLength >>> 2,
        offset,
      ),
    sharedMemoryStatus: (
      handle,
      status,
    ) =>
      symbols.sharedMemoryStatus(
        handle,
        status,
        status.byteLength >>> 3,
      ),
    sharedMemoryUnlink: (
      name,
      details,
    ) =>
      symbols.sharedMemoryUnlink(
        name,
        name.byteLength >>> 0,
        details,
        details.byteLength >>> 3,
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
        weights.byteLength >>> 2,
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
        statistics.byteLength >>> 2,
        activeLow,
        activeHigh,
      ),
  };
}
