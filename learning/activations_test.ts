import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { largestDifference } from "./_test_backends.ts";
import { numbers, TORCH, wave } from "./_torch_values.ts";
import { activateInPlace, ACTIVATIONS, sigmoid } from "./activations.ts";

Deno.test("activateInPlace() gives PyTorch's values", () => {
  assertEquals(Object.keys(TORCH.activations), [...ACTIVATIONS]);
  for (const activation of ACTIVATIONS) {
    const values = Float64Array.from(wave(12, 0.2, 5));
    activateInPlace(values, activation, { count: values.length });
    const expected = numbers(TORCH.activations[activation].outputs);
    // Inputs are rounded to 32 bits, and 1.5e-7 is the error function's.
    assertLess(largestDifference(values, expected), 1e-6, activation);
  }
});

Deno.test("activateInPlace() leaves what lies behind as it is", () => {
  for (const activation of ACTIVATIONS) {
    const values = Float64Array.of(-2, -3, -4);
    activateInPlace(values, activation, { count: 2 });
    assertEquals(values[2], -4);
  }
});

Deno.test("activateInPlace() neither overflows nor turns a zero", () => {
  const expected: Record<typeof ACTIVATIONS[number], number[]> = {
    relu: [0, 0, 1e4],
    tanh: [-1, 0, 1],
    elu: [-1, 0, 1e4],
    sigmoid: [0, 0.5, 1],
    softplus: [0, Math.LN2, 1e4],
    leakyRelu: [-100, 0, 1e4],
    gelu: [0, 0, 1e4],
    silu: [0, 0, 1e4],
    identity: [-1e4, 0, 1e4],
  };
  for (const activation of ACTIVATIONS) {
    const values = Float64Array.of(-1e4, 0, 1e4);
    activateInPlace(values, activation, { count: 3 });
    values.forEach((value, i) =>
      assertAlmostEquals(value, expected[activation][i], 1e-12, activation)
    );
  }
});

Deno.test("sigmoid() is the odds' share", () => {
  assertAlmostEquals(sigmoid(Math.log(3)), 0.75, 1e-15);
  assertEquals([sigmoid(-1e9), sigmoid(1e9)], [0, 1]);
});
