/**
 * Which packets an entry takes (OpenFlow 1.3.5, section 7.2.3): fields as
 * type, length and value, "OXM".
 *
 * @module
 */
import type { ByteReader } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";
import { addressText } from "./ports.ts";

export type { ByteReader };

/**
 * Fields by their names in the specification, without `OFPXMT_OFB_` and in
 * small letters: numbers, MAC addresses, IPv4 addresses. An address may have a
 * mask behind a slash: `10.0.0.0/24`, `10.0.0.0/255.255.255.0`,
 * `01:00:00:00:00:00/01:00:00:00:00:00`.
 */
export type Match = Readonly<Record<string, number | string>>;

type FieldKind = "number" | "mac" | "ipv4";

interface Field {
  readonly name: string;
  readonly code: number;
  readonly kind: FieldKind;
  readonly bytes: number;
}

function field(
  name: string,
  code: number,
  bytes: number,
  kind: FieldKind = "number",
): Field {
  return { name, code, bytes, kind };
}

/** In the order of their codes, in which what a field needs comes before it. */
const FIELDS: readonly Field[] = [
  field("in_port", 0, 4),
  field("in_phy_port", 1, 4),
  field("eth_dst", 3, 6, "mac"),
  field("eth_src", 4, 6, "mac"),
  field("eth_type", 5, 2),
  field("vlan_vid", 6, 2),
  field("vlan_pcp", 7, 1),
  field("ip_dscp", 8, 1),
  field("ip_ecn", 9, 1),
  field("ip_proto", 10, 1),
  field("ipv4_src", 11, 4, "ipv4"),
  field("ipv4_dst", 12, 4, "ipv4"),
  field("tcp_src", 13, 2),
  field("tcp_dst", 14, 2),
  field("udp_src", 15, 2),
  field("udp_dst", 16, 2),
  field("icmpv4_type", 19, 1),
  field("icmpv4_code", 20, 1),
  field("arp_op", 21, 2),
  field("arp_spa", 22, 4, "ipv4"),
  field("arp_tpa", 23, 4, "ipv4"),
  field("arp_sha", 24, 6, "mac"),
  field("arp_tha", 25, 6, "mac"),
];
const BY_NAME = new Map(FIELDS.map((each) => [each.name, each]));
const BY_CODE = new Map(FIELDS.map((each) => [each.code, each]));

/** The class of the fields above, `OFPXMC_OPENFLOW_BASIC`. */
const BASIC_CLASS = 0x8000;
const STANDARD_MATCH = 1;

function refuse({ name }: Field, value: unknown, wanted: string): never {
  throw new RangeError(
    `Cannot match ${name} ${JSON.stringify(value)}: expected ${wanted}`,
  );
}

function numberBytes(of: Field, value: number | string): number[] {
  const number = typeof value === "string" && value.trim() !== ""
    ? Number(value)
    : value;
  const most = 2 ** (8 * of.bytes) - 1;
  if (
    typeof number !== "number" || !Number.isInteger(number) || number < 0 ||
    number > most
  ) {
    refuse(of, value, `a whole number from 0 to ${most}`);
  }
  return Array.from(
    { length: of.bytes },
    (_, i) => Math.floor(number / 2 ** (8 * (of.bytes - 1 - i))) & 255,
  );
}

function macBytes(of: Field, text: string): number[] {
  if (!/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(text)) {
    refuse(of, text, "an address such as 02:00:00:00:00:01");
  }
  return text.split(":").map((part) => parseInt(part, 16));
}

function ipBytes(of: Field, text: string): number[] {
  const bytes = text.split(".").map((part) =>
    /^\d{1,3}$/.test(part) ? Number(part) : 256
  );
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255)) {
    refuse(of, text, "an address such as 10.0.0.1 or 10.0.0.0/24");
  }
  return bytes;
}

function ipMaskBytes(of: Field, text: string): number[] {
  if (!/^\d{1,2}$/.test(text)) return ipBytes(of, text);
  const length = Number(text);
  if (length > 32) refuse(of, `/${text}`, "32 bits at most");
  return [0, 8, 16, 24].map((before) => {
    const bits = Math.min(Math.max(length - before, 0), 8);
    return (0xff00 >> bits) & 255;
  });
}

/** A field's value and, where it has one, its mask. */
function valueBytes(of: Field, given: number | string): number[][] {
  if (of.kind === "number") return [numberBytes(of, given)];
  const [text, mask, ...more] = String(given).split("/");
  if (more.length > 0) refuse(of, given, "one slash at most");
  const value = of.kind === "mac" ? macBytes(of, text) : ipBytes(of, text);
  if (mask === undefined) return [value];
  const bits = of.kind === "mac" ? macBytes(of, mask) : ipMaskBytes(of, mask);
  // A switch refuses values with bits that the mask leaves out.
  return [value.map((byte, i) => byte & bits[i]), bits];
}

/** One field as bytes. Throws `RangeError` for unknown names and bad values. */
export function encodeField(
  name: string,
  given: number | string,
): Uint8Array<ArrayBuffer> {
  const of = BY_NAME.get(name);
  if (of === undefined) {
    throw new RangeError(
      `Cannot match ${JSON.stringify(name)}, expected one of ${
        FIELDS.map((each) => each.name).join(", ")
      }`,
    );
  }
  const parts = valueBytes(of, given);
  const writer = new ByteWriter().u16(BASIC_CLASS)
    .u8((of.code << 1) | (parts.length - 1)).u8(parts.length * of.bytes);
  for (const part of parts) writer.bytes(part);
  return writer.finish();
}

/**
 * A match as bytes, padded to a multiple of 8.
 *
 * @param match Throws `RangeError` for unknown names and values that make no
 * sense.
 */
export function encodeMatch(match: Match): Uint8Array<ArrayBuffer> {
  const codeOf = (name: string) => BY_NAME.get(name)?.code ?? -1;
  const fields = Object.entries(match)
    .sort(([a], [b]) => codeOf(a) - codeOf(b))
    .map(([name, value]) => encodeField(name, value));
  const length = fields.reduce((sum, each) => sum + each.length, 4);
  const writer = new ByteWriter().u16(STANDARD_MATCH).u16(length);
  for (const each of fields) writer.bytes(each);
  return writer.align().finish();
}

function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function valueText(kind: FieldKind, bytes: Uint8Array): string {
  return kind === "mac"
    ? addressText(bytes)
    : kind === "ipv4"
    ? bytes.join(".")
    : String(numberOf(bytes));
}

/** One field; what is not among the names above is left out. */
export function decodeField(
  reader: ByteReader,
): [name: string, value: number | string] | undefined {
  const oxmClass = reader.u16();
  const code = reader.u8();
  const value = reader.bytes(reader.u8());
  const of = oxmClass === BASIC_CLASS ? BY_CODE.get(code >> 1) : undefined;
  if (of === undefined) return undefined;
  const isMasked = (code & 1) === 1;
  const expected = isMasked ? 2 * of.bytes : of.bytes;
  if (value.length !== expected) {
    throw new SyntaxError(
      `Cannot read the match on ${of.name}: it has ${value.length} bytes, expected ${expected}`,
    );
  }
  if (of.kind === "number" && !isMasked) return [of.name, numberOf(value)];
  const text = valueText(of.kind, value.subarray(0, of.bytes));
  const mask = valueText(of.kind, value.subarray(of.bytes));
  return [of.name, isMasked ? `${text}/${mask}` : text];
}

/**
 * A match and the padding behind it.
 *
 * @param reader Where it begins. Throws `SyntaxError` where it is malformed.
 */
export function readMatch(reader: ByteReader): Match {
  const type = reader.u16();
  const length = reader.u16();
  if (type !== STANDARD_MATCH) {
    throw new SyntaxError(
      `Cannot read a match of the type ${type}, expected ${STANDARD_MATCH}`,
    );
  }
  const fields = reader.remainder(length, 4, "a match");
  const match: Record<string, number | string> = {};
  while (fields.left > 0) {
    const found = decodeField(fields);
    if (found !== undefined) match[found[0]] = found[1];
  }
  reader.skip((8 - length % 8) % 8);
  return match;
}
