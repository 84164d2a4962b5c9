/**
 * Groups, which split traffic over several ways (OpenFlow 1.3.5, section
 * 7.3.4.2).
 *
 * @module
 */
import { type Action, encodeActions, readActions } from "./actions.ts";
import type { ByteReader } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";
import { encodeMessage, MESSAGE_TYPES } from "./header.ts";
import { RESERVED_PORTS } from "./ports.ts";

export type { Action, ByteReader };

/** What a group does with a packet: to all buckets, to one by weight, ... */
export const GROUP_TYPES = ["ALL", "SELECT", "INDIRECT", "FF"] as const;

/** One of {@linkcode GROUP_TYPES}. */
export type GroupType = typeof GROUP_TYPES[number];

/** One way of a group. */
export interface Bucket {
  /** Share, in proportion to the sum, of `SELECT` groups; else 0. */
  readonly weight: number;
  /** Port that has to be up, of `FF` groups. Default: none. */
  readonly watchPort?: number;
  /** What is done with the packet. */
  readonly actions: readonly Action[];
}

/** A group. */
export interface Group {
  /** Number that users choose, below 0xffffff00. */
  readonly groupId: number;
  /** What it does. */
  readonly type: GroupType;
  /** Its ways. */
  readonly buckets: readonly Bucket[];
}

/** A change of a group. */
export interface GroupMod extends Group {
  /** What is done. */
  readonly command: "add" | "modify" | "delete";
}

const COMMANDS = { add: 0, modify: 1, delete: 2 };
/** Bytes of a bucket before its actions. */
const BUCKET_HEADER = 16;
const ANY_GROUP = 0xffffffff;

function encodeBucket(bucket: Bucket): Uint8Array<ArrayBuffer> {
  const { weight, watchPort = RESERVED_PORTS.any, actions } = bucket;
  if (!Number.isInteger(weight) || weight < 0 || weight > 0xffff) {
    throw new RangeError(
      `Cannot give a bucket the weight ${weight}, expected a whole number from 0 to 65535`,
    );
  }
  const bytes = encodeActions(actions);
  return new ByteWriter().u16(BUCKET_HEADER + bytes.length).u16(weight)
    .u32(watchPort).u32(ANY_GROUP).pad(4).bytes(bytes).finish();
}

/**
 * A change of a group as a message.
 *
 * @param transaction Number of the transaction.
 * @param change Throws `RangeError` for values that make no sense.
 */
export function encodeGroupMod(
  transaction: number,
  { command, type, groupId, buckets }: GroupMod,
): Uint8Array<ArrayBuffer> {
  const body = new ByteWriter().u16(COMMANDS[command])
    .u8(GROUP_TYPES.indexOf(type)).pad(1).u32(groupId);
  for (const bucket of buckets) body.bytes(encodeBucket(bucket));
  return encodeMessage(MESSAGE_TYPES.groupMod, transaction, body.finish());
}

/**
 * Buckets up to a reader's end.
 *
 * @param reader Where they begin. Throws `SyntaxError` where one is malformed.
 */
export function readBuckets(reader: ByteReader): Bucket[] {
  const buckets: Bucket[] = [];
  while (reader.left > 0) {
    const length = reader.u16();
    const bucket = reader.remainder(length, 2, "a bucket");
    const weight = bucket.u16();
    const watchPort = bucket.u32();
    const actions = readActions(bucket.skip(8));
    buckets.push({ weight, watchPort, actions });
  }
  return buckets;
}
