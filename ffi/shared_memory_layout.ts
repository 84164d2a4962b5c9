/**
 * The layout of a region of shared memory, written by
 * `tools/write_shared_memory_layout.ts` from `shared_memory_schema.json`.
 *
 * @module
 */

/** The letters that a region begins with. */
export const MAGIC = "LOADSTAR";

/** Which layout this is. */
export const LAYOUT_VERSION = 1;

/** The size of a region in bytes. */
export const REGION_BYTES = 12288;

/** The most servers that a message tells of. */
export const MAX_SERVERS = 64;

/** Where the fields of a region's header lie, in bytes. */
export const REGION_HEADER = {
  /** u64: the letters LOADSTAR; written last, when all else is in place. */
  magic: 0,
  /** u32: which layout this is. */
  layoutVersion: 8,
  /** u32: the size of the region. */
  regionBytes: 12,
  /** u64: one more each time an owner takes the region; the first is 1. */
  epoch: 16,
  /** u32: the owner's process, for messages to people. */
  ownerPid: 24,
  /** u64: when the owner last gave a sign of life, CLOCK_MONOTONIC. */
  ownerHeartbeatNs: 32,
  /** u64: when the epoch began, CLOCK_MONOTONIC. */
  epochBeganNs: 40,
} as const;

/** Where the fields of what is said once of a direction lie, in bytes. */
export const DIRECTION = {
  /** u64: the number of the newest whole message, 0 for none; it lies in the slot number % slots. */
  published: 0,
  /** u64: when the writer last gave a sign of life, CLOCK_MONOTONIC. */
  heartbeatNs: 8,
  /** u32: the writer's process, for messages to people. */
  writerPid: 16,
} as const;

/** Where the fields of a message's header lie, in bytes. */
export const MESSAGE_HEADER = {
  /** u64: the region's epoch when the message was written. */
  epoch: 0,
  /** u64: counts the direction's messages, never starts again. */
  number: 8,
  /** u64: when the message was written, CLOCK_MONOTONIC. */
  timeNs: 16,
  /** u64: bit i for server i. */
  activeServers: 24,
  /** u32: how many rows follow, 1 to 64; row i is server i. */
  serverCount: 32,
} as const;

/** Bytes of a message's header; rows follow. */
export const MESSAGE_HEADER_BYTES = 40;

/** How many slots msg_out has. */
export const MSG_OUT_SLOTS = 3;

/** Bytes from the region's begin to the first slot of msg_out. */
export const MSG_OUT_SLOTS_OFFSET = 192;

/** Bytes from the region's begin to what is said once of msg_out. */
export const MSG_OUT_DIRECTION_OFFSET = 64;

/** Bytes of a slot of msg_out. */
export const MSG_OUT_SLOT_BYTES = 2880;

/** Bytes of msg_out, of which rows begin at byte 40. */
export const MSG_OUT_BYTES = 2856;

/** Columns of msg_out: where in a row of 32-bit values each lies. */
export const MSG_OUT_COLUMNS = {
  /** Flows that the server has now. */
  flowsOngoing: 0,
  /** Seconds. */
  flowCompletionTimeMean: 1,
  /** Seconds. */
  flowCompletionTimePercentile90: 2,
  /** Seconds. */
  flowCompletionTimeStandardDeviation: 3,
  /** Seconds. */
  flowCompletionTimeDiscountedMean: 4,
  /** Seconds. */
  flowCompletionTimeDiscountedPercentile90: 5,
  /** Seconds. */
  flowDurationMean: 6,
  /** Seconds. */
  flowDurationPercentile90: 7,
  /** Seconds. */
  flowDurationStandardDeviation: 8,
  /** Seconds. */
  flowDurationDiscountedMean: 9,
  /** Seconds. */
  flowDurationDiscountedPercentile90: 10,
} as const;

/** How many slots msg_in has. */
export const MSG_IN_SLOTS = 4;

/** Bytes from the region's begin to the first slot of msg_in. */
export const MSG_IN_SLOTS_OFFSET = 8832;

/** Bytes from the region's begin to what is said once of msg_in. */
export const MSG_IN_DIRECTION_OFFSET = 128;

/** Bytes of a slot of msg_in. */
export const MSG_IN_SLOT_BYTES = 832;

/** Bytes of msg_in, of which rows begin at byte 40. */
export const MSG_IN_BYTES = 808;

/** Columns of msg_in: where in a row of 32-bit values each lies. */
export const MSG_IN_COLUMNS = {
  /** The server's share of new flows, up to a common factor. */
  weight: 0,
  /** Of keeping this server when its row was drawn. */
  odds: 1,
  /** The server to take otherwise: an index of the same rows. */
  alias: 2,
} as const;
