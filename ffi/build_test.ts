import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { buildLibrary, newestChange } from "./build.ts";

/** A crate whose cargo is a script. */
async function withCrate(
  body: (crate: string, cargo: (script: string) => Promise<string>) => unknown,
) {
  const crate = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(crate, "src/deep"), { recursive: true });
    for (const name of ["Cargo.toml", "Cargo.lock", "src/deep/a.rs"]) {
      await Deno.writeTextFile(join(crate, name), "");
    }
    await body(crate, async (script) => {
      const path = join(crate, "cargo");
      await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return path;
    });
  } finally {
    await Deno.remove(crate, { recursive: true });
  }
}

async function age(path: string, seconds: number) {
  const time = Date.now() / 1000 - seconds;
  await Deno.utime(path, time, time);
}

Deno.test({
  name: "buildLibrary() runs cargo only where a source is newer",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withCrate(async (crate, script) => {
      const library = join(crate, "library.so");
      const runs = join(crate, "runs");
      const cargo = await script(
        `echo "$@" >> ${runs}; [ -e ${library} ] || echo x > ${library}`,
      );
      const build = () => buildLibrary(crate, { library, cargo });
      assertEquals(await build(), "built");
      assertEquals(await build(), "fresh");
      const source = join(crate, "src/deep/a.rs");
      await age(source, -60);
      assert(await newestChange(join(crate, "src")) > Date.now());
      await age(library, 60);
      // Cargo leaves the file as it is; the build counts all the same.
      assertEquals(await build(), "built");
      await age(source, 60);
      assertEquals(await build(), "fresh");
      const calls = (await Deno.readTextFile(runs)).trim().split("\n");
      assertEquals(calls.length, 2);
      assert(calls[0].startsWith("build --release --locked"), calls[0]);
    }),
});

Deno.test({
  name: "buildLibrary() tells of a failed build and of a missing cargo",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withCrate(async (crate, script) => {
      const library = join(crate, "library.so");
      const cargo = await script("exit 101");
      assertEquals(await buildLibrary(crate, { library, cargo }), "failed");
      const missing = join(crate, "nothing");
      assertEquals(
        await buildLibrary(crate, { library, cargo: missing }),
        "no cargo",
      );
    }),
});
