/**
 * State trees as one JSON value, typed arrays included: for files that people
 * read, and small ones.
 *
 * @module
 */
import {
  decodeState,
  encodeState,
  type JsonRecord,
  type NdArray,
  type State,
} from "../../core/state_json.ts";
import type { StateArray } from "../../core/state.ts";

export type { JsonRecord, State } from "../../core/state_json.ts";

const ARRAY_CLASSES = {
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
};

/** Keys of a tree that begin with `$` get another one, so this one is free. */
const ARRAYS = "$arrays";

type ArrayName = keyof typeof ARRAY_CLASSES;

/** A number as JSON; what JSON does not know is written as text. */
function numberJson(value: number | bigint): number | string {
  if (typeof value === "bigint") return String(value);
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : String(value);
}

function arrayJson(data: StateArray): JsonRecord {
  return {
    type: data[Symbol.toStringTag],
    values: Array.from(data as ArrayLike<number | bigint>, numberJson),
  };
}

function readArray(
  value: unknown,
  refuse: (reason: string) => never,
): NdArray {
  const { type, values } = Object(value);
  if (!Object.hasOwn(ARRAY_CLASSES, type) || !Array.isArray(values)) {
    return refuse(`an array has the type ${JSON.stringify(type)}`);
  }
  const isBig = (type as string).startsWith("Big");
  const ArrayClass = ARRAY_CLASSES[type as ArrayName] as unknown as {
    from(values: readonly unknown[]): StateArray;
  };
  try {
    const data = ArrayClass.from(
      values.map((entry) => isBig ? BigInt(entry) : Number(entry)),
    );
    return { shape: [data.length], data };
  } catch {
    return refuse("an array holds what is no number");
  }
}

/**
 * A state as one JSON value: the tree as it is, and its typed arrays, where
 * there are any, under `$arrays` by their JSON pointers.
 *
 * @param state The state. Properties that are undefined are left out. Throws
 * `TypeError` for values that cannot be saved.
 */
export function encodeInlineState(
  state: Readonly<Record<string, unknown>>,
): JsonRecord {
  const { json, arrays } = encodeState(state, { omitUndefined: true });
  const named = Object.entries(arrays).map((
    [name, { data }],
  ) => [name, arrayJson(data)]);
  return named.length === 0
    ? json
    : { ...json, [ARRAYS]: Object.fromEntries(named) };
}

/**
 * The state that {@linkcode encodeInlineState} wrote.
 *
 * @param value The JSON value.
 * @param refuse Throws the error whose reason it is given.
 */
export function decodeInlineState(
  value: unknown,
  refuse: (reason: string) => never,
): State {
  const { [ARRAYS]: named = {}, ...tree } = Object(value);
  const arrays = Object.entries(named).map((
    [name, array],
  ): [string, NdArray] => [name, readArray(array, refuse)]);
  return decodeState(tree, { arrays: Object.fromEntries(arrays), refuse });
}
