import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { writeTar } from "./_tar.ts";
import {
  headOf,
  machineOf,
  packPart,
  type Part,
  type Program,
} from "./self_extracting.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const IS_UNIX = Deno.build.os !== "windows";

Deno.test({
  name: `packPart() packs what tar reads${
    IS_UNIX ? "" : " [skipped: no tar to read with]"
  }`,
  ignore: !IS_UNIX,
  async fn() {
    const long = "x".repeat(1000);
    const files = [
      { path: "deno", bytes: bytes(long), isProgram: true },
      { path: "a/b/c.js", bytes: bytes(""), isProgram: false },
      { path: "d.wasm", bytes: bytes("y".repeat(512)), isProgram: false },
    ];
    const part = await packPart("kind", files);
    assertEquals(part.files, ["deno", "a/b/c.js", "d.wasm"]);
    assertEquals(part.size, 1512);
    assertEquals(await packPart("kind", files), part);
    const other = await packPart("kind", files.slice(1));
    assert(/^kind-[\da-f]{16}$/.test(part.name) && other.name !== part.name);

    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeFile(join(folder, "part"), part.bytes);
      const { success } = await new Deno.Command("sh", {
        args: ["-c", "gzip -dc part | tar -xf -"],
        cwd: folder,
      }).output();
      assert(success);
      assertEquals(await Deno.readTextFile(join(folder, "deno")), long);
      assertEquals(await Deno.readTextFile(join(folder, "a/b/c.js")), "");
      const { mode } = await Deno.stat(join(folder, "deno"));
      assertEquals(mode! & 0o777, 0o755);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("writeTar() refuses a path that its header cannot hold", () => {
  const path = "x".repeat(100);
  assertThrows(
    () => writeTar([{ path, bytes: bytes(""), isProgram: false }]),
    RangeError,
    "too long",
  );
});

Deno.test("headOf() is as long as it says, and grants what programs may", () => {
  const part: Part = { bytes: bytes("abc"), name: "p-1", files: [], size: 3 };
  const program = (name: string, read: boolean): Program => ({
    name,
    description: "",
    module: "a.ts",
    args: [],
    permissions: { read, ffi: ["./a.so"], run: ["deno"] },
  });
  const parts = {
    machine: { system: "Linux x86_64", loader: undefined },
    deno: part,
    bundle: part,
    programs: [program("train", true), program("@run", false)],
  };
  for (const only of ["train", undefined]) {
    const head = headOf({ ...parts, only }, "0");
    const lines = new TextDecoder().decode(head).split("\n");
    assert(lines.includes(`HEAD=${head.length}`));
    assert(lines.includes("LOADER=''"));
    const cases = lines.filter((line) => /^\S+\) exec /.test(line))
      .map((line) => [
        line.split(")")[0],
        line.includes("--allow-read"),
        line.includes(' "--allow-ffi=$library"'),
        line.includes(' "--allow-run=$path"'),
      ]);
    assertEquals(
      cases,
      only === undefined
        ? [
          ["@run", false, true, true],
          ["train", true, true, true],
          ["*", false, false, false],
        ]
        : [["@run", false, true, true], ["*", true, true, true]],
    );
  }
});

Deno.test({
  name: `machineOf() knows what Deno is made for${
    Deno.build.os === "linux" ? "" : " [skipped: not Linux]"
  }`,
  ignore: Deno.build.os !== "linux",
  async fn() {
    const program = await Deno.readFile(Deno.execPath());
    const { system, loader } = machineOf(program);
    const { stdout } = await new Deno.Command("uname", { args: ["-sm"] })
      .output();
    assertEquals(`${system}\n`, new TextDecoder().decode(stdout));
    assert((await Deno.stat(loader!)).isFile);
    assertEquals(machineOf(bytes("#!/bin/sh\n" + " ".repeat(60))), {
      system,
      loader: undefined,
    });
  },
});
