import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { TARGETS } from "./binaries/targets.ts";

const ROOT = join(import.meta.dirname!, "..");

async function compile(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--quiet", "-P=compile", "tools/compile.ts", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("compile refuses what cannot be compiled in one line", async () => {
  const other = TARGETS.find((target) =>
    target !== Deno.build.target && target.includes("apple")
  )!;
  const cases: [string[], number, RegExp][] = [
    [["--target=pdp11"], 2, /^Cannot read --target "pdp11": expected one of /],
    [["trian-dqn"], 2, /^Cannot read PROGRAM "trian-dqn": .*perhaps train-dqn/],
    [
      [`--target=${other}`, "predict"],
      1,
      /^Cannot compile for \S+ without its native library, expected it at .*: run "cargo build/,
    ],
  ];
  for (const [args, code, message] of cases) {
    const ended = await compile(...args, "--quiet");
    assertEquals([ended.code, ended.out], [code, ""]);
    assertMatch(ended.err, message);
    assertMatch(ended.err, /^[^\n]+\n$/);
  }
});
