import { assertThrows } from "@std/assert";
import { monomials, radialBasis } from "./dictionaries.ts";

Deno.test("dictionaries refuse what makes none", () => {
  assertThrows(() => monomials(0), RangeError, "degree 0");
  assertThrows(() => radialBasis([], 0), RangeError, "width 0");
});
