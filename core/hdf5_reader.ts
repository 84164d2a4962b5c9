/**
 * Reading HDF5 files of groups and arrays of numbers.
 *
 * @module
 */
import type { Hdf5Answer } from "./_hdf5_worker.ts";
import type { NdArray } from "./nd_array.ts";

export type { NdArray } from "./nd_array.ts";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** Time that a file is given: jsfive reads some ten megabytes a second. */
const SECONDS = 20;
const SECONDS_PER_MEGABYTE = 1;

/**
 * Whether a file is HDF5, by its first bytes.
 *
 * @param bytes The file, or its beginning.
 */
export function isHdf5(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** Options of {@linkcode decodeHdf5}. */
export interface DecodeHdf5Options {
  /** What messages call the file. */
  name: string;
  /** Seconds after which it is given up. Default: 20, and 1 a megabyte. */
  seconds?: number;
}

/**
 * The arrays of an HDF5 file by their paths, such as `episode_0/rewards`;
 * 32-bit floats as they are, all other numbers and truth values as 64-bit
 * floats. Compressed and chunked arrays are read too.
 *
 * @param bytes The whole file. Throws `SyntaxError` for anything else, for
 * damaged files, and for arrays of texts.
 * @param options What it is called.
 */
export async function decodeHdf5(
  bytes: Uint8Array,
  options: DecodeHdf5Options,
): Promise<Record<string, NdArray>> {
  const megabytes = bytes.length / 1e6;
  const { name, seconds = SECONDS + SECONDS_PER_MEGABYTE * megabytes } =
    options;
  const refuse = (reason: string): never => {
    throw new SyntaxError(
      `Cannot read HDF5 ${JSON.stringify(name)}: ${reason}`,
    );
  };
  if (!isHdf5(bytes)) refuse("it does not begin as HDF5 does");
  const worker = new Worker(new URL("./_hdf5_worker.ts", import.meta.url), {
    type: "module",
  });
  const { promise, resolve } = Promise.withResolvers<Hdf5Answer>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    resolve({ error: event.message });
  };
  const timer = setTimeout(
    () => resolve({ error: `it was not read within ${seconds} s` }),
    seconds * 1000,
  );
  try {
    // A copy: a worker is given whole buffers, not views into them.
    worker.postMessage(bytes.slice());
    const answer = await promise;
    return "error" in answer
      ? refuse(
        `${
          answer.error.replace(/\s+/g, " ")
        }; it is damaged, or of a kind that is not read`,
      )
      : answer.arrays;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
