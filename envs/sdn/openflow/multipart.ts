/**
 * What a switch tells of itself in parts (OpenFlow 1.3.5, section 7.3.5).
 *
 * @module
 */
import { type Action, readAppliedActions } from "./actions.ts";
import { ByteReader } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";
import {
  type Bucket,
  type Group,
  GROUP_TYPES,
  type GroupType,
  readBuckets,
} from "./group_mod.ts";
import { encodeMessage, HEADER_BYTES, MESSAGE_TYPES } from "./header.ts";
import { encodeMatch, type Match, readMatch } from "./match.ts";
import { RESERVED_PORTS } from "./ports.ts";

export type { Action, Bucket, Group, GroupType, Match };

/** What can be asked for, `OFPMP_*`. */
export const MULTIPART_TYPES = {
  description: 0,
  flows: 1,
  portStats: 4,
  groups: 7,
  ports: 13,
} as const;

/** One of {@linkcode MULTIPART_TYPES}, by name. */
export type MultipartName = keyof typeof MULTIPART_TYPES;

/** One part of an answer. */
export interface MultipartPart {
  /** What it is of. */
  readonly type: number;
  /** Whether more parts follow. */
  readonly more: boolean;
  /** What it holds. */
  readonly body: Uint8Array;
}

const ALL_TABLES = 0xff;
const ANY_GROUP = 0xffffffff;

function requestBody(name: MultipartName): Uint8Array {
  const body = new ByteWriter();
  if (name === "portStats") body.u32(RESERVED_PORTS.any).pad(4);
  if (name === "flows") {
    body.u8(ALL_TABLES).pad(3).u32(RESERVED_PORTS.any).u32(ANY_GROUP).pad(4)
      .u64(0).u64(0).bytes(encodeMatch({}));
  }
  return body.finish();
}

/**
 * A request for all that there is of a kind.
 *
 * @param transaction Number of the transaction.
 * @param name What is asked for.
 */
export function encodeMultipartRequest(
  transaction: number,
  name: MultipartName,
): Uint8Array<ArrayBuffer> {
  const body = new ByteWriter().u16(MULTIPART_TYPES[name]).u16(0).pad(4)
    .bytes(requestBody(name)).finish();
  return encodeMessage(MESSAGE_TYPES.multipartRequest, transaction, body);
}

/**
 * One part of an answer.
 *
 * @param message The message. Throws `SyntaxError` where it is malformed.
 */
export function decodeMultipart(message: Uint8Array): MultipartPart {
  const reader = new ByteReader(message, "a part of an answer");
  const type = reader.skip(HEADER_BYTES).u16();
  const more = (reader.u16() & 1) === 1;
  return { type, more, body: reader.skip(4).rest() };
}

/** What a switch is. */
export interface SwitchDescription {
  /** Manufacturer. */
  readonly manufacturer: string;
  /** Hardware. */
  readonly hardware: string;
  /** Software. */
  readonly software: string;
  /** Serial number. */
  readonly serialNumber: string;
  /** The switch in words. */
  readonly datapath: string;
}

/**
 * What a switch is.
 *
 * @param body What the parts hold. Throws `SyntaxError` where it is cut.
 */
export function decodeDescription(body: Uint8Array): SwitchDescription {
  const reader = new ByteReader(body, "a switch's description");
  return {
    manufacturer: reader.text(256),
    hardware: reader.text(256),
    software: reader.text(256),
    serialNumber: reader.text(32),
    datapath: reader.text(256),
  };
}

/** A port's counters since it was made; what is not counted is -1. */
export interface PortCounters {
  /** The port. */
  readonly number: number;
  /** Packets received. */
  readonly receivedPackets: number;
  /** Packets sent. */
  readonly sentPackets: number;
  /** Bytes received. */
  readonly receivedBytes: number;
  /** Bytes sent. */
  readonly sentBytes: number;
  /** Packets received and dropped. */
  readonly receivedDropped: number;
  /** Packets that were to be sent and were dropped. */
  readonly sentDropped: number;
  /** Receive errors. */
  readonly receiveErrors: number;
  /** Transmit errors. */
  readonly sendErrors: number;
  /** Frame alignment errors. */
  readonly frameErrors: number;
  /** Overruns. */
  readonly overruns: number;
  /** Checksum errors. */
  readonly checksumErrors: number;
  /** Collisions. */
  readonly collisions: number;
  /** Seconds since the port was made. */
  readonly seconds: number;
  /** Nanoseconds beyond these. */
  readonly nanoseconds: number;
}

/** Switches count to 2^64 - 1 where they do not count. */
function readCounter(reader: ByteReader): number {
  const count = reader.u64();
  return count >= 2 ** 64 ? -1 : count;
}

/**
 * Counters of ports.
 *
 * @param body What the parts hold. Throws `SyntaxError` where a port is cut.
 */
export function decodePortCounters(body: Uint8Array): PortCounters[] {
  const reader = new ByteReader(body, "counters of ports");
  const ports: PortCounters[] = [];
  while (reader.left > 0) {
    const number = reader.u32();
    reader.skip(4);
    ports.push({
      number,
      receivedPackets: readCounter(reader),
      sentPackets: readCounter(reader),
      receivedBytes: readCounter(reader),
      sentBytes: readCounter(reader),
      receivedDropped: readCounter(reader),
      sentDropped: readCounter(reader),
      receiveErrors: readCounter(reader),
      sendErrors: readCounter(reader),
      frameErrors: readCounter(reader),
      overruns: readCounter(reader),
      checksumErrors: readCounter(reader),
      collisions: readCounter(reader),
      seconds: reader.u32(),
      nanoseconds: reader.u32(),
    });
  }
  return ports;
}

/** A flow entry and its counters. */
export interface FlowStats {
  /** Table. */
  readonly table: number;
  /** Seconds that it has been there. */
  readonly seconds: number;
  /** Nanoseconds beyond these. */
  readonly nanoseconds: number;
  /** Of entries that match, the one with the highest counts. */
  readonly priority: number;
  /** Seconds without packets after which it goes. */
  readonly idleTimeout: number;
  /** Seconds after which it goes. */
  readonly hardTimeout: number;
  /** Bits of `OFPFF_*`. */
  readonly flags: number;
  /** Number that users choose. */
  readonly cookie: number;
  /** Packets that it has taken. */
  readonly packets: number;
  /** Bytes that it has taken. */
  readonly bytes: number;
  /** Which packets it takes. */
  readonly match: Match;
  /** What is done with them at once. */
  readonly actions: readonly Action[];
  /** Bytes of the entry in the message. */
  readonly length: number;
}

function readFlow(reader: ByteReader): FlowStats {
  const length = reader.u16();
  const entry = reader.remainder(length, 2, "a flow entry");
  const table = entry.u8();
  const seconds = entry.skip(1).u32();
  const nanoseconds = entry.u32();
  const priority = entry.u16();
  const idleTimeout = entry.u16();
  const hardTimeout = entry.u16();
  const flags = entry.u16();
  const cookie = entry.skip(4).u64();
  const packets = entry.u64();
  const bytes = entry.u64();
  const match = readMatch(entry);
  const actions = readAppliedActions(entry);
  return {
    table,
    seconds,
    nanoseconds,
    priority,
    idleTimeout,
    hardTimeout,
    flags,
    cookie,
    packets,
    bytes,
    match,
    actions,
    length,
  };
}

/**
 * Flow entries.
 *
 * @param body What the parts hold. Throws `SyntaxError` where one is malformed.
 */
export function decodeFlows(body: Uint8Array): FlowStats[] {
  const reader = new ByteReader(body, "flow entries");
  const flows: FlowStats[] = [];
  while (reader.left > 0) flows.push(readFlow(reader));
  return flows;
}

/**
 * Groups.
 *
 * @param body What the parts hold. Throws `SyntaxError` where one is malformed.
 */
export function decodeGroups(body: Uint8Array): Group[] {
  const reader = new ByteReader(body, "groups");
  const groups: Group[] = [];
  while (reader.left > 0) {
    const length = reader.u16();
    const entry = reader.remainder(length, 2, "a group");
    const code = entry.u8();
    const groupId = entry.skip(1).u32();
    const type = GROUP_TYPES[code];
    if (type === undefined) {
      throw new SyntaxError(
        `Cannot read a group of the type ${code}, expected 0 to 3`,
      );
    }
    groups.push({ groupId, type, buckets: readBuckets(entry) });
  }
  return groups;
}
