import { assertEquals } from "@std/assert";
import { returnsTable } from "./training_report.ts";

Deno.test("returnsTable() has a row a policy", () => {
  const { title, rows } = returnsTable([
    { name: "a", returns: Float64Array.of(1, 3) },
    { name: "b", returns: Float64Array.of(2, 2) },
  ]);
  assertEquals(title, "Returns of 2 episodes");
  assertEquals(rows, [["a", 2, Math.SQRT2], ["b", 2, 0]]);
});
