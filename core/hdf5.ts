/**
 * HDF5 files of groups, arrays and whole numbers, which h5py reads.
 *
 * Written by the HDF5 file format specification, version 3: superblock 2,
 * object headers 2, links in the headers of their groups, arrays in one piece.
 * Truth values are h5py's: an enumeration of FALSE and TRUE. (The npm package
 * h5wasm 0.10 cannot write enumerations, and takes 15 MB.)
 *
 * @module
 */
import { concatBytes } from "./_bytes.ts";
import { lookup3 } from "./_lookup3.ts";
import { elementCount, type NdArray } from "./nd_array.ts";

export type { NdArray } from "./nd_array.ts";

/** A group: other groups and arrays by name. */
export interface Hdf5Group {
  /** Whole numbers that are said of the group. */
  readonly attributes?: Readonly<Record<string, number>>;
  /** What lies in it. */
  readonly members: Readonly<Record<string, Hdf5Group | NdArray>>;
}

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const SUPERBLOCK_BYTES = 48;
const NOWHERE = 2n ** 64n - 1n;

/** Numbers of header messages. */
const MESSAGE = {
  dataspace: 1,
  linkInfo: 2,
  datatype: 3,
  fillValue: 5,
  link: 6,
  layout: 8,
  groupInfo: 10,
  attribute: 12,
};

const u8 = (...values: number[]) => new Uint8Array(values);

/** Whole numbers of some bytes each, the lowest byte first. */
function whole(size: 2 | 4 | 8, ...values: (number | bigint)[]): Uint8Array {
  const bytes = new Uint8Array(size * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    if (size === 2) view.setUint16(2 * i, Number(value), true);
    else if (size === 4) view.setUint32(4 * i, Number(value), true);
    else view.setBigUint64(8 * i, BigInt(value), true);
  });
  return bytes;
}

const text = (value: string) => new TextEncoder().encode(value);

function withChecksum(bytes: Uint8Array): Uint8Array {
  return concatBytes([bytes, whole(4, lookup3(bytes))]);
}

/** A whole number's datatype: class 0. */
function wholeType(size: number, signed: boolean): Uint8Array {
  return concatBytes([
    u8(0x10, signed ? 0x08 : 0, 0, 0),
    whole(4, size),
    whole(2, 0, 8 * size),
  ]);
}

/** An IEEE float's datatype: class 1. */
function floatType(size: 4 | 8): Uint8Array {
  const [exponent, mantissa, bias] = size === 4 ? [8, 23, 127] : [11, 52, 1023];
  return concatBytes([
    u8(0x11, 0x20, 8 * size - 1, 0),
    whole(4, size),
    whole(2, 0, 8 * size),
    u8(mantissa, exponent, 0, mantissa),
    whole(4, bias),
  ]);
}

/** h5py's truth values: class 8, an enumeration of two bytes. */
const BOOLEAN_TYPE = concatBytes([
  u8(0x38, 2, 0, 0),
  whole(4, 1),
  wholeType(1, true),
  text("FALSE\0TRUE\0"),
  u8(0, 1),
]);

const DATATYPES: Readonly<Record<string, Uint8Array>> = {
  Float32Array: floatType(4),
  Float64Array: floatType(8),
  Int8Array: wholeType(1, true),
  Int16Array: wholeType(2, true),
  Int32Array: wholeType(4, true),
  BigInt64Array: wholeType(8, true),
  Uint8Array: wholeType(1, false),
  Uint16Array: wholeType(2, false),
  Uint32Array: wholeType(4, false),
  BigUint64Array: wholeType(8, false),
};

function datatypeOf({ data, boolean }: NdArray, name: string): Uint8Array {
  if (boolean) return BOOLEAN_TYPE;
  const type = DATATYPES[data.constructor.name];
  if (type === undefined) {
    throw new TypeError(
      `Cannot write ${
        JSON.stringify(name)
      } to HDF5: it is of ${data.constructor.name}`,
    );
  }
  return type;
}

function dataspace(shape: readonly number[]): Uint8Array {
  // Type 0 is a single number, 1 an array.
  return concatBytes([
    u8(2, shape.length, 0, shape.length === 0 ? 0 : 1),
    whole(8, ...shape),
  ]);
}

function message(type: number, data: Uint8Array): Uint8Array {
  return concatBytes([u8(type), whole(2, data.length), u8(0), data]);
}

/** Version 3: allocated late, written where it is set; the default value. */
const FILL_VALUE = message(MESSAGE.fillValue, u8(3, 0x0a));
/** What makes an object a group whose links lie in its header. */
const GROUP_MESSAGES = [
  message(
    MESSAGE.linkInfo,
    concatBytes([u8(0, 0), whole(8, NOWHERE, NOWHERE)]),
  ),
  message(MESSAGE.groupInfo, u8(0, 0)),
];
/** An attribute's type and space: a 64-bit whole number. */
const ATTRIBUTE_TYPE = wholeType(8, true);
const ATTRIBUTE_SPACE = dataspace([]);

function objectHeader(messages: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(messages);
  // Flags 2: the length has four bytes.
  return withChecksum(
    concatBytes([text("OHDR"), u8(2, 2), whole(4, body.length), body]),
  );
}

function attribute(name: string, value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(
      `Cannot write the attribute ${
        JSON.stringify(name)
      } to HDF5: ${value} is no whole number`,
    );
  }
  const label = text(`${name}\0`);
  const type = ATTRIBUTE_TYPE;
  const space = ATTRIBUTE_SPACE;
  return message(
    MESSAGE.attribute,
    concatBytes([
      u8(3, 0),
      whole(2, label.length, type.length, space.length),
      u8(1),
      label,
      type,
      space,
      whole(8, BigInt.asUintN(64, BigInt(value))),
    ]),
  );
}

function link(name: string, address: number): Uint8Array {
  const label = text(name);
  if (label.length === 0 || label.length > 0xffff || /[/\0]/.test(name)) {
    throw new RangeError(
      `Cannot write ${
        JSON.stringify(name)
      } to HDF5: expected a name without slashes`,
    );
  }
  // Flags: a length of two bytes, and a character set, UTF-8.
  return message(
    MESSAGE.link,
    concatBytes([
      u8(1, 0x11, 1),
      whole(2, label.length),
      label,
      whole(8, address),
    ]),
  );
}

/** Parts of a file behind one another. */
interface Parts {
  /** Appends bytes and says where they lie. */
  append(bytes: Uint8Array): number;
  /** All of it; nothing is appended later. */
  finish(): Uint8Array[];
}

/** Smaller parts are copied together: there may be a million of them. */
const BLOCK_BYTES = 1 << 16;

function createParts(): Parts {
  const parts: Uint8Array[] = [];
  let block = new Uint8Array(BLOCK_BYTES);
  let filled = 0;
  let before = 0;

  function endBlock(): void {
    parts.push(block.subarray(0, filled));
    before += filled;
    block = new Uint8Array(BLOCK_BYTES);
    filled = 0;
  }

  return {
    append(bytes) {
      // On multiples of eight, where 64-bit numbers may be read in place.
      const size = bytes.length + (-bytes.length & 7);
      if (filled + size > BLOCK_BYTES) endBlock();
      const address = before + filled;
      if (size <= BLOCK_BYTES) {
        block.set(bytes, filled);
        filled += size;
      } else {
        parts.push(bytes, new Uint8Array(size - bytes.length));
        before += size;
      }
      return address;
    },
    finish() {
      endBlock();
      return parts;
    },
  };
}

function appendArray(file: Parts, array: NdArray, name: string): number {
  const { shape, data } = array;
  const count = elementCount(shape);
  if (count !== data.length) {
    throw new TypeError(
      `Cannot write ${
        JSON.stringify(name)
      } to HDF5: ${data.length} elements, expected ${count} for the shape [${shape}]`,
    );
  }
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const address = bytes.length === 0 ? NOWHERE : file.append(bytes);
  return file.append(objectHeader([
    message(MESSAGE.dataspace, dataspace(shape)),
    message(MESSAGE.datatype, datatypeOf(array, name)),
    FILL_VALUE,
    message(
      MESSAGE.layout,
      concatBytes([u8(3, 1), whole(8, address, bytes.length)]),
    ),
  ]));
}

function appendGroup(file: Parts, group: Hdf5Group): number {
  const links = Object.entries(group.members).map(([name, member]) =>
    link(
      name,
      "members" in member
        ? appendGroup(file, member)
        : appendArray(file, member, name),
    )
  );
  const attributes = Object.entries(group.attributes ?? {});
  return file.append(objectHeader([
    ...GROUP_MESSAGES,
    ...links,
    ...attributes.map(([name, value]) => attribute(name, value)),
  ]));
}

/**
 * The bytes of an HDF5 file, in parts to be written behind one another; arrays
 * are parts that share their elements' memory.
 *
 * @param root The group `/`. Throws `TypeError` for an array whose shape does
 * not fit, and `RangeError` for names that none may have and for attributes
 * that are no whole numbers.
 */
export function encodeHdf5(root: Hdf5Group): Uint8Array[] {
  const file = createParts();
  file.append(new Uint8Array(SUPERBLOCK_BYTES));
  const rootAddress = appendGroup(file, root);
  const parts = file.finish();
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  parts[0].set(withChecksum(concatBytes([
    Uint8Array.from(SIGNATURE),
    // Version; bytes of addresses and of lengths; no flags.
    u8(2, 8, 8, 0),
    whole(8, 0, NOWHERE, length, rootAddress),
  ])));
  return parts;
}
