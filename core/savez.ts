/**
 * `.npz` files with the very bytes that `numpy.savez` writes.
 *
 * Python's zipfile marks each file of a zip that it cannot know the size of
 * beforehand as one that may be larger than 4 GiB: with sizes in an extra field
 * of its local header. `encodeNpz` of `npz.ts` writes what any reader takes, 20
 * bytes a file less.
 *
 * @module
 */
import { concatBytes } from "./_bytes.ts";
import { crc32 } from "./_crc.ts";
import { encodeNpy, type NdArray } from "./npy.ts";

export type { NdArray, StateArray } from "./npy.ts";

/** Version 4.5 of the format: sizes of 64 bits. */
const VERSION = 45;
/** The high byte of "made by": files of Unix. */
const UNIX = 3;
/** 1980-01-01, which is day 1 of month 1 of year 0. */
const FIRST_DATE = 0x21;
/** Readable and writable by the owner. */
const MODE = 0o600;
const LARGE = 0xffffffff;
const MOST_BYTES = 2 ** 31;

interface Member {
  readonly name: Uint8Array;
  readonly bytes: Uint8Array;
  readonly crc: number;
}

function localHeader({ name, bytes, crc }: Member): Uint8Array {
  const header = new Uint8Array(30 + name.length + 20);
  const view = new DataView(header.buffer);
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(12, FIRST_DATE, true);
  view.setUint32(14, crc, true);
  view.setUint32(18, LARGE, true);
  view.setUint32(22, LARGE, true);
  view.setUint16(26, name.length, true);
  view.setUint16(28, 20, true);
  header.set(name, 30);
  const extra = 30 + name.length;
  view.setUint16(extra, 1, true);
  view.setUint16(extra + 2, 16, true);
  view.setBigUint64(extra + 4, BigInt(bytes.length), true);
  view.setBigUint64(extra + 12, BigInt(bytes.length), true);
  return header;
}

function centralHeader(
  { name, bytes, crc }: Member,
  offset: number,
): Uint8Array {
  const header = new Uint8Array(46 + name.length);
  const view = new DataView(header.buffer);
  view.setUint32(0, 0x02014b50, true);
  view.setUint8(4, VERSION);
  view.setUint8(5, UNIX);
  view.setUint16(6, VERSION, true);
  view.setUint16(14, FIRST_DATE, true);
  view.setUint32(16, crc, true);
  view.setUint32(20, bytes.length, true);
  view.setUint32(24, bytes.length, true);
  view.setUint16(28, name.length, true);
  view.setUint32(38, MODE * 2 ** 16, true);
  view.setUint32(42, offset, true);
  header.set(name, 46);
  return header;
}

function endRecord(count: number, size: number, offset: number): Uint8Array {
  const record = new Uint8Array(22);
  const view = new DataView(record.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, size, true);
  view.setUint32(16, offset, true);
  return record;
}

/**
 * Named arrays as `numpy.savez` writes them on Unix, to the byte; on Windows
 * one byte an array is another, which names the operating system.
 *
 * @param arrays The arrays, in the order of the file. Throws `TypeError` when
 * shape and data do not fit, and `RangeError` for more than 2 GiB.
 *
 * @example The size follows from the shapes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeSavez } from "./savez.ts";
 *
 * const bytes = encodeSavez({
 *   states: { shape: [500, 12], data: new Float32Array(6000) },
 *   actions: { shape: [500, 10], data: new Float32Array(5000) },
 * });
 * assertEquals(bytes.length, 44512);
 * ```
 */
export function encodeSavez(
  arrays: Readonly<Record<string, NdArray>>,
): Uint8Array {
  const members = Object.entries(arrays).map(([name, array]): Member => {
    const bytes = encodeNpy(array);
    return {
      name: new TextEncoder().encode(`${name}.npy`),
      bytes,
      crc: crc32(bytes),
    };
  });
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const member of members) {
    const header = localHeader(member);
    directory.push(centralHeader(member, offset));
    parts.push(header, member.bytes);
    offset += header.length + member.bytes.length;
  }
  if (offset > MOST_BYTES) {
    throw new RangeError(
      `Cannot pack ${offset} bytes into a zip, expected at most ${MOST_BYTES}`,
    );
  }
  const size = directory.reduce((sum, header) => sum + header.length, 0);
  return concatBytes([
    ...parts,
    ...directory,
    endRecord(members.length, size, offset),
  ]);
}
