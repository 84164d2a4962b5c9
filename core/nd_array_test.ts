import { assertEquals, assertThrows } from "@std/assert";
import {
  arrayFromBytes,
  bytesOf,
  checkNdArray,
  ELEMENT_TYPES,
  elementCount,
  isAllBits,
  isStateArray,
} from "./nd_array.ts";

Deno.test("elementCount() multiplies the lengths", () => {
  for (const [shape, count] of [[[], 1], [[3], 3], [[2, 0, 5], 0]] as const) {
    assertEquals(elementCount(shape), count);
  }
  for (const shape of [[-1], [0.5, 2], [NaN], [2 ** 30, 2 ** 30]]) {
    assertThrows(() => elementCount(shape), TypeError, `[${shape}]`);
  }
});

Deno.test("isStateArray() knows the ten kinds and no other", () => {
  for (const type of ELEMENT_TYPES) {
    assertEquals(isStateArray(type.view(new ArrayBuffer(8))), true);
  }
  for (
    const value of [
      [],
      null,
      "Float32Array",
      new ArrayBuffer(8),
      new DataView(new ArrayBuffer(8)),
      new Uint8ClampedArray(1),
    ]
  ) assertEquals(isStateArray(value), false);
});

Deno.test("checkNdArray() tells the element type", () => {
  for (
    const [array, npy, safetensors] of [
      [{ shape: [2], data: new Float32Array(2) }, "f4", "F32"],
      [{ shape: [], data: new BigInt64Array(1) }, "i8", "I64"],
      [{ shape: [1], data: new Uint8Array(1) }, "u1", "U8"],
      [{ shape: [1], data: new Uint8Array(1), boolean: true }, "b1", "BOOL"],
    ] as const
  ) {
    const type = checkNdArray(array, "a");
    assertEquals([type.npy, type.safetensors], [npy, safetensors]);
  }
  assertThrows(
    () => checkNdArray({ shape: [2], data: new Float32Array(3) }, "a"),
    TypeError,
    'Cannot write array "a" of 3 elements in the shape [2], expected 2',
  );
});

Deno.test("bytesOf() views the memory, arrayFromBytes() copies it", () => {
  const memory = Int16Array.of(1, 2, 3);
  const bytes = bytesOf(memory.subarray(1));
  assertEquals(bytes, Uint8Array.of(2, 0, 3, 0));
  const copy = arrayFromBytes(
    checkNdArray({ shape: [3], data: memory }, "a"),
    { bytes, shape: [2, 1] },
  );
  bytes.fill(9);
  assertEquals(memory, Int16Array.of(1, 0x909, 0x909));
  assertEquals(copy, { shape: [2, 1], data: Int16Array.of(2, 3) });
});

Deno.test("isAllBits() finds other values", () => {
  assertEquals(isAllBits(Uint8Array.of(0, 1)), true);
  assertEquals(isAllBits(Uint8Array.of(0, 2)), false);
});
