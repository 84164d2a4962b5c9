import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Random } from "../core/random.ts";
import { gruLayout, initialGruParameters } from "./gru_layout.ts";

Deno.test("gruLayout() names four arrays for each gate", () => {
  assertEquals(gruLayout("core", 5, 2).slice(0, 5), [
    { name: "core.reset.input.weight", shape: [5, 2] },
    { name: "core.reset.input.bias", shape: [2] },
    { name: "core.reset.state.weight", shape: [2, 2] },
    { name: "core.reset.state.bias", shape: [2] },
    { name: "core.update.input.weight", shape: [5, 2] },
  ]);
  const names = gruLayout("core", 5, 2).map(({ name }) => name);
  assertEquals(new Set(names).size, 12);
});

Deno.test("gruLayout() throws for widths that no layer has", () => {
  for (const [inputs, units] of [[0, 2], [2, 0], [2.5, 2], [2, NaN], [-1, 2]]) {
    assertThrows(
      () => gruLayout("core", inputs, units),
      RangeError,
      `${units} recurrent units with ${inputs} inputs`,
    );
  }
});

Deno.test("initialGruParameters() draws PyTorch's uniform values", () => {
  // 3 (9 + 64 + 2) 64 = 14,400 draws. That none reaches 0.99 of the bound has
  // probability 0.99^n, below 1e-60; the mean is within five and a half
  // standard errors with false alarms of 4e-8. A bound of 1 / sqrt(inputs), or
  // biases of zero, would fail.
  const layout = gruLayout("core", 9, 64);
  const values = initialGruParameters(layout, new Random(1));
  assertEquals(values.length, 14_400);
  const shares = [...values].map((value) => 8 * value);
  assert(shares.every((share) => Math.abs(share) <= 1));
  assert(Math.max(...shares) > 0.99 && Math.min(...shares) < -0.99);
  assert(shares.every((share) => share !== 0));
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  assertLess(Math.abs(mean), 5.5 / Math.sqrt(3 * shares.length));
  assertEquals(initialGruParameters(layout, new Random(1)), values);
});
