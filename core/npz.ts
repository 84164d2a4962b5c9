/**
 * NumPy's `.npz` files: zip files of `.npy` files, one an array.
 *
 * @module
 */
import { packZip, unpackZip } from "./_zip.ts";
import { readWholeFile, writeFileAtomically } from "./atomic_file.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";
import type { NdArray } from "./npy.ts";

export type { NdArray, StateArray } from "./npy.ts";

/** Options of {@linkcode encodeNpz} and {@linkcode writeNpz}. */
export interface NpzOptions {
  /**
   * Whether arrays are deflated, as by `numpy.savez_compressed`. Default
   * `false`.
   */
  deflate?: boolean;
}

/** Options of {@linkcode decodeNpz}. */
export interface DecodeNpzOptions {
  /** What messages call the bytes. Default `"bytes"`. */
  name?: string;
}

const SUFFIX = ".npy";

/**
 * Named arrays as the bytes of a `.npz` file, in the given order, which
 * `numpy.load` reads. Dates are constant: same arrays, same bytes.
 *
 * @param arrays The arrays. Throws `TypeError` when shape and data do not fit,
 * and `RangeError` for more than 2 GiB.
 * @param options Whether to deflate.
 */
export function encodeNpz(
  arrays: Readonly<Record<string, NdArray>>,
  options: NpzOptions = {},
): Uint8Array {
  const { deflate } = options;
  return packZip(
    Object.entries(arrays).map(([name, array]) => ({
      name: name + SUFFIX,
      bytes: encodeNpy(array),
      deflate,
    })),
  );
}

/**
 * The arrays in the bytes of a `.npz` file.
 *
 * @param bytes The whole file. Throws `SyntaxError` when it is damaged
 * (checksums are checked) or an array is refused by {@linkcode decodeNpy}.
 * @param options What messages call the bytes.
 */
export function decodeNpz(
  bytes: Uint8Array,
  options: DecodeNpzOptions = {},
): Record<string, NdArray> {
  const { name: fileName = "bytes" } = options;
  const label = options.name === undefined
    ? "bytes"
    : JSON.stringify(options.name);
  const refuse = (reason: string): never => {
    throw new SyntaxError(`Cannot read ${label} as a .npz file: ${reason}`);
  };
  const arrays: [string, NdArray][] = [];
  for (const [name, content] of unpackZip(bytes, { refuse })) {
    if (!name.endsWith(SUFFIX)) {
      refuse(`it holds ${JSON.stringify(name)}, expected .npy files only`);
    }
    const array = decodeNpy(content, { name: `${fileName}/${name}` });
    arrays.push([name.slice(0, -SUFFIX.length), array]);
  }
  return Object.fromEntries(arrays);
}

/**
 * Writes a `.npz` file, atomically.
 *
 * @param path The file's place; folders on the way are made. Throws a one-line
 * error that names it when it cannot be written.
 * @param arrays The arrays by name; see {@linkcode encodeNpz}.
 * @param options Whether to deflate.
 */
export async function writeNpz(
  path: string,
  arrays: Readonly<Record<string, NdArray>>,
  options: NpzOptions = {},
): Promise<void> {
  await writeFileAtomically(path, encodeNpz(arrays, options));
}

/**
 * Reads a `.npz` file.
 *
 * @param path The file's place. Throws a one-line error that names it when it
 * cannot be read, or as {@linkcode decodeNpz} does.
 */
export async function readNpz(path: string): Promise<Record<string, NdArray>> {
  return decodeNpz(await readWholeFile(path), { name: path });
}
