/**
 * NumPy's `.npy` files (NumPy documentation, "numpy.lib.format").
 *
 * @module
 */
import { concatBytes } from "./_bytes.ts";
import {
  arrayFromBytes,
  bytesOf,
  checkNdArray,
  ELEMENT_TYPES,
  isAllBits,
} from "./nd_array.ts";
import type { ElementType, NdArray } from "./nd_array.ts";

export type { ElementType, NdArray, StateArray } from "./nd_array.ts";

/** Options of {@linkcode decodeNpy}. */
export interface DecodeNpyOptions {
  /** What messages call the bytes. Default `"bytes"`. */
  name?: string;
}

const MAGIC = "\x93NUMPY";
/** NumPy begins the data at a multiple of this, in bytes. */
const ALIGNMENT = 64;

function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/**
 * What stands before the data of a `.npy` file, version 1.0, in C order.
 *
 * @param type The elements' type.
 * @param shape Length along each axis.
 */
export function npyHeader(
  type: ElementType,
  shape: readonly number[],
): Uint8Array {
  const order = type.size === 1 ? "|" : "<";
  const header =
    `{'descr': '${order}${type.npy}', 'fortran_order': False, 'shape': ${
      shapeText(shape)
    }, }`;
  // Magic, version and length take 10 bytes, and a line feed ends the header.
  const total = Math.ceil((10 + header.length + 1) / ALIGNMENT) * ALIGNMENT;
  const padded = header.padEnd(total - 11) + "\n";
  const length = String.fromCharCode(padded.length & 255, padded.length >> 8);
  return latin1(`${MAGIC}\x01\x00${length}${padded}`);
}

/**
 * An array as the bytes of a `.npy` file, version 1.0, in C order.
 *
 * @param array The array. Throws `TypeError` when shape and data do not fit.
 */
export function encodeNpy(array: NdArray): Uint8Array {
  const type = checkNdArray(array, "npy");
  return concatBytes([npyHeader(type, array.shape), bytesOf(array.data)]);
}

type Refuse = (reason: string) => never;

interface Header {
  readonly type: ElementType;
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly dataStart: number;
}

function readHeaderText(bytes: Uint8Array, refuse: Refuse) {
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  if (magic !== MAGIC) refuse("it does not begin as a .npy file does");
  if (bytes.length < 12) refuse("it is cut short");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  if (version < 1 || version > 3) {
    refuse(`its version is ${version}, expected 1, 2 or 3`);
  }
  const lengthSize = version === 1 ? 2 : 4;
  const length = version === 1
    ? view.getUint16(8, true)
    : view.getUint32(8, true);
  const dataStart = 8 + lengthSize + length;
  if (dataStart > bytes.length) refuse("it is cut short");
  const text = new TextDecoder().decode(
    bytes.subarray(8 + lengthSize, dataStart),
  );
  return { text, dataStart };
}

function readType(descr: string, refuse: Refuse) {
  const kind = descr.slice(1);
  const type = ELEMENT_TYPES.find(({ npy }) => npy === kind);
  if (type !== undefined && /^[<>|=]/.test(descr)) {
    return { type, bigEndian: descr[0] === ">" };
  }
  const what = /^\|?O/.test(descr)
    ? "Python objects, which only Python can read"
    : `elements of the type ${JSON.stringify(descr)}`;
  return refuse(
    `it holds ${what}, expected numbers of the types ${
      ELEMENT_TYPES.map(({ npy }) => npy).join(", ")
    }`,
  );
}

function readShape(text: string, refuse: Refuse): number[] {
  const lengths = text.split(",").map((part) => part.trim());
  if (lengths.at(-1) === "") lengths.pop();
  const shape = lengths.map(Number);
  if (!lengths.every((part) => /^\d+$/.test(part))) {
    refuse(`its shape is (${text}), expected whole numbers`);
  }
  return shape;
}

function readHeader(bytes: Uint8Array, refuse: Refuse): Header {
  const { text, dataStart } = readHeaderText(bytes, refuse);
  const descr = /'descr':\s*(?:'([^']*)'|(\[))/.exec(text);
  const order = /'fortran_order':\s*(True|False)/.exec(text);
  const shape = /'shape':\s*\(([^()]*)\)/.exec(text);
  if (descr?.[2]) refuse("it holds records of fields, expected numbers");
  if (!descr || !order || !shape) {
    return refuse("its header lacks one of descr, fortran_order and shape");
  }
  return {
    ...readType(descr[1], refuse),
    fortranOrder: order[1] === "True",
    shape: readShape(shape[1], refuse),
    dataStart,
  };
}

/** The bytes of each element turned round. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const result = Uint8Array.from(bytes);
  for (let i = 0; i < result.length; i += size) {
    result.subarray(i, i + size).reverse();
  }
  return result;
}

/** From first axis fastest to last axis fastest. */
function rowMajor(
  bytes: Uint8Array,
  shape: readonly number[],
  size: number,
): Uint8Array {
  const result = new Uint8Array(bytes.length);
  const strides: number[] = [];
  let stride = size;
  for (const length of shape) {
    strides.push(stride);
    stride *= length;
  }
  const index = new Array(shape.length).fill(0);
  let source = 0;
  for (let target = 0; target < bytes.length; target += size) {
    for (let k = 0; k < size; k++) result[target + k] = bytes[source + k];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis];
      if (++index[axis] < shape[axis]) break;
      source -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

/**
 * The array in the bytes of a `.npy` file, of any byte order, in C order
 * whatever the file's.
 *
 * @param bytes The whole file. Throws `SyntaxError` where it breaks the format
 * or holds what has no typed array: Python objects, text, records, complex
 * numbers, half floats.
 * @param options What messages call the bytes.
 */
export function decodeNpy(
  bytes: Uint8Array,
  options: DecodeNpyOptions = {},
): NdArray {
  const label = options.name === undefined
    ? "bytes"
    : JSON.stringify(options.name);
  const refuse: Refuse = (reason) => {
    throw new SyntaxError(`Cannot read ${label} as a NumPy array: ${reason}`);
  };
  const header = readHeader(bytes, refuse);
  const { type, shape, bigEndian, fortranOrder } = header;
  let data = bytes.subarray(header.dataStart);
  const size = shape.reduce((product, length) => product * length, type.size);
  if (data.length !== size) {
    refuse(
      `its shape [${shape}] needs ${size} bytes of data, found ${data.length}`,
    );
  }
  if (type.boolean && !isAllBits(data)) {
    refuse("it has truth values besides 0 and 1");
  }
  if (bigEndian) data = swapped(data, type.size);
  if (fortranOrder) data = rowMajor(data, shape, type.size);
  return arrayFromBytes(type, { bytes: data, shape });
}
