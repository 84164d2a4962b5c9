import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Activation } from "./networks.ts";
import { createPerceptron } from "./perceptron.ts";

// Two inputs, two hidden units, one output.
const PARAMETERS = Float32Array.of(1, -1, 2, 0.5, 0.25, -0.5, 3, -2, 0.125);

Deno.test("createPerceptron() computes rows by hand-checked sums", () => {
  const network = createPerceptron([2, 2, 1], "relu", {
    parameters: PARAMETERS,
  });
  assertEquals([network.inputs, network.outputs], [2, 1]);
  const output = new Float32Array(3);
  network.forward(Float32Array.of(1, 2, -1, 4, 0, 0), output);
  // Hidden sums 5.25, -0.5 | 7.25, 2.5 | 0.25, -0.5.
  assertEquals([...output], [15.875, 16.875, 0.875]);
  const smooth = createPerceptron([2, 2, 1], "tanh", {
    parameters: PARAMETERS,
  });
  smooth.forward(Float32Array.of(0, 0), output.subarray(0, 1));
  assertAlmostEquals(
    output[0],
    3 * Math.tanh(0.25) - 2 * Math.tanh(-0.5) + 0.125,
    1e-6,
  );
});

Deno.test("createPerceptron() follows parameters that are overwritten", () => {
  const network = createPerceptron([1, 1], "relu");
  const output = new Float32Array(1);
  network.forward(Float32Array.of(3), output);
  assertEquals(output[0], 0);
  network.parameters.set([2, -10]);
  network.forward(Float32Array.of(3), output);
  // The last layer is linear: a rectifier would give 0.
  assertEquals(output[0], -4);
});

Deno.test("createPerceptron() throws for parameters and activations it has no use for", () => {
  assertThrows(
    () =>
      createPerceptron([2, 2, 1], "relu", { parameters: new Float32Array(8) }),
    TypeError,
    "widths 2-2-1 from 8 parameters: expected 9",
  );
  assertThrows(
    () => createPerceptron([2, 1], "step" as Activation),
    RangeError,
    'the activation "step", expected one of relu, tanh',
  );
});
