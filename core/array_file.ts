/**
 * Arrays that come from NumPy: `.npz`, `.npy` and pickles, told apart by their
 * content.
 *
 * @module
 */
import { readWholeFile } from "./atomic_file.ts";
import { isHdf5 } from "./hdf5_reader.ts";
import type { NdArray } from "./nd_array.ts";
import { decodeNpy } from "./npy.ts";
import { decodeNpz } from "./npz.ts";
import { decodePickle, type PickleValue } from "./pickle_reader.ts";

export type { NdArray } from "./nd_array.ts";

/** What the array of a file is called that holds one without a name. */
export const ONLY_ARRAY = "array";

const NPY_MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const ZIP_MAGIC = [0x50, 0x4b];
/** How pickles of all protocols since the second begin. */
const PICKLE_MAGIC = 0x80;

/** An array of an item, or undefined where it is none. */
function pickledArray(value: PickleValue): NdArray | undefined {
  if (typeof value === "number") {
    return { shape: [], data: Float64Array.of(value) };
  }
  if (Array.isArray(value)) {
    const rows = value.map(pickledArray);
    const [first] = rows;
    if (
      first === undefined ||
      rows.some((row) => row?.shape.join() !== first.shape.join())
    ) {
      return undefined;
    }
    const data = rows.flatMap((row) => [...row!.data as Float64Array]);
    return {
      shape: [rows.length, ...first.shape],
      data: Float64Array.from(data),
    };
  }
  return value !== null && typeof value === "object" && "shape" in value
    ? { shape: value.shape, data: value.data }
    : undefined;
}

/** Any file may be a pickle of the first protocols. */
function unpickled(bytes: Uint8Array, name: string): PickleValue {
  try {
    return decodePickle(bytes, { name });
  } catch (error) {
    if (bytes[0] !== PICKLE_MAGIC && error instanceof SyntaxError) {
      error.message += "; it does not begin as .npz and .npy files do either";
    }
    throw error;
  }
}

function pickledArrays(
  bytes: Uint8Array,
  name: string,
): Record<string, NdArray> {
  const value = unpickled(bytes, name);
  const entries: [PickleValue, PickleValue][] = value instanceof Map
    ? [...value]
    : [[ONLY_ARRAY, value]];
  return Object.fromEntries(entries.map(([key, item]) => {
    const array = pickledArray(item);
    if (typeof key !== "string" || array === undefined) {
      throw new SyntaxError(
        `Cannot read arrays of ${JSON.stringify(name)}: its ${
          JSON.stringify(String(key))
        } is none; expected an array, or a dictionary of arrays by name`,
      );
    }
    return [key, array];
  }));
}

/**
 * The arrays of a file by name.
 *
 * @param bytes The whole file: a `.npz`, a `.npy` or a pickle of an array, of
 * lists of numbers, or of a dictionary of these. Nothing in a pickle is
 * executed, and its numbers become 64-bit floats. Throws `SyntaxError` for
 * anything else and for damaged files.
 * @param name What messages call it.
 * @returns An array without a name is called {@linkcode ONLY_ARRAY}.
 */
export function decodeArrays(
  bytes: Uint8Array,
  name: string,
): Record<string, NdArray> {
  const begins = (magic: readonly number[]) =>
    magic.every((byte, i) => bytes[i] === byte);
  if (begins(NPY_MAGIC)) {
    return { [ONLY_ARRAY]: decodeNpy(bytes, { name }) };
  }
  if (isHdf5(bytes)) {
    throw new SyntaxError(
      `Cannot read arrays of ${
        JSON.stringify(name)
      }: it is HDF5, expected a .npz, a .npy or a pickle`,
    );
  }
  return begins(ZIP_MAGIC)
    ? decodeNpz(bytes, { name })
    : pickledArrays(bytes, name);
}

/**
 * Reads the arrays of a file; see {@linkcode decodeArrays}.
 *
 * @param path The file's place. Throws a one-line error that names it when it
 * cannot be read.
 */
export async function readArrays(
  path: string,
): Promise<Record<string, NdArray>> {
  return decodeArrays(await readWholeFile(path), path);
}

/**
 * An array's numbers as floats.
 *
 * @param array Throws `TypeError` for whole numbers beyond 2^53.
 */
export function numbersOf({ data }: NdArray): Float64Array {
  return Float64Array.from(data as ArrayLike<number | bigint>, (value) => {
    const number = Number(value);
    if (typeof value === "bigint" && !Number.isSafeInteger(number)) {
      throw new TypeError(
        `Cannot use the whole number ${value} as a float: expected one within 2^53`,
      );
    }
    return number;
  });
}
