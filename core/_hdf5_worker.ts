/**
 * Reads an HDF5 file apart from everything else: of a damaged one, jsfive may
 * follow addresses in a circle.
 *
 * @module
 */
import * as jsfive from "jsfive";
import type { NdArray } from "./nd_array.ts";

/** What of jsfive's objects is used; it has no types of its own. */
interface Hdf5Object {
  /** Names of a group's members; a function of arrays. */
  readonly keys: unknown;
  readonly shape?: number[];
  readonly dtype?: unknown;
  readonly value?: ArrayLike<unknown>;
  get(name: string): Hdf5Object;
}

/** What the worker answers. */
export type Hdf5Answer =
  | { readonly arrays: Record<string, NdArray> }
  | { readonly error: string };

/** More than deflate can make of a byte. */
const LARGEST_RATIO = 1032;

function arrayOf(object: Hdf5Object, name: string, most: number): NdArray {
  const { shape = [], dtype } = object;
  const count = shape.reduce((product, length) => product * length, 1);
  const match = /^[<>|]([fiu])([1248])$/.exec(String(dtype));
  if (match === null) {
    throw new Error(`its ${name} are of the type ${dtype}, expected numbers`);
  }
  const [, kind, size] = match;
  if (!(count * Number(size) <= most)) {
    throw new Error(`its ${name} of shape (${shape.join(", ")}) do not fit in`);
  }
  const values = Array.from(object.value ?? [], Number);
  if (values.length !== count) {
    throw new Error(`its ${name} have ${values.length} of ${count} numbers`);
  }
  const data = kind === "f" && size === "4"
    ? Float32Array.from(values)
    : Float64Array.from(values);
  return { shape: [...shape], data };
}

function collect(
  group: Hdf5Object,
  path: string,
  into: Record<string, NdArray>,
  most: number,
): void {
  for (const key of group.keys as string[]) {
    const object = group.get(key);
    const name = path === "" ? key : `${path}/${key}`;
    if (object.shape === undefined) collect(object, name, into, most);
    else into[name] = arrayOf(object, name, most);
  }
}

function answer(bytes: Uint8Array<ArrayBuffer>): Hdf5Answer {
  try {
    const arrays: Record<string, NdArray> = {};
    const file = new jsfive.File(bytes.buffer, "") as Hdf5Object;
    collect(file, "", arrays, LARGEST_RATIO * bytes.length);
    return { arrays };
  } catch (error) {
    // jsfive throws texts too.
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** What of a worker's global object is used. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<Uint8Array<ArrayBuffer>>) => void) | null;
  postMessage(answer: Hdf5Answer): void;
}

const scope = globalThis as unknown as WorkerScope;
scope.onmessage = ({ data }) => scope.postMessage(answer(data));
