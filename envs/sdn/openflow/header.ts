/**
 * What every OpenFlow message begins with (OpenFlow 1.3.5, section 7.1):
 * version, type, length, transaction.
 *
 * @module
 */
import { ByteReader } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";

/** The version that is spoken here: 1.3. */
export const OPENFLOW_VERSION = 4;

/** Bytes of a header. */
export const HEADER_BYTES = 8;

/** Kinds of messages, `OFPT_*`. */
export const MESSAGE_TYPES = {
  hello: 0,
  error: 1,
  echoRequest: 2,
  echoReply: 3,
  experimenter: 4,
  featuresRequest: 5,
  featuresReply: 6,
  packetIn: 10,
  flowRemoved: 11,
  portStatus: 12,
  packetOut: 13,
  flowMod: 14,
  groupMod: 15,
  multipartRequest: 18,
  multipartReply: 19,
  barrierRequest: 20,
  barrierReply: 21,
} as const;

/** A header. */
export interface MessageHeader {
  /** 4 is OpenFlow 1.3. */
  readonly version: number;
  /** One of {@linkcode MESSAGE_TYPES}. */
  readonly type: number;
  /** Bytes of the whole message. */
  readonly length: number;
  /** Number of the transaction: replies bear their request's. */
  readonly transaction: number;
}

/**
 * A whole message.
 *
 * @param type One of {@linkcode MESSAGE_TYPES}.
 * @param transaction Number of the transaction.
 * @param body What follows the header. Throws `RangeError` where that is too
 * long for a message.
 */
export function encodeMessage(
  type: number,
  transaction: number,
  body: Uint8Array = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  const length = HEADER_BYTES + body.length;
  if (length > 0xffff) {
    throw new RangeError(
      `Cannot send a message of ${length} bytes, expected 65535 at most`,
    );
  }
  return new ByteWriter().u8(OPENFLOW_VERSION).u8(type).u16(length)
    .u32(transaction).bytes(body).finish();
}

/**
 * A message's header.
 *
 * @param message Bytes that begin with it. Throws `SyntaxError` for fewer than
 * 8.
 *
 * @example A barrier
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeHeader, encodeMessage, MESSAGE_TYPES } from "./header.ts";
 *
 * const message = encodeMessage(MESSAGE_TYPES.barrierRequest, 7);
 * assertEquals(decodeHeader(message), {
 *   version: 4,
 *   type: 20,
 *   length: 8,
 *   transaction: 7,
 * });
 * ```
 */
export function decodeHeader(message: Uint8Array): MessageHeader {
  const reader = new ByteReader(message, "an OpenFlow header");
  return {
    version: reader.u8(),
    type: reader.u8(),
    length: reader.u16(),
    transaction: reader.u32(),
  };
}
