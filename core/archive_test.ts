import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { zipSync } from "fflate";
import {
  decodeArchive,
  encodeArchive,
  isArchive,
  readArchive,
  writeArchive,
} from "./archive.ts";
import type { ArchiveContent, JsonRecord, State } from "./archive.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const VERSIONS = utf8('{"format": 1, "loadstar": "0.1.0"}');

function example(): ArchiveContent {
  return {
    config: { algorithm: "DQN", clip: Infinity, layers: [64, 64], note: "ü\n" },
    tensors: {
      weights: {
        "layer/kernel": {
          shape: [2, 3],
          data: Float32Array.of(1, -0, NaN, Infinity, 1e-45, 0.1),
        },
        "layer/bias": { shape: [3], data: Float32Array.of(1, 2, 3) },
      },
      target: {},
    },
    states: {
      replay: {
        rewards: Float64Array.of(0.5, -1.5),
        size: 2,
        nested: [{ actions: Int32Array.of(1, 2) }, []],
      },
    },
  };
}

Deno.test("encodeArchive() and decodeArchive() keep the content", () => {
  const content = example();
  const { versions, ...decoded } = decodeArchive(encodeArchive(content));
  assertEquals(decoded as ArchiveContent, content);
  assertEquals(versions, { format: 1, loadstar: "0.1.0" });
});

Deno.test("encodeArchive() and decodeArchive() keep states without loss", () => {
  const state: State = {
    numbers: [NaN, Infinity, -Infinity, -0, 0, 5e-324, 2 ** 53, 0.1 + 0.2],
    texts: ["", '\u0000\n"\\', "\ud800", "😀", "$number"],
    constants: [null, true, false],
    empties: [[], {}, [[]], new Float32Array(0), new BigUint64Array(0)],
    arrays: {
      float32: Float32Array.of(1.5, NaN, -0),
      float64: Float64Array.of(0.1, -Infinity),
      int8: Int8Array.of(-128, 127),
      int16: Int16Array.of(-32768, 32767),
      int32: Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
      uint8: Uint8Array.of(0, 255),
      uint16: Uint16Array.of(0, 65535),
      uint32: Uint32Array.of(0, 2 ** 32 - 1),
      int64: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n),
      uint64: BigUint64Array.of(0n, 2n ** 64n - 1n),
    },
    "$array": { "$number": "NaN", "$$": 1, "a/b~c": Int8Array.of(1) },
    a: { "b~c": Int8Array.of(2) },
    __metadata__: Int8Array.of(3),
    "": Int8Array.of(4),
  };
  Object.defineProperty(state, "__proto__", {
    value: { polluted: true },
    enumerable: true,
  });
  const { states } = decodeArchive(
    encodeArchive({ config: {}, states: { all: state } }),
  );
  const decoded = states.all;
  assertEquals(decoded, state);
  assertEquals(Object.keys(decoded), Object.keys(state));
  assertEquals("polluted" in decoded, false);
  // assertEquals takes -0 for 0.
  assertStrictEquals((decoded.numbers as number[])[3], -0);
  const { float32 } = decoded.arrays as Record<string, Float32Array>;
  assertStrictEquals(float32[2], -0);
  for (const [name, array] of Object.entries(state.arrays as State)) {
    assertInstanceOf(
      (decoded.arrays as State)[name],
      array!.constructor as new () => unknown,
    );
  }
});

Deno.test("encodeArchive() saves only the part that a view shows", () => {
  const memory = Float32Array.of(1, 2, 3, 4);
  const { states } = decodeArchive(
    encodeArchive({ config: {}, states: { s: { a: memory.subarray(1, 3) } } }),
  );
  assertEquals(states.s.a, Float32Array.of(2, 3));
});

Deno.test("encodeArchive() leaves out config properties that are undefined", () => {
  const bytes = encodeArchive({
    config: { a: undefined, b: { c: undefined } },
  });
  assertEquals(decodeArchive(bytes).config, { b: {} });
});

Deno.test("encodeArchive() gives the same bytes whatever the order", () => {
  const content = example();
  const reversed = (record: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(record).reverse());
  const bytes = encodeArchive(content);
  assertEquals(encodeArchive(example()), bytes);
  assertEquals(
    encodeArchive({
      config: content.config,
      tensors: reversed({
        ...content.tensors,
        weights: reversed({ ...content.tensors!.weights }),
      }) as ArchiveContent["tensors"],
      states: content.states,
    }),
    bytes,
  );
});

Deno.test("encodeArchive() throws on what it cannot save", () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  const saving = (state: unknown) => () =>
    encodeArchive({ config: {}, states: { s: state as State } });
  for (
    const [encode, ErrorClass, message] of [
      [saving({ a: undefined }), TypeError, '"/a" of a state'],
      [saving({ a: [1n] }), TypeError, '"/a/0" of a state, which is 1'],
      [saving({ a: new Map() }), TypeError, "[object Map]"],
      [saving({ a: () => 1 }), TypeError, "[object Function]"],
      [saving({ a: new Uint8ClampedArray(1) }), TypeError, "Clamped"],
      [saving(loop), TypeError, "contains itself"],
      [saving([]), TypeError, "which is [object Array]"],
      [
        () => encodeArchive({ config: { a: Int8Array.of(1) } as never }),
        TypeError,
        "among the states or tensors",
      ],
      ...["", "config", "versions", "a.arrays", "../a", "a/b"].map((name) =>
        [
          () => encodeArchive({ config: {}, states: { [name]: {} } }),
          RangeError,
          `Cannot name a part of an archive "${name}"`,
        ] as const
      ),
    ] as const
  ) assertThrows(encode, ErrorClass, message);
});

Deno.test("decodeArchive() throws one SyntaxError wherever the file is cut", () => {
  const bytes = encodeArchive(example());
  for (let length = 0; length < bytes.length; length++) {
    const error = assertThrows(
      () => decodeArchive(bytes.subarray(0, length), { name: "m.zip" }),
      SyntaxError,
      'Cannot read archive "m.zip": ',
    );
    assertEquals(error.message.includes("\n"), false);
  }
  assertThrows(
    () => decodeArchive(bytes.subarray(0, 1000)),
    SyntaxError,
    "cut short",
  );
});

Deno.test("decodeArchive() finds or survives a change of any byte", () => {
  const bytes = encodeArchive(example());
  const content = decodeArchive(bytes);
  let found = 0;
  for (let i = 0; i < bytes.length; i++) {
    const damaged = Uint8Array.from(bytes);
    damaged[i] ^= 0x55;
    try {
      // Dates and the like may change unnoticed.
      assertEquals(decodeArchive(damaged), content);
    } catch (error) {
      assertInstanceOf(error, SyntaxError, String(error));
      found++;
    }
  }
  assert(found > 0.7 * bytes.length, `${found} of ${bytes.length} found`);
});

Deno.test("decodeArchive() says what is wrong", () => {
  const archive = (files: Record<string, Uint8Array>) =>
    zipSync({
      "config.json": utf8("{}"),
      "versions.json": VERSIONS,
      ...files,
    });
  const empty = new Uint8Array(0);
  for (
    const [bytes, message] of [
      [empty, "it is empty"],
      [utf8("\x80\x04pickle"), "it is not a zip file"],
      [
        zipSync({ data: empty, "policy.pth": empty }),
        "config.json and versions.json missing, it looks like a Stable-Baselines3 archive",
      ],
      [zipSync({ "m/data.pkl": empty }), "it looks like a PyTorch file"],
      [zipSync({ "a.npy": empty }), "it looks like a NumPy .npz file"],
      [zipSync({ "config.json": empty }), "versions.json missing"],
      [archive({ "config.json": utf8("[]") }), "the state is not an object"],
      [archive({ "config.json": utf8("{") }), "its config.json is not JSON"],
      [archive({ "versions.json": utf8("{}") }), "lacks the format's number"],
      [
        archive({ "versions.json": utf8('{"format":2,"loadstar":"0.9.0"}') }),
        'its format 2 was written by Loadstar "0.9.0" and is newer than 1, update Loadstar',
      ],
      [
        archive({ "w.safetensors": utf8("nonsense") }),
        "its w.safetensors is not valid safetensors: ",
      ],
      [
        archive({ "s.json": utf8('{"a":{"$array":"/a"}}') }),
        'its s.json is damaged: the array "/a" is missing',
      ],
      [archive({ "s.json": utf8('{"a":{"$b":1}}') }), "the tag"],
      [archive({ "s.json": utf8('{"a":{"$number":"1"}}') }), "the tag"],
      [
        archive({ "s.json": utf8('{"a":{"$array":"/a","b":1}}') }),
        "does not stand alone",
      ],
      [
        archive({
          "s.arrays.safetensors": utf8("\x02\0\0\0\0\0\0\0{}"),
        }),
        "its s.arrays.safetensors lacks s.json beside it",
      ],
    ] as const
  ) {
    const error = assertThrows(
      () => decodeArchive(bytes, { name: "dir/m.zip" }),
      SyntaxError,
      message,
    );
    assertStringIncludes(error.message, 'Cannot read archive "dir/m.zip": ');
    assertEquals(error.message.includes("\n"), false);
  }
});

Deno.test("decodeArchive() refuses zip bombs before it unpacks them", () => {
  const bomb = zipSync({
    "config.json": utf8("{}"),
    "versions.json": VERSIONS,
    "a.json": new Uint8Array(1e6),
  });
  assertThrows(
    () => decodeArchive(bomb, { maximumBytes: 1e6 }),
    SyntaxError,
    "expected at most 1000000",
  );
  // A size in the directory that the packed bytes cannot give.
  const lying = Uint8Array.from(bomb);
  const view = new DataView(lying.buffer);
  for (let i = 0; i + 4 < lying.length; i++) {
    if (view.getUint32(i, true) === 1e6) view.setUint32(i, 2e9, true);
  }
  assertThrows(
    () => decodeArchive(lying),
    SyntaxError,
    "cannot hold 2000000000",
  );
});

Deno.test("decodeArchive() refuses an unpacked size that is too small", () => {
  const bytes = zipSync({
    "config.json": utf8("{}"),
    "versions.json": VERSIONS,
    "a.json": new Uint8Array(999),
  });
  const view = new DataView(bytes.buffer);
  for (let i = 0; i + 4 < bytes.length; i++) {
    if (view.getUint32(i, true) === 999) view.setUint32(i, 998, true);
  }
  assertThrows(() => decodeArchive(bytes), SyntaxError, "checksum");
});

Deno.test("isArchive() looks at the content", () => {
  assertEquals(isArchive(encodeArchive({ config: {} })), true);
  for (
    const bytes of [
      new Uint8Array(0),
      utf8("PK"),
      utf8('{"format": 1}'),
      zipSync({ data: new Uint8Array(0) }),
      encodeArchive({ config: {} }).subarray(0, 60),
    ]
  ) assertEquals(isArchive(bytes), false);
});

Deno.test("writeArchive() and readArchive() go through a file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "models", "m.model");
    await writeArchive(path, example());
    assertEquals(
      (await readArchive(path)).config,
      example().config as JsonRecord,
    );
    const before = await Deno.readFile(path);
    await assertRejects(
      () => writeArchive(path, { config: { bad: 1n as never } }),
      TypeError,
    );
    assertEquals(await Deno.readFile(path), before);
    await assertRejects(
      () => readArchive(join(folder, "missing.zip")),
      Deno.errors.NotFound,
      'missing.zip": no such file, check the path',
    );
    await Deno.writeFile(path, before.subarray(0, 200));
    await assertRejects(
      () => readArchive(path),
      SyntaxError,
      'm.model": the zip file is cut short',
    );
    await assertRejects(
      () => readArchive(path, { maximumBytes: 1 }),
      SyntaxError,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
