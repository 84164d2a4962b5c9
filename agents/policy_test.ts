import { assertEquals } from "@std/assert";
import { bestAllowed } from "./policy.ts";

Deno.test("bestAllowed() is the first of the largest allowed values", () => {
  const cases: [number[], number[], number][] = [
    [[1, 3, 2], [1, 1, 1], 1],
    [[1, 3, 2], [1, 0, 1], 2],
    [[5, 5, 5], [1, 1, 1], 0],
    [[5, 5, 5], [0, 1, 1], 1],
    [[-1, -3, -2], [0, 1, 1], 2],
    [[-Infinity, -Infinity, 0], [0, 1, 0], 1],
    [[1, 2, 3], [0, 0, 0], 0],
  ];
  for (const [values, mask, expected] of cases) {
    for (const index of [0, 2]) {
      const before = new Array(3 * index).fill(9);
      assertEquals(
        bestAllowed(
          Float32Array.from([...before, ...values]),
          Uint8Array.from([...before.map(() => 1), ...mask]),
          { index, length: 3 },
        ),
        expected,
      );
    }
  }
});
