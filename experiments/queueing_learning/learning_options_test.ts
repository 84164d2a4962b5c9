import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions } from "../../core/parse_options.ts";
import { UsageError } from "../../core/usage_error.ts";
import {
  dataOptionsOf,
  dataScriptOptions,
  modelScriptOptions,
  modelSettingsOf,
} from "./learning_options.ts";

const options = (...args: string[]) =>
  dataOptionsOf(parseOptions(args, dataScriptOptions));

Deno.test("without options the folder's record says what there is", () => {
  const found = options();
  assertEquals(found.fault, undefined);
  assertEquals(found.kind, undefined);
  assertEquals(found.features, ["q", "l"]);
});

Deno.test("a length of runs gives the fault its default times", () => {
  const { fault, horizon } = options("--sim-time", "1000");
  assertEquals(horizon, 1000);
  assertEquals(fault, { start: 450, end: 460 });
  assertEquals(
    options("--fault-start", "3", "--fault-duration", "4").fault,
    { start: 3, end: 7 },
  );
});

Deno.test("wrong options say what is wanted", () => {
  assertThrows(
    () => options("--fault-start", "3"),
    UsageError,
    "expected both",
  );
  assertThrows(
    () => options("--features", "q,x"),
    UsageError,
    "q, o, l, d, r, s",
  );
  assertThrows(() => options("--features", "q,q"), UsageError);
});

Deno.test("only settings that were given replace a mode's defaults", () => {
  const settings = (...args: string[]) =>
    modelSettingsOf(parseOptions(args, modelScriptOptions));
  assertEquals(settings(), { settings: {}, referenceSettings: {} });
  assertEquals(settings("--hidden", "8,9", "--latent", "3", "--pairs", "0"), {
    settings: { hidden: [8, 9], pairs: 0 },
    referenceSettings: { hidden: [8, 9], latent: 3 },
  });
  assertThrows(
    () => settings("--real-modes", "0", "--pairs", "0"),
    UsageError,
    "without modes",
  );
});
