/**
 * Packets that a switch hands to its controller, and back (OpenFlow 1.3.5,
 * sections 7.4.1 and 7.3.7).
 *
 * @module
 */
import { type Action, encodeActions } from "./actions.ts";
import { ByteReader } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";
import { NO_BUFFER } from "./flow_mod.ts";
import { encodeMessage, HEADER_BYTES, MESSAGE_TYPES } from "./header.ts";
import { type Match, readMatch } from "./match.ts";
import { RESERVED_PORTS } from "./ports.ts";

export type { Action, Match };

/** A packet from a switch. */
export interface PacketIn {
  /** Bytes of the packet, of which `data` may hold fewer. */
  readonly totalLength: number;
  /** 0: no entry matched, 1: an entry's action, 2: time to live is over. */
  readonly reason: number;
  /** The entry's table. */
  readonly table: number;
  /** The entry's cookie. */
  readonly cookie: number;
  /** Where it came from: `in_port`, and what else the switch knows. */
  readonly match: Match;
  /** The packet, from its Ethernet header on. */
  readonly data: Uint8Array;
}

/** A packet that a switch is to send. */
export interface PacketOut {
  /** What is done with it. */
  readonly actions: readonly Action[];
  /** The packet, from its Ethernet header on. */
  readonly data: Uint8Array;
}

/**
 * A packet that a switch hands over.
 *
 * @param message The message. Throws `SyntaxError` where it is malformed.
 */
export function decodePacketIn(message: Uint8Array): PacketIn {
  const reader = new ByteReader(message, "a packet from a switch");
  const totalLength = reader.skip(HEADER_BYTES + 4).u16();
  const reason = reader.u8();
  const table = reader.u8();
  const cookie = reader.u64();
  const match = readMatch(reader);
  const data = reader.skip(2).rest();
  return { totalLength, reason, table, cookie, match, data };
}

/**
 * A packet for a switch to send, as a message.
 *
 * @param transaction Number of the transaction.
 * @param packet Throws `RangeError` for actions that cannot be sent.
 */
export function encodePacketOut(
  transaction: number,
  packet: PacketOut,
): Uint8Array<ArrayBuffer> {
  const actions = encodeActions(packet.actions);
  const body = new ByteWriter().u32(NO_BUFFER).u32(RESERVED_PORTS.controller)
    .u16(actions.length).pad(6).bytes(actions).bytes(packet.data);
  return encodeMessage(MESSAGE_TYPES.packetOut, transaction, body.finish());
}
