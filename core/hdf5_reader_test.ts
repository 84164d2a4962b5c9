import { assert, assertEquals, assertRejects } from "@std/assert";
import { concatBytes } from "./_bytes.ts";
import { findPython } from "./_test_python.ts";
import { encodeHdf5, type Hdf5Group } from "./hdf5.ts";
import { decodeHdf5, isHdf5 } from "./hdf5_reader.ts";
import { Random } from "./random.ts";

const groups = (count: number): Hdf5Group => ({
  members: Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`g${i}`, {
      attributes: { id: i },
      members: {
        wide: { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, i) },
        whole: { shape: [2], data: BigInt64Array.of(-5n, BigInt(i)) },
        flags: { shape: [3], data: Uint8Array.of(1, 0, 1), boolean: true },
        none: { shape: [0], data: new Float64Array(0) },
      },
    }]),
  ),
});

Deno.test("decodeHdf5() reads what encodeHdf5() writes", async () => {
  const bytes = concatBytes(encodeHdf5(groups(200)));
  assert(isHdf5(bytes));
  const arrays = await decodeHdf5(bytes, { name: "a.h5" });
  assertEquals(Object.keys(arrays).length, 800);
  assertEquals(arrays["g199/wide"], {
    shape: [2, 3],
    data: Float32Array.of(0, 1, 2, 3, 4, 199),
  });
  assertEquals(arrays["g7/whole"].data, Float64Array.of(-5, 7));
  assertEquals(arrays["g7/flags"].data, Float64Array.of(1, 0, 1));
  assertEquals(arrays["g7/none"].data.length, 0);
});

Deno.test("decodeHdf5() gives up what is no HDF5, cut, or spoilt", async () => {
  const bytes = concatBytes(encodeHdf5(groups(3)));
  const refused = (given: Uint8Array, seconds = 5) =>
    assertRejects(
      () => decodeHdf5(given, { name: "a.h5", seconds }),
      SyntaxError,
      'Cannot read HDF5 "a.h5": ',
    );
  await refused(new Uint8Array(0));
  await refused(new TextEncoder().encode("text"));
  await refused(bytes.subarray(0, 40));
  await refused(bytes.subarray(0, bytes.length - 100));
  await refused(bytes, 0);
  const random = new Random(4);
  for (let i = 0; i < 12; i++) {
    const spoilt = bytes.slice();
    for (let k = 0; k < 30; k++) {
      spoilt[random.integer(8, bytes.length - 1)] = random.integer(0, 255);
    }
    try {
      await decodeHdf5(spoilt, { name: "a.h5", seconds: 1 });
    } catch (error) {
      assert(error instanceof SyntaxError);
      assert(!error.message.includes("\n"));
    }
  }
});

const python = await findPython("numpy", "h5py");

const WRITE = `
import sys, h5py, numpy as np
with h5py.File(sys.argv[1], "w") as f:
    g = f.create_group("episode_0")
    g.create_dataset("zipped", data=np.arange(6000, dtype="f4").reshape(1000, 6),
                     chunks=(100, 6), compression="gzip", shuffle=True)
    g["flags"] = np.array([True, False])
    g["single"] = 2.5
    for i in range(1, 60):
        f[f"episode_{i}/rewards"] = np.arange(i, dtype="i8")
`;

Deno.test({
  name: `decodeHdf5() reads what h5py writes${
    python ? "" : " [skipped: no h5py]"
  }`,
  ignore: !python,
  async fn() {
    const path = await Deno.makeTempFile({ suffix: ".hdf5" });
    try {
      await python!.run(WRITE, path);
      const arrays = await decodeHdf5(await Deno.readFile(path), {
        name: path,
      });
      const { shape, data } = arrays["episode_0/zipped"];
      assertEquals(shape, [1000, 6]);
      assertEquals(data, Float32Array.from({ length: 6000 }, (_, i) => i));
      assertEquals(arrays["episode_0/flags"].data, Float64Array.of(1, 0));
      assertEquals(arrays["episode_0/single"].shape, []);
      assertEquals(arrays["episode_59/rewards"].data.length, 59);
    } finally {
      await Deno.remove(path);
    }
  },
});
