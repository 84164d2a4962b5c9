import { assertEquals, assertThrows } from "@std/assert";
import { resultJson } from "./result_json.ts";

Deno.test("resultJson() writes what JSON has no word for", () => {
  const cases: [unknown, unknown][] = [
    [{ a: NaN, b: [Infinity, -Infinity, 1.5] }, {
      a: null,
      b: [null, null, 1.5],
    }],
    [new Float32Array([0.5, NaN]), [0.5, null]],
    [new BigInt64Array([-1n, 2n ** 62n]), [-1, "4611686018427387904"]],
    [{ n: 3n }, { n: 3 }],
    [new Map([["a", new Set([1])]]), { a: [1] }],
    [undefined, null],
    [{ a: undefined, b: null }, { b: null }],
    ["ü\u2028", "ü\u2028"],
  ];
  for (const [value, expected] of cases) {
    assertEquals(JSON.parse(resultJson(value)), expected);
  }
});

Deno.test("resultJson() refuses cycles", () => {
  const value: { self?: unknown } = {};
  value.self = value;
  assertThrows(() => resultJson(value), TypeError);
});
