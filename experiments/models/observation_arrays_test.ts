import { assertEquals, assertRejects } from "@std/assert";
import { box, discrete } from "../../core/spaces.ts";
import { encodeNpy } from "../../core/npy.ts";
import { encodeNpz, type NdArray } from "../../core/npz.ts";
import { observationRows } from "./observation_arrays.ts";

const spaces = {
  observationSpace: box(-9, 9, { shape: [2] }),
  actionSpace: discrete(2),
};
const floats = (shape: number[], ...data: number[]): NdArray => ({
  shape,
  data: Float64Array.from(data),
});

async function rowsOf(
  bytes: Uint8Array,
  array?: string,
  given = spaces,
) {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    const rows = [];
    for await (const row of observationRows(path, given, array)) rows.push(row);
    return rows;
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("observationRows() reads rows of a .npy", async () => {
  const rows = await rowsOf(encodeNpy(floats([2, 2], 1, 2, 3, 4)));
  assertEquals(rows, [
    { observation: Float32Array.of(1, 2) },
    { observation: Float32Array.of(3, 4) },
  ]);
  assertEquals(await rowsOf(encodeNpy(floats([2], 1, 2))), [rows[0]]);
  const states = { ...spaces, observationSpace: discrete(5) };
  const numbers = encodeNpy({ shape: [2], data: BigInt64Array.of(4n, 0n) });
  assertEquals(
    (await rowsOf(numbers, undefined, states as never)).map((row) =>
      row.observation
    ),
    [4, 0],
  );
});

Deno.test("observationRows() begins episodes and obeys masks of a .npz", async () => {
  const bytes = encodeNpz({
    states: floats([3, 2], 1, 2, 3, 4, 5, 6),
    episode_ids: { shape: [3], data: Int32Array.of(7, 7, 8) },
    action_masks: {
      shape: [3, 2],
      data: Uint8Array.of(1, 0, 1, 1, 0, 1),
      boolean: true,
    },
  });
  const rows = await rowsOf(bytes);
  assertEquals(rows.map(({ reset }) => reset), [undefined, undefined, true]);
  assertEquals(rows[2].actionMask, Uint8Array.of(0, 1));
  assertEquals(await rowsOf(bytes, "states"), rows);
});

Deno.test("observationRows() says which array does not fit", async () => {
  const two = floats([1, 2], 1, 2);
  const cases: [Record<string, NdArray>, string | undefined, string][] = [
    [{ a: two, b: two }, undefined, "it holds a, b; expected one of these"],
    [{ a: two }, "c", "it holds a, not c"],
    [{ a: two }, "toString", "not toString"],
    [{ a: floats([1, 3], 1, 2, 3) }, undefined, "shape (1, 3), expected"],
    [{ a: floats([], 1) }, undefined, "shape (), expected"],
    [{ states: two, episode_ids: floats([2], 1, 2) }, undefined, "episode_ids"],
    [{ states: two, action_masks: floats([1], 1) }, undefined, "action_masks"],
    [{ states: floats([1, 2], 1, 99) }, undefined, "row 0 of"],
    [{ states: floats([1, 2], 1, NaN) }, undefined, "its number 1 is NaN"],
  ];
  for (const [arrays, array, expected] of cases) {
    await assertRejects(
      () => rowsOf(encodeNpz(arrays), array),
      Error,
      expected,
    );
  }
});
