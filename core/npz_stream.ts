/**
 * `.npz` files that are written piece by piece: several long arrays grow side
 * by side while memory stays flat.
 *
 * @module
 */
import { crc32 } from "./_crc.ts";
import { bytesOf, ELEMENT_TYPES, elementCount } from "./nd_array.ts";
import { npyHeader } from "./npy.ts";
import { openStreamFile, type StreamFile } from "./stream_file.ts";

/** An array that a file will hold. */
export interface NpzStreamArray {
  /** Its name. */
  readonly name: string;
  /** Length along each axis. */
  readonly shape: readonly number[];
  /** Type of its elements. Default `float64`. */
  readonly type?: "float32" | "float64";
}

/** A `.npz` file that is being written. */
export interface NpzStream extends Disposable {
  /**
   * Appends elements to an array.
   *
   * @param name The array. Throws `RangeError` where there is none, or where
   * it has no room for as many.
   * @param values Its next elements, in row-major order.
   */
  append(name: string, values: Float32Array | Float64Array): void;
  /** Where an array's elements begin in the file, in bytes. */
  dataOffset(name: string): number;
  /** Puts the file in its place. Throws `Error` where an array is not full. */
  close(): void;
  /** Removes what was written, unless it was closed. */
  [Symbol.dispose](): void;
}

interface Entry {
  readonly nameBytes: Uint8Array;
  readonly header: Uint8Array;
  /** Where its local header begins. */
  readonly offset: number;
  /** Bytes of header and data. */
  readonly size: number;
  /** Bytes an element. */
  readonly elementSize: number;
  /** Bytes written so far, header included. */
  done: number;
  crc: number;
}

const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
const LARGEST_FILE = 2 ** 32 - 1;
/** 1 January 1980, the format's first date. */
const DATE = 0x21;

function planEntries(arrays: readonly NpzStreamArray[]): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  let offset = 0;
  for (const { name, shape, type = "float64" } of arrays) {
    const npy = type === "float64" ? "f8" : "f4";
    const element = ELEMENT_TYPES.find((each) => each.npy === npy)!;
    const header = npyHeader(element, shape);
    const nameBytes = new TextEncoder().encode(`${name}.npy`);
    const size = header.length + elementCount(shape) * element.size;
    entries.set(name, {
      nameBytes,
      header,
      offset,
      size,
      elementSize: element.size,
      done: 0,
      crc: 0,
    });
    offset += LOCAL_SIZE + nameBytes.length + size;
    if (offset > LARGEST_FILE) {
      throw new RangeError(
        `Cannot write ${offset} bytes as a .npz file, expected less than 4 GiB`,
      );
    }
  }
  return entries;
}

/** What local header and directory say alike, from the version on. */
function commonFields(entry: Entry): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, 20, true);
  view.setUint16(8, DATE, true);
  view.setUint32(10, entry.crc, true);
  view.setUint32(14, entry.size, true);
  view.setUint32(18, entry.size, true);
  view.setUint16(22, entry.nameBytes.length, true);
  return new Uint8Array(view.buffer);
}

function localHeader(entry: Entry): Uint8Array {
  const bytes = new Uint8Array(LOCAL_SIZE + entry.nameBytes.length);
  new DataView(bytes.buffer).setUint32(0, 0x04034b50, true);
  bytes.set(commonFields(entry), 4);
  bytes.set(entry.nameBytes, LOCAL_SIZE);
  return bytes;
}

function centralHeader(entry: Entry): Uint8Array {
  const bytes = new Uint8Array(CENTRAL_SIZE + entry.nameBytes.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x02014b50, true);
  view.setUint16(4, 20, true);
  bytes.set(commonFields(entry), 6);
  view.setUint32(42, entry.offset, true);
  bytes.set(entry.nameBytes, CENTRAL_SIZE);
  return bytes;
}

function endRecord(count: number, size: number, offset: number): Uint8Array {
  const bytes = new Uint8Array(END_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, size, true);
  view.setUint32(16, offset, true);
  return bytes;
}

function writeDirectory(file: StreamFile, entries: Iterable<Entry>): void {
  const all = [...entries];
  const last = all.at(-1);
  const start = last === undefined
    ? 0
    : last.offset + LOCAL_SIZE + last.nameBytes.length + last.size;
  let at = start;
  for (const entry of all) {
    file.writeAt(entry.offset, localHeader(entry));
    const bytes = centralHeader(entry);
    file.writeAt(at, bytes);
    at += bytes.length;
  }
  file.writeAt(at, endRecord(all.length, at - start, start));
}

/**
 * Opens a `.npz` file whose arrays are appended to, in any order. It lies
 * under a temporary name until it is closed; same arrays, same bytes.
 *
 * @param path The file's place; folders on the way are made. Throws a one-line
 * error that names it when it cannot be written.
 * @param arrays What it will hold. Throws `RangeError` for more than 4 GiB.
 *
 * @example Two arrays side by side
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { join } from "@std/path";
 * import { readNpz } from "./npz.ts";
 * import { openNpzStream } from "./npz_stream.ts";
 *
 * const path = join(Deno.makeTempDirSync(), "pair.npz");
 * using file = openNpzStream(path, [
 *   { name: "mean", shape: [2] },
 *   { name: "spread", shape: [2] },
 * ]);
 * for (let i = 0; i < 2; i++) {
 *   file.append("mean", Float64Array.of(i));
 *   file.append("spread", Float64Array.of(10 * i));
 * }
 * file.close();
 * assertEquals((await readNpz(path)).spread.data, Float64Array.of(0, 10));
 * ```
 */
export function openNpzStream(
  path: string,
  arrays: readonly NpzStreamArray[],
): NpzStream {
  const entries = planEntries(arrays);
  const file = openStreamFile(path);

  function put(entry: Entry, bytes: Uint8Array): void {
    const start = entry.offset + LOCAL_SIZE + entry.nameBytes.length;
    file.writeAt(start + entry.done, bytes);
    entry.crc = crc32(bytes, entry.crc);
    entry.done += bytes.length;
  }

  for (const entry of entries.values()) put(entry, entry.header);
  return {
    append(name, values) {
      const entry = entries.get(name);
      if (
        entry === undefined || values.BYTES_PER_ELEMENT !== entry.elementSize ||
        entry.done + values.byteLength > entry.size
      ) {
        throw new RangeError(
          `Cannot append ${values.length} elements of ${values.BYTES_PER_ELEMENT} bytes to array "${name}", expected at most ${
            entry ? (entry.size - entry.done) / entry.elementSize : 0
          } of ${entry?.elementSize ?? 0} bytes`,
        );
      }
      put(entry, bytesOf(values));
    },
    dataOffset(name) {
      const { offset, nameBytes, header } = entries.get(name)!;
      return offset + LOCAL_SIZE + nameBytes.length + header.length;
    },
    close() {
      for (const [name, { done, size }] of entries) {
        if (done < size) {
          throw new Error(
            `Cannot close "${path}": array "${name}" lacks ${
              size - done
            } bytes`,
          );
        }
      }
      writeDirectory(file, entries.values());
      file.close();
    },
    [Symbol.dispose]: file[Symbol.dispose],
  };
}
