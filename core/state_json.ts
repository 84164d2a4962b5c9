/**
 * State trees as JSON text and named arrays, without loss.
 *
 * JSON has no typed arrays, no NaN, no infinities and no -0. Those stand as
 * objects with one key: `{"$array": name}`, where the name is the value's
 * JSON pointer (RFC 6901), and `{"$number": "NaN"}`. A key of the tree that
 * begins with `$` gets another `$` in front.
 *
 * @module
 */
import { isStateArray } from "./nd_array.ts";
import type { NdArray } from "./nd_array.ts";
import type { State, StateArray, StateValue } from "./state.ts";

export type { State, StateArray, StateValue } from "./state.ts";
export type { NdArray } from "./nd_array.ts";

/** A value that JSON text holds. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | JsonRecord;

/** An object that JSON text holds; what is undefined is left out. */
export type JsonRecord = { readonly [name: string]: JsonValue | undefined };

/** What {@linkcode encodeState} returns. */
export interface EncodedState {
  /** The tree; arrays are named. */
  json: JsonRecord;
  /** The arrays under those names; the memory is shared with the state. */
  arrays: Record<string, NdArray>;
}

/** Options of {@linkcode encodeState}. */
export interface EncodeStateOptions {
  /**
   * Whether properties that are undefined are left out, instead of refused.
   * Default `false`.
   */
  omitUndefined?: boolean;
}

/** Deeper trees are refused before the engine's stack ends. */
const DEEPEST = 1000;
const ARRAY = "$array";
const NUMBER = "$number";
const NUMBER_BY_NAME: Record<string, number> = {
  "NaN": NaN,
  "Infinity": Infinity,
  "-Infinity": -Infinity,
  "-0": -0,
};

function encodeNumber(value: number): JsonValue {
  if (Object.is(value, -0)) return { [NUMBER]: "-0" };
  return Number.isFinite(value) ? value : { [NUMBER]: String(value) };
}

function pointerStep(key: string): string {
  return `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function describe(value: unknown): string {
  return typeof value === "object" || typeof value === "function"
    ? Object.prototype.toString.call(value)
    : String(value);
}

function refuseLoop(pointer: string): never {
  throw new TypeError(
    `Cannot save ${
      JSON.stringify(pointer)
    } of a state, expected a tree but it contains itself`,
  );
}

function refuseValue(value: unknown, pointer: string): never {
  throw new TypeError(
    `Cannot save ${JSON.stringify(pointer)} of a state, which is ${
      describe(value)
    }, expected null, truth values, numbers, text, typed arrays, or arrays and plain objects of these`,
  );
}

/**
 * A state as a JSON value and named arrays.
 *
 * @param state The tree. Throws `TypeError` for undefined, big integers, class
 * instances other than typed arrays, and trees that contain themselves.
 * @param options What happens to undefined properties.
 */
export function encodeState(
  state: Readonly<Record<string, unknown>>,
  options: EncodeStateOptions = {},
): EncodedState {
  const { omitUndefined = false } = options;
  const arrays: [string, NdArray][] = [];
  // Tells a loop from a value that merely stands twice.
  const ancestors = new Set<object>();

  function encodeNested(value: object, pointer: string): JsonValue {
    if (ancestors.has(value)) refuseLoop(pointer);
    ancestors.add(value);
    const encoded = Array.isArray(value)
      ? Array.from(value, (entry, i) => encode(entry, `${pointer}/${i}`))
      : isPlainObject(value)
      ? encodeObject(value, pointer)
      : refuseValue(value, pointer);
    ancestors.delete(value);
    return encoded;
  }

  function encodeObject(
    value: Record<string, unknown>,
    pointer: string,
  ): JsonRecord {
    const entries = Object.entries(value)
      .filter(([, entry]) => entry !== undefined || !omitUndefined)
      .map(([key, entry]) => [
        key.startsWith("$") ? `$${key}` : key,
        encode(entry, pointer + pointerStep(key)),
      ]);
    return Object.fromEntries(entries);
  }

  function encode(value: unknown, pointer: string): JsonValue {
    if (typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "number") return encodeNumber(value);
    if (value === null) return null;
    if (typeof value !== "object") return refuseValue(value, pointer);
    if (!isStateArray(value)) return encodeNested(value, pointer);
    arrays.push([pointer, { shape: [value.length], data: value }]);
    return { [ARRAY]: pointer };
  }

  if (!isPlainObject(state)) refuseValue(state, "");
  const json = encodeNested(state, "") as JsonRecord;
  return { json, arrays: Object.fromEntries(arrays) };
}

/** What {@linkcode decodeState} needs besides the JSON value. */
export interface DecodeStateOptions {
  /** The arrays that the tree names. Default none. */
  readonly arrays?: Readonly<Record<string, NdArray>>;
  /** Throws the error whose reason it is given. */
  readonly refuse: (reason: string) => never;
}

/**
 * The state that {@linkcode encodeState} took apart.
 *
 * @param json The JSON value.
 * @param options The arrays, each of which must be named once.
 */
export function decodeState(json: unknown, options: DecodeStateOptions): State {
  const { arrays = {}, refuse } = options;
  const unused = new Map(Object.entries(arrays));

  function takeArray(name: unknown): StateArray {
    const array = unused.get(name as string);
    if (array === undefined) {
      return refuse(
        `the array ${JSON.stringify(name)} is missing or named twice`,
      );
    }
    unused.delete(name as string);
    return array.data;
  }

  function decodeTag(tag: string, value: unknown): StateValue {
    if (tag === ARRAY) return takeArray(value);
    if (tag === NUMBER && typeof value === "string") {
      const number = Object.hasOwn(NUMBER_BY_NAME, value)
        ? NUMBER_BY_NAME[value]
        : undefined;
      if (number !== undefined) return number;
    }
    return refuse(`the tag ${JSON.stringify({ [tag]: value })} is unknown`);
  }

  function decodeObject(
    value: Record<string, unknown>,
    depth: number,
  ): StateValue {
    const entries = Object.entries(value);
    const [tag] = entries.find(([key]) => /^\$(?!\$)/.test(key)) ?? [];
    if (tag !== undefined) {
      return entries.length === 1
        ? decodeTag(tag, value[tag])
        : refuse(`the tag ${JSON.stringify(tag)} does not stand alone`);
    }
    return Object.fromEntries(
      entries.map((
        [key, entry],
      ) => [key.startsWith("$") ? key.slice(1) : key, decode(entry, depth)]),
    );
  }

  function decode(value: unknown, depth: number): StateValue {
    if (depth > DEEPEST) refuse(`it is nested deeper than ${DEEPEST} levels`);
    if (Array.isArray(value)) {
      return value.map((entry) => decode(entry, depth + 1));
    }
    if (typeof value === "object" && value !== null) {
      return decodeObject(value as Record<string, unknown>, depth + 1);
    }
    return value as StateValue;
  }

  const state = decode(json, 0);
  if (
    typeof state !== "object" || state === null || Array.isArray(state) ||
    isStateArray(state)
  ) return refuse("the state is not an object");
  if (unused.size > 0) {
    refuse(
      `the array ${JSON.stringify(unused.keys().next().value)} is not used`,
    );
  }
  return state as State;
}
