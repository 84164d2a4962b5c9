import { assertEquals, assertStringIncludes } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import type { Binary } from "./_start.ts";

const ROOT = join(import.meta.dirname!, "../..");

/** What a binary does that prints its arguments, called as the shell calls. */
async function call(only: Binary["only"], args: string[]) {
  const module = toFileUrl(join(import.meta.dirname!, "_start.ts")).href;
  const code = `
import { start } from ${JSON.stringify(module)};
const print = (name) => async () => console.log(name, Deno.args.join(" "));
await start({
  only: ${JSON.stringify(only)},
  programs: {
    "train-a": { description: "Trains A", args: ["-a"], run: print("train-a") },
    "@run": { description: "Does a run", args: [], run: print("run") },
  },
});`;
  const { code: exit, stdout, stderr } = await new Deno.Command("deno", {
    args: ["eval", "--ext=js", code, "./my file", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { exit, out: text(stdout), err: text(stderr) };
}

Deno.test("start() hands programs the user's arguments after their own", async () => {
  const [single, child, chosen] = await Promise.all([
    call("train-a", ["-b", "c"]),
    call("train-a", ["@run", "b"]),
    call(undefined, ["train-a", "b"]),
  ]);
  assertEquals(single, { exit: 0, out: "train-a -a -b c\n", err: "" });
  assertEquals(child, { exit: 0, out: "run b\n", err: "" });
  assertEquals(chosen, { exit: 0, out: "train-a -a b\n", err: "" });
});

Deno.test("start() names the programs where none is meant", async () => {
  const [bare, unknown] = await Promise.all([
    call(undefined, []),
    call(undefined, ["train-b"]),
  ]);
  assertEquals([bare.exit, bare.out], [2, ""]);
  assertStringIncludes(bare.err, "Usage: './my file' PROGRAM [options]\n");
  assertStringIncludes(bare.err, "train-a  Trains A");
  assertEquals(bare.err.includes("@run"), false);
  assertEquals(unknown, {
    exit: 2,
    out: "",
    err:
      "Cannot run \"train-b\": expected the name of a program, perhaps train-a (see './my file' --help)\n",
  });
});
