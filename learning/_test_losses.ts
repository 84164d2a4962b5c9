/**
 * Holding losses against PyTorch and against finite differences.
 *
 * @module
 */
import { assertEquals, assertLess } from "@std/assert";
import { BACKENDS, largestDifference, useBackend } from "./_test_backends.ts";
import { countUp, numbers } from "./_torch_values.ts";
import * as tf from "./tensorflow.ts";

/** What a loss is given: values, and their shape. */
export interface LossInput {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/** A loss of tensors. */
export type Loss = (...inputs: tf.Tensor[]) => tf.Tensor;

/** Outputs of a loss, and gradients of their sum times 1, 2, 3, ... */
export function withGradients(
  loss: Loss,
  inputs: readonly LossInput[],
): { outputs: Float32Array; gradients: Float32Array[] } {
  return tf.tidy(() => {
    const tensors = inputs.map(({ values, shape }) =>
      tf.tensor([...values], [...shape], "float32")
    );
    const outputs = loss(...tensors);
    const weights = tf.reshape(
      tf.tensor1d(countUp(outputs.size)),
      outputs.shape,
    );
    const gradients = tf.grads((...given) => {
      // What is computed within is freed before the gradient is.
      const moved = given.map((tensor) => tf.mul(tensor, 1));
      return tf.sum(tf.mul(loss(...moved), weights));
    })(tensors);
    return {
      outputs: outputs.dataSync() as Float32Array,
      gradients: gradients.map((gradient) =>
        gradient.dataSync() as Float32Array
      ),
    };
  });
}

/**
 * Fails unless a loss has PyTorch's values and gradients on all backends, and
 * leaves no tensors behind.
 */
export async function assertAsTorch(
  loss: Loss,
  inputs: readonly LossInput[],
  expected: { outputs: string; gradients: string[] },
): Promise<void> {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    const { numTensors } = tf.memory();
    const { outputs, gradients } = withGradients(loss, inputs);
    assertEquals(tf.memory().numTensors, numTensors);
    assertClose(outputs, numbers(expected.outputs), `${backend} outputs`);
    gradients.forEach((gradient, i) =>
      assertClose(gradient, numbers(expected.gradients[i]), `${backend} ${i}`)
    );
  }
}

/**
 * Fails unless a loss has, on all backends, the gradients of finite differences
 * of the same loss in 64 bits.
 *
 * @param plain Takes all inputs' values and gives the outputs.
 */
export async function assertAsDifferences(
  loss: Loss,
  inputs: readonly LossInput[],
  plain: (...values: Float64Array[]) => number[],
): Promise<void> {
  const exact = inputs.map(({ values }) => Float64Array.from(values));
  const total = () =>
    plain(...exact).reduce((sum, output, i) => sum + (i + 1) * output, 0);
  const expected = exact.map((values) =>
    Array.from(values, (value, i) => {
      const [low, high] = [-1e-5, 1e-5].map((step) => {
        values[i] = value + step;
        return total();
      });
      values[i] = value;
      return (high - low) / 2e-5;
    })
  );
  for (const backend of BACKENDS) {
    await useBackend(backend);
    const { outputs, gradients } = withGradients(loss, inputs);
    assertClose(outputs, plain(...exact), `${backend} outputs`);
    gradients.forEach((gradient, i) =>
      assertClose(gradient, expected[i], `${backend} ${i}`)
    );
  }
}

/** Equal to some roundings of the largest number. */
function assertClose(
  values: Float32Array,
  expected: readonly number[],
  message: string,
): void {
  const scale = Math.max(1, ...expected.map(Math.abs));
  assertLess(largestDifference(values, expected) / scale, 2e-6, message);
}
