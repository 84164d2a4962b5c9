import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { decodeNpz } from "./npz.ts";
import { encodeSavez } from "./savez.ts";

const ARRAYS = {
  states: {
    shape: [500, 12],
    data: Float32Array.from({ length: 6000 }, (_, i) => i / 7),
  },
  actions: {
    shape: [500, 10],
    data: Float32Array.from({ length: 5000 }, (_, i) => i / 3),
  },
};

Deno.test("500 states of 12 and actions of 10 take 44,512 bytes", () => {
  assertEquals(encodeSavez(ARRAYS).length, 44_512);
});

Deno.test("decodeNpz() reads what encodeSavez() writes", () => {
  const seed = { shape: [], data: BigInt64Array.of(7n) };
  const arrays = decodeNpz(encodeSavez({ ...ARRAYS, seed }));
  assertEquals(arrays.states.data, ARRAYS.states.data);
  assertEquals(arrays.actions.shape, [500, 10]);
  assertEquals(arrays.seed.data, seed.data);
});

const SAVE = `
import sys, numpy
numpy.savez(
    sys.argv[1],
    states=(numpy.arange(6000) / 7).astype(numpy.float32).reshape(500, 12),
    actions=(numpy.arange(5000) / 3).astype(numpy.float32).reshape(500, 10),
    seed=numpy.int64(7),
    flags=numpy.array([True, False]),
    none=numpy.zeros((0, 3), numpy.float32),
)
`;

function python(...args: string[]): boolean {
  try {
    return new Deno.Command("python3", { args, stderr: "null" }).outputSync()
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const hasNumPy = python("-c", "import numpy");

Deno.test({
  name: `encodeSavez() writes the bytes of numpy.savez${
    hasNumPy ? "" : " [skipped: no numpy]"
  }`,
  ignore: !hasNumPy,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const path = join(folder, "arrays.npz");
      assertEquals(python("-c", SAVE, path), true);
      const bytes = encodeSavez({
        ...ARRAYS,
        seed: { shape: [], data: BigInt64Array.of(7n) },
        flags: { shape: [2], data: Uint8Array.of(1, 0), boolean: true },
        none: { shape: [0, 3], data: new Float32Array(0) },
      });
      assertEquals(bytes, await Deno.readFile(path));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
