import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { decodeNpy, encodeNpy } from "./npy.ts";
import type { NdArray } from "./npy.ts";

/** A `.npy` file as NumPy 2.4 writes it: header padded to 128 bytes in all. */
function numpyFile(header: string, dataHex = ""): Uint8Array {
  const text = `\x93NUMPY\x01\x00v\x00${header.padEnd(117)}\n`;
  const start = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return Uint8Array.of(...start, ...Uint8Array.fromHex(dataHex));
}

function plain(descr: string, shape: string, dataHex = ""): Uint8Array {
  return numpyFile(
    `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`,
    dataHex,
  );
}

const FIXTURES: readonly [string, Uint8Array, NdArray][] = [
  [
    "floats",
    plain("<f4", "(2, 3)", "0000803f000000800000c07f0000807f01000000cdcccc3d"),
    {
      shape: [2, 3],
      data: Float32Array.of(1, -0, NaN, Infinity, 1e-45, 0.1),
    },
  ],
  ["a single number", plain("<i8", "()", "fbffffffffffffff"), {
    shape: [],
    data: BigInt64Array.of(-5n),
  }],
  ["truth values", plain("|b1", "(2,)", "0100"), {
    shape: [2],
    data: Uint8Array.of(1, 0),
    boolean: true,
  }],
  ["nothing", plain("<u2", "(0, 3)"), {
    shape: [0, 3],
    data: new Uint16Array(0),
  }],
];

Deno.test("encodeNpy() writes NumPy's own bytes", () => {
  for (const [name, bytes, array] of FIXTURES) {
    assertEquals(encodeNpy(array), bytes, name);
  }
});

Deno.test("decodeNpy() reads NumPy's own bytes", () => {
  for (const [name, bytes, array] of FIXTURES) {
    assertEquals(decodeNpy(bytes), array, name);
  }
  assertStrictEquals(decodeNpy(FIXTURES[0][1]).data[1], -0);
});

Deno.test("decodeNpy() reads big-endian and Fortran order", () => {
  // numpy.asfortranarray(numpy.arange(6, dtype=">f8").reshape(2, 3))
  const floats = numpyFile(
    "{'descr': '>f8', 'fortran_order': True, 'shape': (2, 3), }",
    "000000000000000040080000000000003ff0000000000000401000000000000040000000000000004014000000000000",
  );
  assertEquals(decodeNpy(floats), {
    shape: [2, 3],
    data: Float64Array.of(0, 1, 2, 3, 4, 5),
  });
  // numpy.asfortranarray(numpy.arange(24, dtype="<i2").reshape(2, 3, 4))
  const cube = numpyFile(
    "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3, 4), }",
    "00000c00040010000800140001000d00050011000900150002000e00060012000a00160003000f00070013000b001700",
  );
  assertEquals(decodeNpy(cube), {
    shape: [2, 3, 4],
    data: Int16Array.from({ length: 24 }, (_, i) => i),
  });
  assertEquals(
    decodeNpy(plain(">u8", "(2,)", "0000000000000000ffffffffffffffff")),
    { shape: [2], data: BigUint64Array.of(0n, 2n ** 64n - 1n) },
  );
});

Deno.test("decodeNpy() reads version 3 and keys in any order", () => {
  const text = "{'shape': (1,), 'fortran_order': False, 'descr': '|u1'}\n";
  const bytes = Uint8Array.from(
    `\x93NUMPY\x03\x00${String.fromCharCode(text.length)}\0\0\0${text}\x07`,
    (letter) => letter.charCodeAt(0),
  );
  assertEquals(decodeNpy(bytes), { shape: [1], data: Uint8Array.of(7) });
});

Deno.test("encodeNpy() and decodeNpy() keep every kind", () => {
  for (
    const data of [
      Float32Array.of(1.5),
      Float64Array.of(-0.1),
      Int8Array.of(-128),
      Int16Array.of(-32768),
      Int32Array.of(-(2 ** 31)),
      BigInt64Array.of(-(2n ** 63n)),
      Uint8Array.of(255),
      Uint16Array.of(65535),
      Uint32Array.of(2 ** 32 - 1),
      BigUint64Array.of(2n ** 64n - 1n),
    ]
  ) {
    const array = { shape: [1, 1], data };
    assertEquals(decodeNpy(encodeNpy(array)), array);
  }
});

Deno.test("encodeNpy() throws when shape and data do not fit", () => {
  const data = Float32Array.of(1, 2);
  for (
    const [array, message] of [
      [{ shape: [3], data }, "of 2 elements in the shape [3], expected 3"],
      [{ shape: [-1, -2], data }, "the shape [-1,-2]"],
      [{ shape: [0.5, 4], data }, "the shape [0.5,4]"],
      [{ shape: [2], data: [1, 2] as never }, "expected a typed array"],
      [{ shape: [2], data, boolean: true }, "as truth values"],
      [{ shape: [1], data: Uint8Array.of(2), boolean: true }, "zeros and ones"],
    ] as const
  ) assertThrows(() => encodeNpy(array), TypeError, message);
});

Deno.test("decodeNpy() says what is wrong", () => {
  const bytes = FIXTURES[0][1];
  const version4 = Uint8Array.from(bytes);
  version4[6] = 4;
  for (
    const [damaged, message] of [
      [new Uint8Array(0), "it does not begin as a .npy file does"],
      [new TextEncoder().encode("\x80\x04pickle"), "does not begin"],
      [bytes.subarray(0, 11), "it is cut short"],
      [bytes.subarray(0, 100), "it is cut short"],
      [bytes.subarray(0, 140), "needs 24 bytes of data, found 12"],
      [Uint8Array.of(...bytes, 0), "needs 24 bytes of data, found 25"],
      [version4, "its version is 4"],
      [plain("|O", "(1,)"), "Python objects, which only Python can read"],
      [plain("<U2", "(1,)", "6100000062000000"), 'of the type "<U2"'],
      [plain("<f2", "(1,)", "0000"), 'of the type "<f2"'],
      [plain("<c8", "(1,)", "0000000000000000"), 'of the type "<c8"'],
      [plain("|b1", "(1,)", "02"), "truth values besides 0 and 1"],
      [plain("<f4", "(-1,)"), "its shape is (-1,)"],
      [plain("<f4", "(1,,)"), "its shape is (1,,)"],
      [plain("<f4", "2"), "lacks one of"],
      [plain("<f4", "(99999999, 99999999, 99999999)"), "bytes of data"],
      [
        numpyFile(
          "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }",
          "00000000",
        ),
        "records of fields",
      ],
    ] as const
  ) {
    const error = assertThrows(
      () => decodeNpy(damaged, { name: "a.npy" }),
      SyntaxError,
      message,
    );
    assertEquals(
      error.message.startsWith('Cannot read "a.npy" as a NumPy array: '),
      true,
    );
  }
});
