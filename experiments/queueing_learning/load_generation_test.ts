import { assertRejects } from "@std/assert";
import { parseOptions } from "../../core/parse_options.ts";
import { UsageError } from "../../core/usage_error.ts";
import { systemScriptOptions } from "../queueing_data/generator_options.ts";
import { SILENT } from "./_test_generation.ts";
import { generateLoad } from "./load_generation.ts";

const VALUES = {
  ...parseOptions(["--sim-time", "300"], systemScriptOptions(0.5)),
  runs: 2,
  stepTime: 0.5,
  seed: 1,
};

Deno.test("a suffix that is no load is refused", async () => {
  await assertRejects(
    () => generateLoad({ ...VALUES, suffix: "x", folder: "." }, SILENT),
    UsageError,
    'load "x"',
  );
});
