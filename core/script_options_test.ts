import { assert, assertEquals } from "@std/assert";
import { parseOptions } from "./parse_options.ts";
import { commonOptions, trainingOptions } from "./script_options.ts";

Deno.test("commonOptions and trainingOptions have the documented defaults", () => {
  const values = parseOptions([], { ...commonOptions, ...trainingOptions });
  assertEquals(values.seed, 0);
  assertEquals(values.seeds, 1);
  assertEquals(values.device, "auto");
  assertEquals([values.quiet, values.json, values.debug, values.help], [
    false,
    false,
    false,
    false,
  ]);
  assertEquals([values.out, values.resume], [undefined, undefined]);
});

Deno.test("trainingOptions resolve a checkpoint's path", () => {
  const { resume } = parseOptions(["--resume", "a.zip"], trainingOptions);
  assert(resume?.startsWith("/") && resume.endsWith("/a.zip"));
});
