/**
 * Safetensors: named arrays behind a JSON header
 * (https://github.com/huggingface/safetensors, section "Format").
 *
 * @module
 */
import { duplicateKey } from "./_duplicate_keys.ts";
import {
  arrayFromBytes,
  bytesOf,
  checkNdArray,
  ELEMENT_TYPES,
  isAllBits,
} from "./nd_array.ts";
import type { ElementType, NdArray } from "./nd_array.ts";

export type { NdArray, StateArray } from "./nd_array.ts";

/** The format's own limit on the header, in bytes. */
const LARGEST_HEADER = 100_000_000;
const METADATA = "__metadata__";

interface Tensor {
  readonly name: string;
  readonly array: NdArray;
  readonly type: ElementType;
}

/** Wide elements first, as the reference does, so that all are aligned. */
function inFileOrder(a: Tensor, b: Tensor): number {
  return b.type.size - a.type.size || (a.name < b.name ? -1 : 1);
}

function sortedRecord(record: Record<string, string>): Record<string, string> {
  const byName = ([a]: [string, string], [b]: [string, string]) =>
    a < b ? -1 : 1;
  return Object.fromEntries(Object.entries(record).sort(byName));
}

function headerBytes(
  tensors: readonly Tensor[],
  metadata: Record<string, string>,
): Uint8Array {
  const entries: string[] = [];
  if (Object.keys(metadata).length > 0) {
    entries.push(`"${METADATA}":${JSON.stringify(sortedRecord(metadata))}`);
  }
  let offset = 0;
  for (const { name, array, type } of tensors) {
    const end = offset + array.data.byteLength;
    const { shape } = array;
    const value = {
      dtype: type.safetensors,
      shape,
      data_offsets: [offset, end],
    };
    entries.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
    offset = end;
  }
  const text = new TextEncoder().encode(`{${entries.join(",")}}`);
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  return padded;
}

/**
 * Named arrays as the bytes of a safetensors file: same content, same bytes,
 * whatever the order of the names. Wide element types come first, names are
 * sorted within each, and the data begins at a multiple of 8 bytes.
 *
 * @param arrays The arrays. Throws `TypeError` where shape and data do not
 * fit, and `RangeError` for the name `__metadata__`, which the format keeps
 * for itself.
 * @param metadata Text that is kept beside the arrays. Default none.
 */
export function encodeSafetensors(
  arrays: Readonly<Record<string, NdArray>>,
  metadata: Record<string, string> = {},
): Uint8Array {
  const tensors = Object.entries(arrays).map(([name, array]): Tensor => {
    if (name === METADATA) {
      throw new RangeError(
        `Cannot write an array named "${METADATA}" as safetensors, expected another name`,
      );
    }
    return { name, array, type: checkNdArray(array, name) };
  }).sort(inFileOrder);
  const header = headerBytes(tensors, metadata);
  let offset = 8 + header.length;
  const size = tensors.reduce(
    (sum, t) => sum + t.array.data.byteLength,
    offset,
  );
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  for (const { array } of tensors) {
    bytes.set(bytesOf(array.data), offset);
    offset += array.data.byteLength;
  }
  return bytes;
}

/** Options of {@linkcode decodeSafetensors}. */
export interface DecodeSafetensorsOptions {
  /** What messages call the bytes. Default `"bytes"`. */
  name?: string;
}

/** What {@linkcode decodeSafetensors} returns. */
export interface DecodedSafetensors {
  /** The arrays, in the order of the header; copies of the bytes. */
  arrays: Record<string, NdArray>;
  /** The text kept beside them; empty when there is none. */
  metadata: Record<string, string>;
}

interface HeaderEntry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

type Refuse = (reason: string) => never;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWholeNumbers(value: unknown): value is number[] {
  return Array.isArray(value) &&
    value.every((entry) => Number.isSafeInteger(entry) && entry >= 0);
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    const options = { fatal: true, ignoreBOM: true };
    return new TextDecoder("utf-8", options).decode(bytes);
  } catch {
    return undefined;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseHeader(bytes: Uint8Array, refuse: Refuse) {
  if (bytes.length < 8) {
    refuse(`${bytes.length} bytes are too few, expected at least 8`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(Math.min(LARGEST_HEADER, bytes.length - 8))) {
    refuse(
      `a header of ${length} bytes does not fit into ${bytes.length} bytes`,
    );
  }
  const dataStart = 8 + Number(length);
  const text = utf8(bytes.subarray(8, dataStart));
  const header = text === undefined ? undefined : parsedJson(text);
  if (text === undefined || header === undefined) {
    return refuse("the header is not JSON in UTF-8");
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) {
    refuse(`the header has the key ${JSON.stringify(twice)} twice`);
  }
  return isRecord(header)
    ? { header, dataStart }
    : refuse("the header is not an object");
}

function parseMetadata(value: unknown, refuse: Refuse): Record<string, string> {
  if (value === undefined) return {};
  if (
    !isRecord(value) ||
    !Object.values(value).every((text) => typeof text === "string")
  ) return refuse("the metadata is not an object of texts");
  return value as Record<string, string>;
}

function parseEntry(name: string, value: unknown, refuse: Refuse): HeaderEntry {
  const label = `array ${JSON.stringify(name)}`;
  if (!isRecord(value) || Object.keys(value).length !== 3) {
    return refuse(`${label} lacks one of dtype, shape and data_offsets`);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  const type = ELEMENT_TYPES.find((type) => type.safetensors === dtype);
  if (type === undefined) {
    return refuse(
      `${label} has the dtype ${JSON.stringify(dtype)}, expected one of ${
        ELEMENT_TYPES.map((type) => type.safetensors).join(", ")
      }`,
    );
  }
  if (!isWholeNumbers(shape) || !isWholeNumbers(offsets)) {
    return refuse(`${label} has a shape or offsets that are not whole numbers`);
  }
  const [start, end] = offsets;
  const size = shape.reduce((product, length) => product * length, type.size);
  if (offsets.length !== 2 || end - start !== size) {
    return refuse(
      `${label} of the shape [${shape}] needs ${size} bytes but has the offsets [${offsets}]`,
    );
  }
  return { name, type, shape, start, end };
}

/** As the format asks, the arrays cover the data, without holes or overlap. */
function checkCover(
  entries: readonly HeaderEntry[],
  dataLength: number,
  refuse: Refuse,
): void {
  let covered = 0;
  for (
    const { name, start, end } of entries.toSorted((a, b) =>
      a.start - b.start || a.end - b.end
    )
  ) {
    if (start !== covered) {
      refuse(
        `array ${
          JSON.stringify(name)
        } begins at ${start}, expected ${covered}: arrays overlap or leave a hole`,
      );
    }
    covered = end;
  }
  if (covered !== dataLength) {
    refuse(`the arrays need ${covered} bytes of data, found ${dataLength}`);
  }
}

/**
 * The arrays in the bytes of a safetensors file. Header, dtypes, shapes and
 * offsets are checked strictly.
 *
 * @param bytes The whole file. Throws `SyntaxError` where it breaks the
 * format or holds a dtype without a typed array (F16, BF16).
 * @param options What messages call the bytes.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  options: DecodeSafetensorsOptions = {},
): DecodedSafetensors {
  const label = options.name === undefined
    ? "bytes"
    : JSON.stringify(options.name);
  const refuse: Refuse = (reason) => {
    throw new SyntaxError(`Cannot read ${label} as safetensors: ${reason}`);
  };
  const { header, dataStart } = parseHeader(bytes, refuse);
  const { [METADATA]: text, ...rest } = header;
  const metadata = parseMetadata(text, refuse);
  const entries = Object.entries(rest).map(([name, value]) =>
    parseEntry(name, value, refuse)
  );
  const data = bytes.subarray(dataStart);
  checkCover(entries, data.length, refuse);
  const arrays = entries.map(({ name, type, shape, start, end }) => {
    const part = data.subarray(start, end);
    if (type.boolean && !isAllBits(part)) {
      refuse(`array ${JSON.stringify(name)} has truth values besides 0 and 1`);
    }
    return [name, arrayFromBytes(type, { bytes: part, shape })] as const;
  });
  return { arrays: Object.fromEntries(arrays), metadata };
}
