/**
 * Zip files in memory: written with constant dates, read with every check.
 *
 * fflate packs and unpacks; the directory is read here, because fflate checks
 * neither the CRC nor what an entry claims about its size.
 *
 * @module
 */
import { inflateSync, zipSync } from "fflate/browser";
import { crc32 } from "./_crc.ts";

/** How much a zip may hold unpacked, in bytes, unless the caller says else. */
export const LARGEST_CONTENT = 2 ** 31;

// Deflate codes at most 258 bytes in two bits.
const LARGEST_RATIO = 1032;
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const END_RECORD_SIZE = 22;

/** One file to pack. */
export interface ZipFile {
  /** The file's name in the zip. */
  readonly name: string;
  /** Its content. */
  readonly bytes: Uint8Array;
  /** Whether it is deflated; the others are stored. Default `false`. */
  readonly deflate?: boolean;
}

/**
 * Packs files, in the given order; same files, same bytes.
 *
 * @param files The files, with different names. Throws `RangeError` when they
 * hold more than 2 GiB.
 */
export function packZip(files: readonly ZipFile[]): Uint8Array {
  const size = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if (size > LARGEST_CONTENT) {
    throw new RangeError(
      `Cannot pack ${size} bytes into a zip, expected at most ${LARGEST_CONTENT}`,
    );
  }
  // The format's first date: fflate takes it in local time.
  const mtime = new Date(1980, 0, 1);
  const level = (deflate = false) => deflate ? 6 : 0;
  return zipSync(
    Object.fromEntries(
      files.map((
        { name, bytes, deflate },
      ) => [name, [bytes, { level: level(deflate), mtime }]]),
    ),
  );
}

/** Options of {@linkcode unpackZip}. */
export interface UnpackOptions {
  /** Throws the error whose reason it is given. */
  readonly refuse: (reason: string) => never;
  /** How many bytes the files may hold in all. Default 2 GiB. */
  readonly maximumBytes?: number;
}

/** One file's entry in the directory. */
export interface ZipEntry {
  /** The file's name. */
  readonly name: string;
  /** 0 for stored, 8 for deflated. */
  readonly method: number;
  /** Whether the content is encrypted. */
  readonly encrypted: boolean;
  /** The content's CRC-32. */
  readonly crc: number;
  /** Bytes in the zip. */
  readonly packedSize: number;
  /** Bytes unpacked. */
  readonly size: number;
  /** Where the local header begins. */
  readonly offset: number;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Where the end record begins: a comment of up to 65535 bytes may follow. */
function findEndRecord(view: DataView): number | undefined {
  const last = view.byteLength - END_RECORD_SIZE;
  for (let i = last; i >= Math.max(0, last - 0xffff); i--) {
    if (
      view.getUint32(i, true) === END_RECORD &&
      view.getUint16(i + 20, true) === last - i
    ) return i;
  }
}

/**
 * The directory of a zip.
 *
 * @param bytes The whole file.
 * @param refuse Throws the error whose reason it is given.
 */
export function readDirectory(
  bytes: Uint8Array,
  refuse: (reason: string) => never,
): ZipEntry[] {
  const view = viewOf(bytes);
  if (bytes.length === 0) refuse("it is empty, expected a zip file");
  if (bytes.length < 4 || (view.getUint16(0, true) !== 0x4b50)) {
    refuse("it is not a zip file");
  }
  const end = findEndRecord(view);
  if (end === undefined) {
    return refuse("the zip file is cut short, its end is missing");
  }
  const count = view.getUint16(end + 10, true);
  let offset = view.getUint32(end + 16, true);
  if (count === 0xffff || offset === 0xffffffff) {
    refuse("the zip file is of the 64-bit kind, expected at most 4 GiB");
  }
  const damaged = "the zip file's directory is damaged";
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    if (
      offset + 46 > end || view.getUint32(offset, true) !== CENTRAL_HEADER
    ) refuse(damaged);
    const nameLength = view.getUint16(offset + 28, true);
    const next = offset + 46 + nameLength + view.getUint16(offset + 30, true) +
      view.getUint16(offset + 32, true);
    if (next > end) refuse(damaged);
    const nameBytes = bytes.subarray(offset + 46, offset + 46 + nameLength);
    const name = new TextDecoder().decode(nameBytes);
    if (names.has(name)) {
      refuse(`the zip file has ${JSON.stringify(name)} twice`);
    }
    names.add(name);
    entries.push({
      name,
      method: view.getUint16(offset + 10, true),
      encrypted: (view.getUint16(offset + 8, true) & 1) === 1,
      crc: view.getUint32(offset + 16, true),
      packedSize: view.getUint32(offset + 20, true),
      size: view.getUint32(offset + 24, true),
      offset: view.getUint32(offset + 42, true),
    });
    offset = next;
  }
  if (offset !== end) refuse(damaged);
  return entries;
}

/** An entry's packed content, if its local header fits the directory. */
function packedBytes(
  bytes: Uint8Array,
  entry: ZipEntry,
): Uint8Array | undefined {
  const view = viewOf(bytes);
  const { name, offset, packedSize } = entry;
  const nameStart = offset + 30;
  if (
    nameStart > bytes.length || view.getUint32(offset, true) !== LOCAL_HEADER
  ) return undefined;
  const nameEnd = nameStart + view.getUint16(offset + 26, true);
  const start = nameEnd + view.getUint16(offset + 28, true);
  const end = start + packedSize;
  return end <= bytes.length &&
      new TextDecoder().decode(bytes.subarray(nameStart, nameEnd)) === name
    ? bytes.subarray(start, end)
    : undefined;
}

function inflated(packed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateSync(packed, { out: new Uint8Array(size) });
  } catch {
    return undefined;
  }
}

function unpackEntry(
  bytes: Uint8Array,
  entry: ZipEntry,
  refuse: (reason: string) => never,
): Uint8Array {
  const label = JSON.stringify(entry.name);
  if (entry.encrypted || (entry.method !== 0 && entry.method !== 8)) {
    refuse(`its ${label} is encrypted or packed in an unknown way`);
  }
  const packed = packedBytes(bytes, entry);
  if (packed === undefined) {
    return refuse(
      `its ${label} is damaged: its header does not fit the directory`,
    );
  }
  const content = entry.method === 0 ? packed : inflated(packed, entry.size);
  if (content?.length !== entry.size || crc32(content) !== entry.crc) {
    return refuse(`its ${label} is damaged: the checksum does not fit`);
  }
  return content;
}

/**
 * Refuses content that is too large before any of it is unpacked: by what the
 * directory claims, which unpacking never exceeds.
 */
function checkSizes(
  entries: readonly ZipEntry[],
  maximumBytes: number,
  refuse: (reason: string) => never,
): void {
  let total = 0;
  for (const { name, method, packedSize, size } of entries) {
    total += size;
    const possible = method === 0 ? packedSize : packedSize * LARGEST_RATIO;
    if (size > possible) {
      refuse(
        `its ${
          JSON.stringify(name)
        } is damaged: ${packedSize} bytes cannot hold ${size}`,
      );
    }
  }
  if (total > maximumBytes) {
    refuse(`it holds ${total} bytes, expected at most ${maximumBytes}`);
  }
}

/**
 * Unpacks all files of a zip, checksums checked. Stored files are views of
 * `bytes`; folders are passed over.
 *
 * @param bytes The whole file.
 * @param options How to refuse what is damaged, and the limit.
 */
export function unpackZip(
  bytes: Uint8Array,
  options: UnpackOptions,
): Map<string, Uint8Array> {
  const { refuse, maximumBytes = LARGEST_CONTENT } = options;
  const entries = readDirectory(bytes, refuse);
  checkSizes(entries, maximumBytes, refuse);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    const content = unpackEntry(bytes, entry, refuse);
    if (!entry.name.endsWith("/")) files.set(entry.name, content);
  }
  return files;
}
