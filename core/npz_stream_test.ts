import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { readNpz } from "./npz.ts";
import { openNpzStream } from "./npz_stream.ts";

function inFolder(
  test: (folder: string) => Promise<void> | void,
): () => Promise<void> {
  return async () => {
    const folder = await Deno.makeTempDir();
    try {
      await test(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

Deno.test(
  "openNpzStream() writes what readNpz() reads, in any order of pieces",
  inFolder(async (folder) => {
    const path = join(folder, "deep", "a.npz");
    using file = openNpzStream(path, [
      { name: "one", shape: [] },
      { name: "wide", shape: [3, 2], type: "float32" },
      { name: "none", shape: [0] },
      { name: "long", shape: [5] },
    ]);
    file.append("long", Float64Array.of(1, 2));
    file.append("wide", Float32Array.of(0.5, 1.5));
    file.append("long", Float64Array.of(3, 4, NaN));
    file.append("wide", Float32Array.of(2.5, 3.5, 4.5, 5.5));
    file.append("one", Float64Array.of(7));
    file.close();
    // Checksums are checked by the reader.
    const arrays = await readNpz(path);
    assertEquals(Object.keys(arrays), ["one", "wide", "none", "long"]);
    assertEquals([arrays.one.shape, arrays.one.data], [[], Float64Array.of(7)]);
    assertEquals(arrays.wide.shape, [3, 2]);
    assertEquals(
      arrays.wide.data,
      Float32Array.of(0.5, 1.5, 2.5, 3.5, 4.5, 5.5),
    );
    assertEquals(arrays.long.data, Float64Array.of(1, 2, 3, 4, NaN));
    assertEquals([...Deno.readDirSync(join(folder, "deep"))].length, 1);
  }),
);

Deno.test(
  "openNpzStream() leaves nothing where it is not closed",
  inFolder((folder) => {
    const path = join(folder, "a.npz");
    {
      using file = openNpzStream(path, [{ name: "x", shape: [3] }]);
      file.append("x", Float64Array.of(1));
      assertThrows(() => file.close(), Error, 'array "x" lacks 16 bytes');
    }
    assertEquals([...Deno.readDirSync(folder)], []);
  }),
);

Deno.test(
  "openNpzStream() refuses arrays it has not, types and lengths",
  inFolder((folder) => {
    using file = openNpzStream(join(folder, "a.npz"), [
      { name: "x", shape: [1] },
    ]);
    assertThrows(
      () => file.append("y", new Float64Array(1)),
      RangeError,
      '"y"',
    );
    assertThrows(() => file.append("x", new Float64Array(2)), RangeError);
    assertThrows(() => file.append("x", new Float32Array(1)), RangeError);
    assertThrows(
      () =>
        openNpzStream(join(folder, "b.npz"), [{ name: "x", shape: [2 ** 29] }]),
      RangeError,
      "4 GiB",
    );
  }),
);
