import { assertEquals } from "@std/assert";
import { sameValue } from "./_same_value.ts";

Deno.test("sameValue() compares kinds and bits", () => {
  const cases: [unknown, unknown, boolean][] = [
    [1, 1, true],
    [NaN, NaN, true],
    [0, -0, false],
    [1, "1", false],
    [null, undefined, false],
    [null, {}, false],
    [[1, [2]], [1, [2]], true],
    [[1], { 0: 1 }, false],
    [[1, 2], [1], false],
    [{ a: 1 }, { a: 1, b: undefined }, false],
    [{ a: undefined }, { b: undefined }, false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [Float32Array.of(0), Float32Array.of(-0), false],
    [Float32Array.of(NaN), Float32Array.of(NaN), true],
    [Float32Array.of(1), Float64Array.of(1), false],
    [Float32Array.of(1, 2), Float32Array.of(1), false],
    [Uint8Array.of(1), [1], false],
    [Uint8Array.of(9, 1).subarray(1), Uint8Array.of(1), true],
  ];
  for (const [a, b, expected] of cases) {
    assertEquals(sameValue(a, b), expected, `${a} and ${b}`);
    assertEquals(sameValue(b, a), expected, `${b} and ${a}`);
  }
});
