import { assertEquals, assertThrows } from "@std/assert";
import { Random } from "../core/random.ts";
import { savedParts } from "./_saved_parts.ts";

Deno.test("savedParts() goes on from copies, also of parts of parts", () => {
  const stream = new Random(1);
  const values = Float32Array.of(1, 2);
  const parts = savedParts({ stream, inner: savedParts({ values }) });
  const saved = parts.saveState();
  const drawn = stream.uniform();
  values.fill(0);
  parts.loadState(saved);
  assertEquals(stream.uniform(), drawn);
  assertEquals([...values], [1, 2]);
});

Deno.test("savedParts() refuses arrays of other lengths", () => {
  const parts = savedParts({ values: new Float32Array(3) });
  for (const [values, found] of [[new Float32Array(2), "2"], [null, "no"]]) {
    assertThrows(
      () => parts.loadState({ values } as { values: Float32Array }),
      TypeError,
      `Cannot restore "values" from ${found} values, expected 3`,
    );
  }
});
