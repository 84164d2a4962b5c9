import { assertEquals, assertRejects } from "@std/assert";
import { builtLibraryPath } from "../../ffi/library.ts";
import { libraryFor, type Target, TARGETS } from "./targets.ts";

const OTHER = TARGETS.find((target) => target !== Deno.build.target)!;

Deno.test("libraryFor() finds the library that cargo made for a target", async () => {
  const root = await Deno.makeTempDir();
  try {
    await assertRejects(
      () => libraryFor(OTHER, root),
      Error,
      `Cannot compile for ${OTHER} without its native library, expected it at ${root}/ffi/target/${OTHER}/release/`,
    );
    const folder = `${root}/ffi/target/x86_64-pc-windows-msvc/release`;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${folder}/loadstar_ffi.dll`, "");
    if (Deno.build.os === "windows") return;
    assertEquals(
      await libraryFor("x86_64-pc-windows-msvc", root),
      `${folder}/loadstar_ffi.dll`,
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("libraryFor() takes this machine's where it is built", async () => {
  const path = builtLibraryPath();
  const isBuilt = await Deno.stat(path).then(() => true, () => false);
  assertEquals(
    await libraryFor(Deno.build.target as Target, "/nowhere"),
    isBuilt ? path : undefined,
  );
});
