/**
 * Frames by which a controller finds links (IEEE 802.1AB): sent out of a port,
 * they come back from the switch at the other end.
 *
 * @module
 */
import { ByteReader } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";

/** Type of LLDP frames. */
export const ETH_TYPE_LLDP = 0x88cc;

/** What a frame says of where it was sent. */
export interface LinkProbe {
  /** The switch. */
  readonly datapathId: number;
  /** Its port. */
  readonly port: number;
  /** Number of the frame, below 2^32. */
  readonly sequence: number;
}

/** Goes to the nearest bridge and no farther. */
const NEAREST_BRIDGE = [0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e];
/** Of no real interface: the frame comes from a controller. */
const SENDER = [0x02, 0x4c, 0x6f, 0x61, 0x64, 0x73];
/** Of no organisation: the second bit says that it is locally given. */
const LOCAL_ORGANISATION = [0x02, 0x4c, 0x53];

const TLV = { end: 0, chassis: 1, port: 2, timeToLive: 3, organisation: 127 };
/** Of chassis: an identifier that is locally given. */
const LOCAL_CHASSIS = 7;
/** Of ports: an identifier that is locally given. */
const LOCAL_PORT = 7;
const TIME_TO_LIVE_SECONDS = 120;
const SEQUENCE_SUBTYPE = 1;

function writeTlv(writer: ByteWriter, type: number, value: ByteWriter): void {
  writer.u16((type << 9) | value.length).bytes(value.finish());
}

/**
 * A frame.
 *
 * @param probe What it says.
 */
export function encodeLinkProbe(probe: LinkProbe): Uint8Array<ArrayBuffer> {
  const frame = new ByteWriter().bytes(NEAREST_BRIDGE).bytes(SENDER)
    .u16(ETH_TYPE_LLDP);
  writeTlv(
    frame,
    TLV.chassis,
    new ByteWriter().u8(LOCAL_CHASSIS).u64(probe.datapathId),
  );
  writeTlv(frame, TLV.port, new ByteWriter().u8(LOCAL_PORT).u32(probe.port));
  writeTlv(
    frame,
    TLV.timeToLive,
    new ByteWriter().u16(TIME_TO_LIVE_SECONDS),
  );
  writeTlv(
    frame,
    TLV.organisation,
    new ByteWriter().bytes(LOCAL_ORGANISATION).u8(SEQUENCE_SUBTYPE)
      .u32(probe.sequence),
  );
  writeTlv(frame, TLV.end, new ByteWriter());
  return frame.finish();
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

/**
 * What a frame says; undefined where it is not one of
 * {@linkcode encodeLinkProbe}'s.
 *
 * @param frame A packet, from its Ethernet header on.
 */
export function decodeLinkProbe(frame: Uint8Array): LinkProbe | undefined {
  const probe: { -readonly [K in keyof LinkProbe]?: number } = {};
  try {
    const reader = new ByteReader(frame, "an LLDP frame").skip(12);
    if (reader.u16() !== ETH_TYPE_LLDP) return undefined;
    while (reader.left > 0) {
      const head = reader.u16();
      if (head >> 9 === TLV.end) break;
      const value = reader.part(head & 511, "an LLDP field");
      switch (head >> 9) {
        case TLV.chassis:
          if (value.u8() === LOCAL_CHASSIS) probe.datapathId = value.u64();
          break;
        case TLV.port:
          if (value.u8() === LOCAL_PORT) probe.port = value.u32();
          break;
        case TLV.organisation:
          if (startsWith(value.bytes(3), LOCAL_ORGANISATION)) {
            probe.sequence = value.skip(1).u32();
          }
      }
    }
  } catch (error) {
    // Hosts may send what they like.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const { datapathId, port, sequence } = probe;
  return datapathId === undefined || port === undefined ||
      sequence === undefined
    ? undefined
    : { datapathId, port, sequence };
}
