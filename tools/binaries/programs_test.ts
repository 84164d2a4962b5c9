import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import configuration from "../../deno.json" with { type: "json" };
import { builtLibraryPath } from "../../ffi/library.ts";
import { denoCommand } from "../../experiments/simulation/run_command.ts";
import { permissionFlags } from "./permission_flags.ts";
import {
  type Configuration,
  EVERYTHING,
  MAIN_PROGRAMS,
  readPrograms,
  withChildren,
} from "./programs.ts";

const ROOT = join(import.meta.dirname!, "../..");
const programs = readPrograms(configuration as unknown as Configuration);
const names = programs.map(({ name }) => name);

Deno.test("readPrograms() takes tasks that run a script with a set of permissions", () => {
  const permissions = { train: { read: true } };
  const task = (command: string) => ({ description: "Does it", command });
  const tasks = {
    a: task("deno run -q -P=train scripts/a.ts"),
    b: task("deno run -q -P=train scripts/a.ts --kind b --fast"),
    "reproduce:a": task("deno run -q -P=train scripts/reproduce_a.ts"),
    bench: task("deno run -q -P=train bench/bench.ts"),
    both: task("deno run -q -P=train scripts/a.ts && echo done"),
  };
  const read = readPrograms({ tasks, permissions });
  assertEquals(read.map(({ name, args }) => [name, ...args]), [
    ["a"],
    ["b", "--kind", "b", "--fast"],
  ]);
  assertEquals(read[0], {
    name: "a",
    description: "Does it",
    module: "scripts/a.ts",
    args: [],
    permissions: { read: true },
  });
});

Deno.test("every script's task can become a program", () => {
  assert(!names.includes(EVERYTHING));
  for (const name of MAIN_PROGRAMS) assert(names.includes(name), name);
  const places = { library: "/l.so", binary: "/b" };
  for (const { name, permissions } of programs) {
    const flags = permissionFlags(permissions, places);
    assert(!flags.includes("--allow-all"), name);
    assert(flags.every((flag) => /^--allow-[\w=:,./-]+$/.test(flag)), name);
  }
});

Deno.test("withChildren() adds what programs start, which takes a command line", async () => {
  const simulate = programs.filter(({ name }) => name === "simulate");
  assertEquals(
    withChildren(simulate).map(({ name }) => name),
    ["simulate", "@run", "@task"],
  );
  for (const { name, module, entry } of withChildren(programs)) {
    if (!name.startsWith("@")) continue;
    const exports = await import(join(ROOT, module));
    assertEquals(typeof exports[entry!], "function", name);
  }
});

Deno.test("what programs start may do what it may in a checkout", () => {
  const flags = denoCommand("./run_process.ts", [])
    .filter((flag) => flag.startsWith("--allow-"))
    .map((flag) => flag.replace(",INIT_CWD", ""));
  const places = { library: builtLibraryPath(), binary: "/b" };
  for (const { name, permissions } of withChildren(programs)) {
    if (!name.startsWith("@")) continue;
    const { run, ...rest } = permissions;
    assertEquals(permissionFlags(rest, places).sort(), flags.toSorted(), name);
    assertEquals(run, name === "@task" ? true : undefined, name);
  }
});
