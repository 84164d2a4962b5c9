/**
 * Arrays with a shape, and what files call their element types.
 *
 * @module
 */
import type { StateArray } from "./state.ts";

export type { StateArray } from "./state.ts";

/** An array of any number of axes, in row-major (C) order. */
export interface NdArray {
  /** Length along each axis; empty for a single number. */
  readonly shape: readonly number[];
  /** The elements; their count is the product of the shape. */
  readonly data: StateArray;
  /**
   * Whether the elements are truth values: `data` is then a Uint8Array of
   * zeros and ones. Default `false`.
   */
  readonly boolean?: boolean;
}

/** An element type. */
export interface ElementType {
  /** The type's name in a `.npy` header, without its byte order. */
  readonly npy: string;
  /** The type's name in a safetensors header. */
  readonly safetensors: string;
  /** Bytes an element. */
  readonly size: number;
  /** Whether elements are truth values in a Uint8Array. */
  readonly boolean: boolean;
  /** Views `buffer` as `length` elements. */
  readonly view: (buffer: ArrayBuffer, length?: number) => StateArray;
}

function elementType(
  npy: string,
  safetensors: string,
  ArrayClass: {
    readonly BYTES_PER_ELEMENT: number;
    new (buffer: ArrayBuffer, offset?: number, length?: number): StateArray;
  },
): ElementType {
  return {
    npy,
    safetensors,
    size: ArrayClass.BYTES_PER_ELEMENT,
    boolean: npy === "b1",
    view: (buffer, length) => new ArrayClass(buffer, 0, length),
  };
}

const TYPE_BY_TAG: Record<string, ElementType> = {
  Float32Array: elementType("f4", "F32", Float32Array),
  Float64Array: elementType("f8", "F64", Float64Array),
  Int8Array: elementType("i1", "I8", Int8Array),
  Int16Array: elementType("i2", "I16", Int16Array),
  Int32Array: elementType("i4", "I32", Int32Array),
  BigInt64Array: elementType("i8", "I64", BigInt64Array),
  Uint8Array: elementType("u1", "U8", Uint8Array),
  Uint16Array: elementType("u2", "U16", Uint16Array),
  Uint32Array: elementType("u4", "U32", Uint32Array),
  BigUint64Array: elementType("u8", "U64", BigUint64Array),
};

const BOOLEAN_TYPE = elementType("b1", "BOOL", Uint8Array);

/** Every element type that files of this house may hold. */
export const ELEMENT_TYPES: readonly ElementType[] = [
  ...Object.values(TYPE_BY_TAG),
  BOOLEAN_TYPE,
];

/**
 * Whether a value is a typed array of a kind that files can hold.
 *
 * @param value Any value.
 */
export function isStateArray(value: unknown): value is StateArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) &&
    (value as StateArray)[Symbol.toStringTag] in TYPE_BY_TAG;
}

/**
 * The number of elements of an array of a shape.
 *
 * @param shape Length along each axis. Throws `TypeError` unless all are whole
 * numbers from 0 whose product is a safe integer.
 */
export function elementCount(shape: readonly number[]): number {
  const count = shape.reduce((product, length) => product * length, 1);
  if (
    !Number.isSafeInteger(count) ||
    !shape.every((length) => Number.isSafeInteger(length) && length >= 0)
  ) {
    throw new TypeError(
      `Cannot use the shape [${shape}], expected whole numbers from 0`,
    );
  }
  return count;
}

/**
 * The element type of an array whose shape fits its data.
 *
 * @param array Throws `TypeError` when the shape and the data do not fit, or
 * the data is of a kind that files cannot hold.
 * @param name What messages call the array.
 */
export function checkNdArray(array: NdArray, name: string): ElementType {
  const { shape, data, boolean = false } = array;
  const label = JSON.stringify(name);
  if (!isStateArray(data)) {
    throw new TypeError(
      `Cannot write array ${label} of ${
        Object.prototype.toString.call(data)
      }, expected a typed array of 8 to 64 bit numbers`,
    );
  }
  const count = elementCount(shape);
  if (data.length !== count) {
    throw new TypeError(
      `Cannot write array ${label} of ${data.length} elements in the shape [${shape}], expected ${count}`,
    );
  }
  if (!boolean) return TYPE_BY_TAG[data[Symbol.toStringTag]];
  if (!(data instanceof Uint8Array) || !isAllBits(data)) {
    throw new TypeError(
      `Cannot write array ${label} as truth values, expected a Uint8Array of zeros and ones`,
    );
  }
  return BOOLEAN_TYPE;
}

/**
 * Whether all bytes are 0 or 1.
 *
 * @param bytes Any bytes.
 */
export function isAllBits(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte <= 1);
}

/**
 * The bytes of a typed array, as a view of the same memory.
 *
 * @param data A typed array.
 */
export function bytesOf(data: StateArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * An array made of a copy of bytes.
 *
 * @param type The element type.
 * @param source The bytes and the wanted shape; the bytes are as many as the
 * shape and the type need.
 */
export function arrayFromBytes(
  type: ElementType,
  source: { readonly bytes: Uint8Array; readonly shape: readonly number[] },
): NdArray {
  const data = type.view(Uint8Array.from(source.bytes).buffer);
  const shape = [...source.shape];
  return type.boolean ? { shape, data, boolean: true } : { shape, data };
}
