/**
 * How a switch and its controller begin: hello, features, echo (OpenFlow 1.3.5,
 * sections 7.3.1, 7.5.1, 7.5.2).
 *
 * @module
 */
import { ByteReader } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";
import {
  decodeHeader,
  encodeMessage,
  HEADER_BYTES,
  MESSAGE_TYPES,
  OPENFLOW_VERSION,
} from "./header.ts";

const VERSION_BITMAP = 1;
/** Bytes of an element's type and length. */
const ELEMENT_HEADER = 4;

/** A hello that offers OpenFlow 1.3 alone. */
export function encodeHello(transaction: number): Uint8Array<ArrayBuffer> {
  const body = new ByteWriter().u16(VERSION_BITMAP).u16(8)
    .u32(1 << OPENFLOW_VERSION).finish();
  return encodeMessage(MESSAGE_TYPES.hello, transaction, body);
}

/**
 * Whether the sender of a hello speaks OpenFlow 1.3: by its bitmap of
 * versions, or, without one, because its version is 1.3 or later, so that the
 * lower of both sides' is 1.3.
 *
 * @param message The hello. Throws `SyntaxError` where it is malformed.
 */
export function speaksOurVersion(message: Uint8Array): boolean {
  const { version } = decodeHeader(message);
  const reader = new ByteReader(message, "a hello").skip(HEADER_BYTES);
  while (reader.left >= ELEMENT_HEADER) {
    const type = reader.u16();
    const length = reader.u16();
    const element = reader.remainder(length, ELEMENT_HEADER, "a hello");
    if (type === VERSION_BITMAP) {
      return (element.u32() & (1 << OPENFLOW_VERSION)) !== 0;
    }
    reader.skip(Math.min((8 - length % 8) % 8, reader.left));
  }
  return version >= OPENFLOW_VERSION;
}

/** What a switch is able to. */
export interface SwitchFeatures {
  /** Its number. */
  readonly datapathId: number;
  /** Packets that it keeps. */
  readonly bufferCount: number;
  /** Tables that it has. */
  readonly tableCount: number;
  /** 0 for the main connection. */
  readonly auxiliaryId: number;
  /** Bits of `OFPC_*`. */
  readonly capabilities: number;
}

/**
 * The reply to a request for features.
 *
 * @param message The message. Throws `SyntaxError` where it is malformed.
 */
export function decodeFeatures(message: Uint8Array): SwitchFeatures {
  const reader = new ByteReader(message, "a switch's features");
  reader.skip(HEADER_BYTES);
  return {
    datapathId: reader.u64(),
    bufferCount: reader.u32(),
    tableCount: reader.u8(),
    auxiliaryId: reader.u8(),
    capabilities: reader.skip(2).u32(),
  };
}

/**
 * The answer to an echo: what was sent, with its transaction.
 *
 * @param request The message.
 */
export function encodeEchoReply(request: Uint8Array): Uint8Array<ArrayBuffer> {
  const { transaction } = decodeHeader(request);
  return encodeMessage(
    MESSAGE_TYPES.echoReply,
    transaction,
    request.subarray(HEADER_BYTES),
  );
}
