import { assertEquals, assertThrows } from "@std/assert";
import { concatBytes } from "./_bytes.ts";
import { lookup3 } from "./_lookup3.ts";
import { findPython } from "./_test_python.ts";
import { encodeHdf5, type Hdf5Group } from "./hdf5.ts";

Deno.test("lookup3() gives the values of lookup3.c", () => {
  const hash = (text: string) => lookup3(new TextEncoder().encode(text));
  assertEquals(hash(""), 0xdeadbeef);
  assertEquals(hash("Four score and seven years ago"), 0x17770551);
});

Deno.test("encodeHdf5() refuses shapes, names and attributes that cannot be", () => {
  const array = { shape: [2], data: Float32Array.of(1, 2) };
  const cases: [Hdf5Group, string][] = [
    [{ members: { a: { ...array, shape: [3] } } }, "expected 3"],
    [{ members: { "a/b": array } }, "without slashes"],
    [{ members: { "": array } }, "without slashes"],
    [{ members: {}, attributes: { n: 0.5 } }, "0.5 is no whole number"],
  ];
  for (const [group, reason] of cases) {
    assertThrows(() => encodeHdf5(group), Error, reason);
  }
});

const python = await findPython("numpy", "h5py");

const READ = `
import json, sys, h5py
found = {}
def visit(name, item):
    found[name] = {"attributes": {k: int(v) for k, v in item.attrs.items()}}
    if isinstance(item, h5py.Dataset):
        found[name].update(dtype=str(item.dtype), value=item[()].tolist())
with h5py.File(sys.argv[1]) as f:
    f.visititems(visit)
with h5py.File(sys.argv[1], "a") as f:
    f["group"].create_dataset("added", data=[1.5])
    f.create_group("group/another").attrs["n"] = 1
with h5py.File(sys.argv[1]) as f:
    assert f["group/added"][0] == 1.5 and f["group/wide"][1, 2] == 5
    assert len(f["many"]) == 3000 and f["many/2999"].attrs["id"] == 2999
print(json.dumps(found["group"]), json.dumps({k[6:]: v for k, v in found.items() if k.startswith("group/")}), sep="\\n")
`;

Deno.test({
  name: `h5py reads what encodeHdf5() writes, and appends to it${
    python ? "" : " [skipped: no h5py]"
  }`,
  ignore: !python,
  async fn() {
    const many = Object.fromEntries(
      Array.from({ length: 3000 }, (_, i) => [
        String(i),
        { members: {}, attributes: { id: i } },
      ]),
    );
    const members = {
      wide: { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
      precise: { shape: [1], data: Float64Array.of(0.1) },
      truths: { shape: [3], data: Uint8Array.of(1, 0, 1), boolean: true },
      bytes: { shape: [2], data: Uint8Array.of(0, 255) },
      whole: { shape: [1], data: BigInt64Array.of(-(2n ** 62n)) },
      small: { shape: [], data: Int32Array.of(-7) },
      none: { shape: [0, 4], data: new Float32Array(0) },
      größe: { shape: [1], data: Int8Array.of(-1) },
    };
    const group = { members, attributes: { id: -3, total: 2 ** 40 } };
    const path = await Deno.makeTempFile({ suffix: ".hdf5" });
    try {
      const parts = encodeHdf5({ members: { group, many: { members: many } } });
      await Deno.writeFile(path, concatBytes(parts));
      const [first, second] = (await python!.run(READ, path)).split("\n");
      assertEquals(JSON.parse(first).attributes, { id: -3, total: 2 ** 40 });
      const found = JSON.parse(second);
      assertEquals(
        Object.fromEntries(
          Object.entries(found).map((
            // deno-lint-ignore no-explicit-any
            [name, { dtype, value }]: [string, any],
          ) => [name, [dtype, value]]),
        ),
        {
          wide: ["float32", [[0, 1, 2], [3, 4, 5]]],
          precise: ["float64", [0.1]],
          truths: ["bool", [true, false, true]],
          bytes: ["uint8", [0, 255]],
          whole: ["int64", [Number(-(2n ** 62n))]],
          small: ["int32", -7],
          none: ["float32", []],
          größe: ["int8", [-1]],
        },
      );
    } finally {
      await Deno.remove(path);
    }
  },
});
