import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions } from "../../core/parse_options.ts";
import { UsageError } from "../../core/usage_error.ts";
import { ddpgOptions } from "./ddpg_options.ts";

Deno.test("the original's names are understood, and its defaults are there", () => {
  const { episodes, maxSteps, ryu, linkCount } = parseOptions([
    "--link_count",
    "10",
  ], ddpgOptions);
  assertEquals({ episodes, maxSteps, ryu, linkCount }, {
    episodes: 1000,
    maxSteps: 50,
    ryu: "embedded",
    linkCount: 10,
  });
});

Deno.test("what is seen is a list of known parts", () => {
  assertEquals(
    parseOptions(["--observation", "time,demands"], ddpgOptions).observation,
    ["time", "demands"],
  );
  assertThrows(
    () => parseOptions(["--observation", "time,nothing"], ddpgOptions),
    UsageError,
  );
});
