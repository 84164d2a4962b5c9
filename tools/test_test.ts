import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { UsageError } from "../core/usage_error.ts";
import { chooseChecks } from "./test.ts";

const CHECKS = ["lockfile", "native", "unit", "types"].map((name) => ({
  name,
  description: name,
  run: () => Promise.resolve({ passed: 1, failed: 0, output: "" }),
}));

Deno.test("chooseChecks() takes all, the wanted, or those with tests", () => {
  const names = (only?: string[], filter?: string) =>
    chooseChecks(CHECKS, only, filter).map(({ name }) => name).join();
  assertEquals(names(), "lockfile,native,unit,types");
  assertEquals(names(["types", "unit"]), "unit,types");
  assertEquals(names(undefined, "CartPole"), "native,unit");
  assertEquals(names(["types"], "CartPole"), "types");
});

Deno.test("chooseChecks() throws when a name is none", () => {
  assertThrows(
    () => chooseChecks(CHECKS, ["unity"]),
    UsageError,
    'Cannot run the check "unity", expected one of lockfile, native',
  );
});

async function runTool(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", join(import.meta.dirname!, "test.ts"), ...args],
    env: { CI: "", LOADSTAR_CI: "" },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("test.ts exits with 2 when an option is wrong", async () => {
  const { code, err } = await runTool("--filtr", "unit");
  assertEquals(code, 2);
  assertMatch(err, /^Cannot understand "--filtr".*--filter\n$/);
});

Deno.test("test.ts ends with the counts", async () => {
  const { code, out } = await runTool("--only", "lockfile");
  assertEquals(code, 0);
  assertMatch(out, /^ok +lockfile +\d+\.\d s\n1 passed, 0 failed\n$/);
});
