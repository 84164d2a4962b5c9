import { assertThrows } from "@std/assert";
import { nativeLibrary } from "./library.ts";
import { NativePlan } from "./plan.ts";

const library = nativeLibrary();

Deno.test({
  name: "NativePlan() refuses words that are no plan",
  ignore: library === undefined,
  fn: () => {
    assertThrows(
      () => new NativePlan(library!, new Uint32Array()),
      TypeError,
      "Cannot make a plan: the words are no plan",
    );
  },
});
