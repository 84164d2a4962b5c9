import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { FAULTS, RESERVOIR_VERSION, WORD_VERSION } from "./_symbols.ts";
import {
  builtLibraryPath,
  chooseLibrary,
  nativeLibrary,
  openLibrary,
  unwrap,
} from "./library.ts";

const ROOT = join(import.meta.dirname!, "..");
const ignore = nativeLibrary() === undefined;

const CODE = `
  import { SingleMetricReservoir } from "./ffi/reservoir.ts";
  const reservoir = new SingleMetricReservoir({ size: 8, kind: "biased" });
  reservoir.updateBatch(new Float64Array(1000).map((_, i) => Math.sqrt(i)));
  reservoir.updateBatch(new Float64Array(1000).fill(3));
  console.log(JSON.stringify(reservoir.features()));
`;

/** Runs code in a process of its own permissions and environment. */
async function run(
  options: { permissions?: string[]; library?: string; code?: string } = {},
) {
  const { permissions = [], library, code = CODE } = options;
  const file = await Deno.makeTempFile({ dir: ROOT, suffix: ".tmp.ts" });
  try {
    await Deno.writeTextFile(file, code);
    const { stdout, stderr, success } = await new Deno.Command("deno", {
      args: ["run", "-q", "--no-prompt", "--no-check", ...permissions, file],
      cwd: ROOT,
      env: { NO_COLOR: "1", LOADSTAR_LIBRARY: library ?? "" },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { out: text(stdout), error: text(stderr), success };
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("chooseLibrary() takes the built one unless another is named", () => {
  assertEquals(chooseLibrary(""), { path: builtLibraryPath(), named: false });
  assertEquals(chooseLibrary("/a.so"), { path: "/a.so", named: true });
  assertEquals(chooseLibrary("none"), { path: undefined });
});

Deno.test("openLibrary() finds none where there is no file", () => {
  assertEquals(openLibrary("/nonexistent/libloadstar_ffi.so"), undefined);
});

Deno.test("openLibrary() refuses what is no library", async () => {
  const file = await Deno.makeTempFile({ suffix: ".so" });
  try {
    await Deno.writeTextFile(file, "not a library");
    assertThrows(
      () => openLibrary(file),
      Error,
      `Cannot open the native library ${file}, expected one for this machine: run "deno task build:native"`,
    );
  } finally {
    await Deno.remove(file);
  }
});

Deno.test({
  name: "openLibrary() refuses a library of another interface",
  ignore,
  fn: async () => {
    const { ABI_VERSION } = await import("./_symbols.ts");
    const bytes = await Deno.readFile(builtLibraryPath());
    // The number stands in the code that returns it.
    const wanted = new Uint8Array(Uint32Array.of(ABI_VERSION).buffer);
    let changed = 0;
    for (let i = 0; i + 4 <= bytes.length; i++) {
      if (wanted.every((byte, j) => bytes[i + j] === byte)) {
        bytes[i] ^= 1;
        changed++;
      }
    }
    assert(changed > 0);
    const file = await Deno.makeTempFile({ suffix: ".so" });
    try {
      await Deno.writeFile(file, bytes);
      assertThrows(
        () => openLibrary(file),
        Error,
        'it is older or newer than the code, run "deno task build:native"',
      );
      const { error, success } = await run({
        permissions: ["--allow-ffi", "--allow-env=LOADSTAR_LIBRARY"],
        library: file,
      });
      assertEquals(success, false);
      assert(error.includes('run "deno task build:native"'), error);
    } finally {
      await Deno.remove(file);
    }
  },
});

Deno.test({
  name: "reservoirs need no more than --allow-ffi of the library",
  ignore,
  fn: async () => {
    const scoped = await run({
      permissions: [`--allow-ffi=${builtLibraryPath()}`],
    });
    assertEquals(scoped.error, "");
    const none = await run();
    assertEquals(none.error.trim().split("\n").length, 1);
    assert(none.error.includes("--allow-ffi="), none.error);
    assertEquals(none.out, scoped.out);
    const unwanted = await run({
      permissions: ["--allow-env=LOADSTAR_LIBRARY"],
      library: "none",
    });
    assertEquals(unwanted, { ...none, error: "" });
  },
});

Deno.test("nativeLibrary() says once what is missing, and refuses a wrong name", async () => {
  const { error, success } = await run({
    permissions: ["--allow-ffi", "--allow-env=LOADSTAR_LIBRARY"],
    library: "/nonexistent/a.so",
  });
  assertEquals(success, false);
  assert(
    error.includes(
      "Cannot find the native library /nonexistent/a.so that LOADSTAR_LIBRARY names",
    ),
    error,
  );
});

Deno.test("useNoLibrary() has none looked for, without a word", async () => {
  const { error, success } = await run({
    permissions: [],
    code: `import { nativeLibrary, useNoLibrary } from "./ffi/library.ts";
      useNoLibrary();
      if (nativeLibrary() !== undefined) throw new Error("There is one");`,
  });
  assertEquals([error, success], ["", true]);
});

Deno.test("requireLibrary() says how to build it", async () => {
  const { error, success } = await run({
    permissions: ["--allow-env=LOADSTAR_LIBRARY"],
    library: "none",
    code: `import { requireLibrary } from "./ffi/library.ts";
      requireLibrary("share memory");`,
  });
  assertEquals(success, false);
  assert(
    /Cannot share memory without the native library.*"deno task build:native"/
      .test(error),
    error,
  );
});

Deno.test("unwrap() returns results and throws faults", () => {
  assertEquals(unwrap(0, "act"), 0);
  assertEquals(unwrap(2 ** 31 - 1, "act"), 2 ** 31 - 1);
  for (const [code, { kind, message }] of FAULTS) {
    const error = assertThrows(() => unwrap(code, "act"), Error);
    assertEquals(error.message, `Cannot act: ${message}`);
    assert(kind === error.name || kind === "Error", kind);
  }
  for (
    const [errno, Kind] of [
      [1, Deno.errors.PermissionDenied],
      [2, Deno.errors.NotFound],
      [13, Deno.errors.PermissionDenied],
      [17, Deno.errors.AlreadyExists],
      [28, Error],
      [999, Error],
    ] as const
  ) {
    assertThrows(() => unwrap(-1000 - errno, "act"), Kind, `errno ${errno}`);
  }
  assertThrows(() => unwrap(-999, "act"), Error, "fault -999");
});

Deno.test({
  name: "native functions refuse buffers that do not fit, and touch none",
  ignore,
  fn: () => {
    const library = nativeLibrary()!;
    const numbers = new Float64Array(264);
    const words = new Uint32Array(16);
    const none = new Float64Array(0);
    const update = (
      w: Uint32Array<ArrayBuffer>,
      n: Float64Array<ArrayBuffer>,
      v: Float64Array<ArrayBuffer>,
    ) => unwrap(library.reservoirUpdate(w, n, v, none, none, 0), "act");
    assertThrows(() => update(words, numbers, none), TypeError, "state");
    words.set([1, 2, 3, 4, 4, 128, 0, 1]);
    words[WORD_VERSION] = RESERVOIR_VERSION;
    numbers[0] = 1;
    const before = numbers.slice();
    const short = numbers.subarray(1);
    assertThrows(() => update(words, short, none), TypeError, "length");
    assertThrows(
      () => update(words.subarray(1), numbers, none),
      TypeError,
      "length",
    );
    assertThrows(() => update(words, numbers, short), TypeError, "overlaps");
    assertThrows(
      () => update(new Uint32Array(numbers.buffer, 0, 16), numbers, none),
      TypeError,
      "overlaps",
    );
    // Half as many bytes: nothing beyond them may be read.
    const half = new Float32Array(264) as unknown as typeof numbers;
    assertThrows(() => update(words, half, none), TypeError, "length");
    assertEquals(numbers, before);
    const features = (now: number, rate: number, share: number) =>
      unwrap(
        library.reservoirFeatures(
          words,
          numbers,
          now,
          rate,
          share,
          0,
          new Float64Array(7),
        ),
        "act",
      );
    for (
      const values of [[NaN, 0, 0], [0, 1, 0], [0, NaN, 0], [0, 0, 1.1]]
    ) {
      const [now, rate, share] = values;
      assertThrows(() => features(now, rate, share), RangeError, "argument");
    }
  },
});
