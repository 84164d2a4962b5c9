/**
 * Ports of a switch (OpenFlow 1.3.5, sections 7.2.1 and 7.4.3).
 *
 * @module
 */
import { ByteReader } from "./byte_reader.ts";
import { HEADER_BYTES } from "./header.ts";

/** Numbers that are no ports but ways to name some, `OFPP_*`. */
export const RESERVED_PORTS = {
  inPort: 0xfffffff8,
  table: 0xfffffff9,
  normal: 0xfffffffa,
  flood: 0xfffffffb,
  all: 0xfffffffc,
  controller: 0xfffffffd,
  local: 0xfffffffe,
  any: 0xffffffff,
} as const;

/** The highest number of a port that is one. */
export const LAST_PORT = 0xffffff00;

/** Bits of a port's state. */
export const PORT_STATE = { linkDown: 1, blocked: 2, live: 4 } as const;

/** A port. */
export interface PortDescription {
  /** Number. */
  readonly number: number;
  /** MAC address, such as `02:01:00:00:10:01`. */
  readonly address: string;
  /** Name, such as `s1-eth1`. */
  readonly name: string;
  /** Bits of `OFPPC_*`. */
  readonly config: number;
  /** Bits of {@linkcode PORT_STATE}. */
  readonly state: number;
  /** Current features, bits of `OFPPF_*`. */
  readonly current: number;
  /** Advertised features. */
  readonly advertised: number;
  /** Supported features. */
  readonly supported: number;
  /** Features that the other end advertises. */
  readonly peer: number;
  /** Current bit rate in kbit/s. */
  readonly currentSpeed: number;
  /** Highest bit rate in kbit/s. */
  readonly maximumSpeed: number;
}

/** What became of a port. */
export interface PortStatus {
  /** What happened. */
  readonly reason: "added" | "deleted" | "modified";
  /** The port. */
  readonly port: PortDescription;
}

/** A MAC address in words. */
export function addressText(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

function readPort(reader: ByteReader): PortDescription {
  const number = reader.u32();
  const address = addressText(reader.skip(4).bytes(6));
  const name = reader.skip(2).text(16);
  return {
    number,
    address,
    name,
    config: reader.u32(),
    state: reader.u32(),
    current: reader.u32(),
    advertised: reader.u32(),
    supported: reader.u32(),
    peer: reader.u32(),
    currentSpeed: reader.u32(),
    maximumSpeed: reader.u32(),
  };
}

/**
 * Ports of a multipart reply.
 *
 * @param body What its parts hold. Throws `SyntaxError` where a port is cut.
 */
export function decodePorts(body: Uint8Array): PortDescription[] {
  const reader = new ByteReader(body, "descriptions of ports");
  const ports: PortDescription[] = [];
  while (reader.left > 0) ports.push(readPort(reader));
  return ports;
}

/**
 * What a switch says when a port changes.
 *
 * @param message The message. Throws `SyntaxError` where it is malformed.
 */
export function decodePortStatus(message: Uint8Array): PortStatus {
  const reader = new ByteReader(message, "a port's status");
  const code = reader.skip(HEADER_BYTES).u8();
  const reason = (["added", "deleted", "modified"] as const)[code];
  if (reason === undefined) {
    throw new SyntaxError(
      `Cannot read a port's status: its reason is ${code}, expected 0, 1 or 2`,
    );
  }
  return { reason, port: readPort(reader.skip(7)) };
}
