import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { decodeNpz, encodeNpz, readNpz, writeNpz } from "./npz.ts";
import type { NdArray } from "./npz.ts";

const ARRAYS: Record<string, NdArray> = {
  timesteps: { shape: [2], data: BigInt64Array.of(1000n, -2000n) },
  results: { shape: [2, 2], data: Float64Array.of(0.1, NaN, -Infinity, 4) },
  small: { shape: [1, 2, 1], data: Float32Array.of(0.1, -0) },
  done: { shape: [3], data: Uint8Array.of(1, 0, 1), boolean: true },
  words: { shape: [2], data: Uint32Array.of(0, 2 ** 32 - 1) },
  one: { shape: [], data: Int8Array.of(-7) },
  none: { shape: [0, 4], data: new Int16Array(0) },
};

/*
 * NumPy 2.4: numpy.savez_compressed(f, a=numpy.arange(3, dtype="<i4"),
 * b=numpy.array([[1.5]]))
 */
const NUMPY_FILE =
  "504b03042d00000008000000210002ecbda9ffffffffffffffff05001400612e6e7079010010008c000000000000004c000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac63a9a3a0ab50a14002e062060046226200600504b03042d000000080000002100836d12e4ffffffffffffffff05001400622e6e70790100100088000000000000004b000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a863a0a869a3a0ab50a64032e0630f8610f00504b01022d032d00000008000000210002ecbda94c0000008c000000050000000000000000000000800100000000612e6e7079504b01022d032d000000080000002100836d12e44b00000088000000050000000000000000000000800183000000622e6e7079504b0506000000000200020066000000050100000000";

Deno.test("decodeNpz() reads NumPy's own bytes", () => {
  assertEquals(decodeNpz(Uint8Array.fromHex(NUMPY_FILE)), {
    a: { shape: [3], data: Int32Array.of(0, 1, 2) },
    b: { shape: [1, 1], data: Float64Array.of(1.5) },
  });
});

Deno.test("encodeNpz() and decodeNpz() keep arrays, names and order", () => {
  for (const deflate of [false, true]) {
    const bytes = encodeNpz(ARRAYS, { deflate });
    const decoded = decodeNpz(bytes);
    assertEquals(decoded, ARRAYS);
    assertEquals(Object.keys(decoded), Object.keys(ARRAYS));
    assertEquals(encodeNpz(ARRAYS, { deflate }), bytes);
  }
});

Deno.test("encodeNpz() makes zeros small when it deflates", () => {
  const arrays = { a: { shape: [10000], data: new Float64Array(10000) } };
  const [stored, deflated] = [false, true].map((deflate) =>
    encodeNpz(arrays, { deflate }).length
  );
  assertEquals(stored > 80000 && deflated < 1000, true);
});

Deno.test("writeNpz() and readNpz() go through a file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "a", "evaluations.npz");
    await writeNpz(path, ARRAYS);
    assertEquals(await readNpz(path), ARRAYS);
    const bytes = await Deno.readFile(path);
    bytes[bytes.indexOf(0x93) + 130] ^= 1;
    await Deno.writeFile(path, bytes);
    await assertRejects(
      () => readNpz(path),
      SyntaxError,
      `Cannot read ${
        JSON.stringify(path)
      } as a .npz file: its "timesteps.npy" is damaged`,
    );
    await assertRejects(
      () => readNpz(join(folder, "missing.npz")),
      Deno.errors.NotFound,
      "no such file",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("decodeNpz() throws one SyntaxError wherever the file is cut", () => {
  const bytes = Uint8Array.fromHex(NUMPY_FILE);
  for (let length = 0; length < bytes.length; length++) {
    assertThrows(
      () => decodeNpz(bytes.subarray(0, length)),
      SyntaxError,
      "Cannot read bytes as a .npz file: ",
    );
  }
});

const CHECK = `
import json, sys, numpy
with numpy.load(sys.argv[1]) as arrays:
    print(json.dumps({
        name: [str(array.dtype), array.shape, [str(x) for x in array.flat]]
        for name, array in arrays.items()
    }))
`;

function python(...args: string[]): string | undefined {
  try {
    const command = new Deno.Command("python3", { args, stderr: "null" });
    const { success, stdout } = command.outputSync();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

const hasNumPy = python("-c", "import numpy") !== undefined;

Deno.test({
  name: `numpy.load reads what writeNpz() writes${
    hasNumPy ? "" : " [skipped: no numpy]"
  }`,
  ignore: !hasNumPy,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      for (const deflate of [false, true]) {
        const path = join(folder, "arrays.npz");
        await writeNpz(path, ARRAYS, { deflate });
        assertEquals(JSON.parse(python("-c", CHECK, path) ?? ""), {
          timesteps: ["int64", [2], ["1000", "-2000"]],
          results: ["float64", [2, 2], ["0.1", "nan", "-inf", "4.0"]],
          small: ["float32", [1, 2, 1], ["0.1", "-0.0"]],
          done: ["bool", [3], ["True", "False", "True"]],
          words: ["uint32", [2], ["0", "4294967295"]],
          one: ["int8", [], ["-7"]],
          none: ["int16", [0, 4], []],
        });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
