import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { lineSpacing } from "./line_spacing.ts";

function fields(places: readonly number[], width: number): Float64Array {
  return Float64Array.from(
    { length: 600 },
    (_, i) =>
      places.reduce((sum, place) => {
        const distance = Math.abs((i - place + 900) % 600 - 300);
        return sum + Math.exp(-0.5 * (distance / width) ** 2);
      }, 0),
  );
}

Deno.test("lineSpacing() finds the spacing of even and of uneven fields", () => {
  const even = Array.from({ length: 12 }, (_, i) => 50 * i + 7);
  assertEquals(lineSpacing(fields(even, 6)), 50);
  const random = new Random(3);
  const uneven = even.map((place) => place + 4 * random.normal());
  assertAlmostEquals(lineSpacing(fields(uneven, 6)), 50, 4);
  const wave = Float64Array.from(
    { length: 600 },
    (_, i) => Math.sin(2 * Math.PI * i / 40),
  );
  assertEquals(lineSpacing(wave), 40);
});

Deno.test("a constant rate has no spacing", () => {
  assert(Number.isNaN(lineSpacing(new Float64Array(100).fill(2))));
});
