import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { formatHelp } from "./help.ts";
import { booleanOption, choiceOption, stringOption } from "./options.ts";
import { parseOptions } from "./parse_options.ts";
import { restOption } from "./rest_option.ts";
import { UsageError } from "./usage_error.ts";

const OPTIONS = { eval: booleanOption({ description: "Evaluates." }) };

Deno.test("restOption() gives the last positional all that is left", () => {
  const name = choiceOption(["ab", "cd"], { description: "A name." });
  const positionals = {
    folder: stringOption({ description: "A folder.", required: true }),
    names: restOption(name),
  };
  const read = (...args: string[]) =>
    parseOptions(args, OPTIONS, { positionals }).names;
  assertEquals(read("x"), []);
  assertEquals(read("x", "ab", "--eval", "cd", "ab"), ["ab", "cd", "ab"]);
  assertThrows(
    () => read("x", "ab", "ad"),
    UsageError,
    'Cannot read NAMES "ad": expected one of ab, cd',
  );
});

Deno.test("restOption() is shown with dots", () => {
  const name = restOption(stringOption({ description: "A name." }));
  const help = { name: "a", description: "Does.", options: {} };
  assertStringIncludes(
    formatHelp({ ...help, positionals: { name } }),
    "Usage: a [options] [NAME...]\n",
  );
});
