import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
import type { NdArray } from "./safetensors.ts";

const ARRAYS: Record<string, NdArray> = {
  z: { shape: [2], data: Int8Array.of(1, 2) },
  b: { shape: [2, 1], data: Float32Array.of(1, -0) },
  t: { shape: [2], data: Uint8Array.of(1, 0), boolean: true },
  i: { shape: [], data: BigInt64Array.of(-5n) },
};

/** A file of any header and data. */
function file(header: unknown, dataLength = 0): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const bytes = new TextEncoder().encode(text);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, bytes.length, true);
  return Uint8Array.of(...length, ...bytes, ...new Uint8Array(dataLength));
}

function entry(dtype: string, shape: unknown[], offsets: unknown[]) {
  return { dtype, shape, data_offsets: offsets };
}

/*
 * safetensors 0.8 (Python): safetensors.numpy.save of ARRAYS.
 */
const REFERENCE =
  "e0000000000000007b2269223a7b226474797065223a22493634222c227368617065223a5b5d2c22646174615f6f666673657473223a5b302c385d7d2c2262223a7b226474797065223a22463332222c227368617065223a5b322c315d2c22646174615f6f666673657473223a5b382c31365d7d2c227a223a7b226474797065223a224938222c227368617065223a5b325d2c22646174615f6f666673657473223a5b31362c31385d7d2c2274223a7b226474797065223a22424f4f4c222c227368617065223a5b325d2c22646174615f6f666673657473223a5b31382c32305d7d7d2020202020fbffffffffffffff0000803f0000008001020100";

Deno.test("decodeSafetensors() reads the reference's own bytes", () => {
  const { arrays } = decodeSafetensors(Uint8Array.fromHex(REFERENCE));
  assertEquals(arrays, ARRAYS);
  assertStrictEquals(arrays.b.data[1], -0);
});

Deno.test("encodeSafetensors() and decodeSafetensors() keep the content", () => {
  const metadata = { format: "pt", "a\n": "ü" };
  const bytes = encodeSafetensors(ARRAYS, metadata);
  assertEquals(decodeSafetensors(bytes), { arrays: ARRAYS, metadata });
  assertEquals(decodeSafetensors(encodeSafetensors({})), {
    arrays: {},
    metadata: {},
  });
});

Deno.test("encodeSafetensors() sorts names and aligns the data", () => {
  const entries = Object.entries(ARRAYS).reverse();
  const bytes = encodeSafetensors(ARRAYS, { a: "1", b: "2" });
  assertEquals(
    encodeSafetensors(Object.fromEntries(entries), { b: "2", a: "1" }),
    bytes,
  );
  const length = new DataView(bytes.buffer).getUint32(0, true);
  assertEquals(length % 8, 0);
  const { __metadata__, ...header } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, 8 + length)),
  );
  assertEquals(__metadata__, { a: "1", b: "2" });
  assertEquals(Object.keys(header), ["i", "b", "t", "z"]);
  assertEquals(header.b, entry("F32", [2, 1], [8, 16]));
});

Deno.test("decodeSafetensors() copies, whatever the alignment", () => {
  const bytes = encodeSafetensors(ARRAYS);
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  const { arrays } = decodeSafetensors(shifted.subarray(1));
  shifted.fill(0);
  assertEquals(arrays, ARRAYS);
});

Deno.test("encodeSafetensors() throws on what it cannot write", () => {
  const data = Float32Array.of(1, 2);
  assertThrows(
    () => encodeSafetensors({ w: { shape: [3], data } }),
    TypeError,
    'Cannot write array "w" of 2 elements in the shape [3], expected 3',
  );
  assertThrows(
    () => encodeSafetensors({ __metadata__: { shape: [2], data } }),
    RangeError,
    "__metadata__",
  );
});

Deno.test("decodeSafetensors() says what is wrong", () => {
  const float = (start: number, end: number) => entry("F32", [1], [start, end]);
  const huge = Uint8Array.of(...new Uint8Array(7).fill(255), 127, 0, 0);
  for (
    const [bytes, message] of [
      [new Uint8Array(7), "7 bytes are too few"],
      [huge, "a header of 9223372036854775807 bytes does not fit"],
      [file({}).subarray(0, 9), "a header of 2 bytes does not fit"],
      [file("{"), "the header is not JSON in UTF-8"],
      [file("[]"), "the header is not an object"],
      [file("null"), "the header is not an object"],
      [file("\ufeff{}"), "the header is not JSON in UTF-8"],
      [file('{"a":1,"\\u0061":2}'), 'the key "a" twice'],
      [
        file(
          '{"a":{"dtype":"U8","dtype":"I8","shape":[0],"data_offsets":[0,0]}}',
        ),
        'the key "dtype" twice',
      ],
      [file({ a: 1 }), 'array "a" lacks one of dtype'],
      [file({ a: { ...float(0, 4), more: 1 } }, 4), 'array "a" lacks one of'],
      [file({ a: entry("F16", [1], [0, 2]) }, 2), 'the dtype "F16", expected'],
      [file({ a: entry("F32", [-1], [0, 4]) }, 4), "not whole numbers"],
      [file({ a: entry("F32", [0.5], [0, 2]) }, 2), "not whole numbers"],
      [file({ a: entry("F32", ["1"], [0, 4]) }, 4), "not whole numbers"],
      [file({ a: entry("F32", [1], [0, 4, 8]) }, 4), "has the offsets [0,4,8]"],
      [file({ a: entry("F32", [2], [0, 4]) }, 4), "needs 8 bytes"],
      [file({ a: float(4, 0) }, 4), "needs 4 bytes"],
      [file({ a: float(0, 4) }, 3), "need 4 bytes of data, found 3"],
      [file({ a: float(0, 4) }, 5), "need 4 bytes of data, found 5"],
      [file({ a: float(4, 8) }, 8), "begins at 4, expected 0"],
      [file({ a: float(0, 4), b: float(0, 4) }, 4), "overlap"],
      [file({ a: float(0, 4), b: float(2, 6) }, 6), "begins at 2, expected 4"],
      [file({ a: float(0, 4), b: float(8, 12) }, 12), "leave a hole"],
      [file({ __metadata__: { a: 1 } }), "metadata is not an object of texts"],
      [file({ __metadata__: [] }), "metadata is not an object of texts"],
      [
        Uint8Array.of(...file({ a: entry("BOOL", [1], [0, 1]) }), 2),
        "truth values besides 0 and 1",
      ],
    ] as const
  ) {
    const error = assertThrows(
      () => decodeSafetensors(bytes, { name: "w" }),
      SyntaxError,
      message,
    );
    assertEquals(
      error.message.startsWith('Cannot read "w" as safetensors: '),
      true,
    );
  }
});
