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

/**
 * Python before 3.11.4 wrote sizes into a file's local header beside the extra
 * field that has them (CPython issue 103861), and everywhere version 2.0 for
 * 4.5.
 */
function asLaterPythons(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  const view = new DataView(bytes.buffer);
  let at = 0;
  while (view.getUint32(at, true) === 0x04034b50) {
    const extra = at + 30 + view.getUint16(at + 26, true);
    view.setUint16(at + 4, 45, true);
    view.setUint32(at + 18, 0xffffffff, true);
    view.setUint32(at + 22, 0xffffffff, true);
    at = extra + 20 + Number(view.getBigUint64(extra + 4, true));
  }
  while (view.getUint32(at, true) === 0x02014b50) {
    view.setUint8(at + 4, 45);
    view.setUint16(at + 6, 45, true);
    at += 46 + view.getUint16(at + 28, true);
  }
  return bytes;
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
      assertEquals(bytes, asLaterPythons(await Deno.readFile(path)));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
