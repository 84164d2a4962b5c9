import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  compileBundle,
  joinPermissions,
  lackingRuntime,
} from "./deno_compile.ts";
import type { Program } from "./programs.ts";
import type { Target } from "./targets.ts";

const TARGET = Deno.build.target as Target;

function program(name: string, permissions: Program["permissions"]): Program {
  return { name, description: "", module: "a.ts", args: [], permissions };
}

/** Runs something with another runtime part than the one to be downloaded. */
async function withRuntime(path: string, run: () => Promise<void>) {
  const before = Deno.env.get("DENORT_BIN");
  Deno.env.set("DENORT_BIN", path);
  try {
    await run();
  } finally {
    if (before === undefined) Deno.env.delete("DENORT_BIN");
    else Deno.env.set("DENORT_BIN", before);
  }
}

Deno.test("joinPermissions() grants what any of the programs may do", () => {
  assertEquals(
    joinPermissions([
      program("a", { read: true, env: ["A"], run: ["git"] }),
      program("b", { read: ["x"], env: ["A", "B"], write: false }),
      program("c", { run: true }),
    ]),
    { read: true, env: ["A", "B"], run: true, write: false },
  );
});

Deno.test("lackingRuntime() says why deno compile cannot make programs", async () => {
  await withRuntime("/nonexistent", async () => {
    assertEquals(
      await lackingRuntime(TARGET),
      "Could not find denort at '/nonexistent'",
    );
  });
});

Deno.test("compileBundle() gives deno compile flags that it takes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/bundle`);
    const set = { read: true, env: ["INIT_CWD", "NO_COLOR"], ffi: ["./a.so"] };
    const options = { programs: [program("a", set)], target: TARGET };
    const make = () =>
      compileBundle(`${folder}/out/a`, `${folder}/bundle`, options);
    // This Deno in the place of the runtime part: nothing that would run, but
    // everything on the way to it.
    await withRuntime(Deno.execPath(), async () => {
      await assertRejects(make, Error, "Cannot compile: Module not found");
      await Deno.writeTextFile(`${folder}/bundle/main.js`, "await 1;\n");
      await make();
    });
    const { size } = await Deno.stat(`${folder}/out/a`);
    assert(size > (await Deno.stat(Deno.execPath())).size);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
