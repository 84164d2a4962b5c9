/**
 * The little of the protocol buffer wire format that event files need
 * (https://protobuf.dev/programming-guides/encoding/).
 *
 * @module
 */
import { concatBytes } from "./_bytes.ts";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** Seven bits a byte, the lowest first; division, as 32 bits are too few. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) {
    bytes.push(value % 0x80 + 0x80);
  }
  bytes.push(value);
  return Uint8Array.from(bytes);
}

function key(number: number, wire: number): Uint8Array {
  return varint(number * 8 + wire);
}

/** A field of a whole number from 0 to 2^53 - 1. */
export function varintField(number: number, value: number): Uint8Array {
  return concatBytes([key(number, VARINT), varint(value)]);
}

/** A field of a 64-bit float. */
export function doubleField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concatBytes([key(number, FIXED64), bytes]);
}

/** A field of a 32-bit float. */
export function floatField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concatBytes([key(number, FIXED32), bytes]);
}

/** A field of bytes or of a nested message. */
export function lengthField(number: number, bytes: Uint8Array): Uint8Array {
  return concatBytes([key(number, LENGTH), varint(bytes.length), bytes]);
}

/** A field of text. */
export function textField(number: number, text: string): Uint8Array {
  return lengthField(number, new TextEncoder().encode(text));
}

/** A field that was read. */
export interface ProtoField {
  /** The field's number. */
  readonly number: number;
  /** 0 for whole numbers, 1 and 5 for floats, 2 for bytes. */
  readonly wire: number;
  /** The number, or 0 for bytes. */
  readonly value: number;
  /** The bytes, empty for numbers. */
  readonly bytes: Uint8Array;
}

/** The fields of a message. Throws `SyntaxError` where it is cut or damaged. */
export function protoFields(bytes: Uint8Array): ProtoField[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: ProtoField[] = [];
  let offset = 0;

  function take(length: number): number {
    const start = offset;
    offset += length;
    if (offset > bytes.length) {
      throw new SyntaxError(
        `Cannot read a message of ${bytes.length} bytes: it is cut short`,
      );
    }
    return start;
  }

  function takeVarint(): number {
    let value = 0;
    for (let scale = 1;; scale *= 0x80) {
      const byte = bytes[take(1)];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  while (offset < bytes.length) {
    const start = takeVarint();
    const number = Math.floor(start / 8);
    const wire = start % 8;
    let value = 0;
    let content = new Uint8Array(0);
    if (wire === VARINT) value = takeVarint();
    else if (wire === FIXED64) value = view.getFloat64(take(8), true);
    else if (wire === FIXED32) value = view.getFloat32(take(4), true);
    else if (wire === LENGTH) {
      const length = takeVarint();
      const from = take(length);
      content = bytes.slice(from, from + length);
    } else {
      throw new SyntaxError(
        `Cannot read a field of wire type ${wire}, expected 0, 1, 2 or 5`,
      );
    }
    fields.push({ number, wire, value, bytes: content });
  }
  return fields;
}
