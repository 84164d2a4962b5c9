import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { decodeArrays, numbersOf, readArrays } from "./array_file.ts";
import { encodeNpy } from "./npy.ts";
import { encodeNpz } from "./npz.ts";
import { findPython } from "./_test_python.ts";

const array = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };

Deno.test("decodeArrays() tells .npy and .npz apart by their content", () => {
  assertEquals(decodeArrays(encodeNpy(array), "a").array, array);
  const both = encodeNpz({ states: array, seed: array });
  assertEquals(Object.keys(decodeArrays(both, "a")), ["states", "seed"]);
});

Deno.test("decodeArrays() refuses what is no array", () => {
  const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
  // The pickles of "text", of {"a": None} and of [[1], 2].
  const pickles = [
    "\x80\x04\x8c\x04text.",
    "\x80\x04}\x8c\x01aNs.",
    "\x80\x04](](K\x01eK\x02e.",
  ];
  for (const text of ["", "hello", "\x93NUMPY", "PK\x03\x04", ...pickles]) {
    assertThrows(() => decodeArrays(bytes(text), "a"), SyntaxError);
  }
});

Deno.test("decodeArrays() says of a text that it is none of the kinds", () => {
  for (const text of ["1,2,3", ""]) {
    assertThrows(
      () => decodeArrays(new TextEncoder().encode(text), "a.csv"),
      SyntaxError,
      "it does not begin as .npz and .npy files do either",
    );
  }
});

Deno.test("decodeArrays() knows HDF5, which it does not read", () => {
  const bytes = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);
  assertThrows(() => decodeArrays(bytes, "a.h5"), SyntaxError, "it is HDF5");
});

Deno.test("readArrays() names the file that it cannot read", async () => {
  await assertRejects(
    () => readArrays("/nowhere/a.npy"),
    Error,
    'Cannot read "/nowhere/a.npy"',
  );
});

Deno.test("numbersOf() refuses whole numbers that floats have not", () => {
  const wholes = (value: bigint) => ({
    shape: [1],
    data: BigInt64Array.of(value),
  });
  assertEquals(numbersOf(wholes(-3n)), Float64Array.of(-3));
  assertThrows(() => numbersOf(wholes(2n ** 60n + 1n)), TypeError);
});

const python = await findPython("numpy");

const SAVE = `
import pickle, sys, numpy as np
data = {"states": np.arange(6, dtype=np.float32).reshape(2, 3), "actions": [[1, 2], [3, 4]]}
np.savez_compressed(sys.argv[1] + "/a.npz", **data)
np.save(sys.argv[1] + "/a.npy", np.asfortranarray(data["states"]))
pickle.dump(data, open(sys.argv[1] + "/a.pkl", "wb"))
`;

Deno.test({
  name: `readArrays() reads what NumPy saves${
    python ? "" : " [skipped: no numpy]"
  }`,
  ignore: !python,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await python!.run(SAVE, folder);
      for (const name of ["a.npz", "a.pkl"]) {
        const { states, actions } = await readArrays(`${folder}/${name}`);
        assertEquals([states.shape, actions.shape], [[2, 3], [2, 2]]);
        assertEquals([...numbersOf(states)], [0, 1, 2, 3, 4, 5]);
        assertEquals([...numbersOf(actions)], [1, 2, 3, 4]);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
