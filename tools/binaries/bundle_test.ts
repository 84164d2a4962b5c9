import { assertEquals } from "@std/assert";
import { missingFiles, workerModules } from "./bundle.ts";

Deno.test("workerModules() finds what is started as a worker", () => {
  const start = (specifier: string) =>
    `const url = new URL("${specifier}", import.meta.url);\nnew Worker(url);`;
  assertEquals(
    workerModules(
      new Map([
        ["envs/sdn/a.ts", start("./_b.ts")],
        ["experiments/c.ts", start("../envs/sdn/_b.ts")],
        ["experiments/d.ts", 'new URL("./e.ts", import.meta.url)'],
        ["experiments/f.ts", start("./data.json")],
        ["experiments/a_test.ts", start("./_g.ts")],
        ["bench/h.ts", start("./_i.ts")],
      ]),
    ),
    ["envs/sdn/_b.ts"],
  );
});

Deno.test("missingFiles() finds what code would look for in vain", () => {
  const present = new Set(["a.wasm", "_worker.js"]);
  const code = `new URL("a.wasm", import.meta.url);
new URL("./_worker.js", import.meta.url);
new URL(".", import.meta.url);
new URL("./b.json", import.meta.url);
new URL(
  "_worker.ts",
  import.meta.url,
);`;
  assertEquals(missingFiles(code, present), ["b.json", "_worker.ts"]);
});
