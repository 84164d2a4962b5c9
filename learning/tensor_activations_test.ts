import { assert, assertEquals, assertLess } from "@std/assert";
import { BACKENDS, largestDifference, useBackend } from "./_test_backends.ts";
import { countUp, numbers, TORCH, wave } from "./_torch_values.ts";
import { activateInPlace, ACTIVATIONS } from "./activations.ts";
import { activate } from "./tensor_activations.ts";
import * as tf from "./tensorflow.ts";

Deno.test("activate() has PyTorch's values and derivatives", async () => {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    for (const activation of ACTIVATIONS) {
      const { numTensors } = tf.memory();
      tf.tidy(() => {
        const { value, grad } = tf.valueAndGrad((x) =>
          tf.sum(tf.mul(activate(x, activation), tf.tensor1d(countUp(12))))
        )(tf.tensor1d(wave(12, 0.2, 5)));
        const outputs = activate(tf.tensor1d(wave(12, 0.2, 5)), activation);
        const expected = TORCH.activations[activation];
        const message = `${backend} ${activation}`;
        const wanted = numbers(expected.outputs);
        assertLess(
          largestDifference(outputs.dataSync(), wanted),
          2e-6,
          message,
        );
        const total = wanted.reduce((sum, y, i) => sum + (i + 1) * y, 0);
        assertLess(Math.abs(value.dataSync()[0] - total), 1e-4, message);
        const gradient = numbers(expected.gradients[0]);
        assertLess(
          largestDifference(grad.dataSync(), gradient),
          1e-5,
          message,
        );
      });
      assertEquals(tf.memory().numTensors, numTensors);
    }
  }
});

Deno.test("activate() has the derivatives of finite differences", async () => {
  // Off the bends of relu and leakyRelu by more than the step.
  const points = [-30, -3.1, -1, -0.02, 0.013, 0.4, 1.9, 6, 30];
  const step = 1e-4;
  for (const backend of BACKENDS) {
    await useBackend(backend);
    for (const activation of ACTIVATIONS) {
      const ends = [-step, step].map((offset) => {
        const values = Float64Array.from(points, (x) => x + offset);
        activateInPlace(values, activation, { count: points.length });
        return values;
      });
      const expected = points.map((_, i) =>
        (ends[1][i] - ends[0][i]) / (2 * step)
      );
      const gradient = tf.tidy(() =>
        tf.grad((x) => tf.sum(activate(tf.mul(x, 1), activation)))(
          tf.tensor1d(points),
        ).dataSync()
      );
      const difference = largestDifference(gradient, expected);
      assertLess(difference, 5e-6, `${backend} ${activation}`);
    }
  }
});

Deno.test("activate() stays finite far out", async () => {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    for (const activation of ACTIVATIONS) {
      tf.tidy(() => {
        const x = tf.tensor1d([-1e4, -100, 0, 100, 1e4]);
        const { value, grad } = tf.valueAndGrad((x) =>
          tf.sum(activate(x, activation))
        )(x);
        for (const number of [...value.dataSync(), ...grad.dataSync()]) {
          assert(Number.isFinite(number), `${backend} ${activation}`);
        }
      });
    }
  }
});
