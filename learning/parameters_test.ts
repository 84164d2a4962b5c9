import { assert, assertEquals, assertThrows } from "@std/assert";
import { BACKENDS, useBackend } from "./_test_backends.ts";
import {
  namedArrays,
  pack,
  parameterCount,
  type ParameterLayout,
  parameterVariable,
  unpack,
  vectorOf,
} from "./parameters.ts";
import * as tf from "./tensorflow.ts";

const LAYOUT: ParameterLayout = [
  { name: "a.weight", shape: [2, 3] },
  { name: "a.bias", shape: [3] },
  { name: "b", shape: [1] },
];
const VALUES = Float32Array.from({ length: 10 }, (_, i) => i + 0.5);

Deno.test("parameterCount() adds the sizes of all arrays", () => {
  assertEquals(parameterCount(LAYOUT), 10);
  assertEquals(parameterCount([]), 0);
  assertEquals(parameterCount([{ name: "scalar", shape: [] }]), 1);
});

Deno.test("unpack() cuts a vector into arrays that pack() joins again", async () => {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    tf.tidy(() => {
      const parts = unpack(tf.tensor1d(VALUES), LAYOUT);
      assertEquals(parts.map(({ shape }) => shape), [[2, 3], [3], [1]]);
      assertEquals(
        parts[0].arraySync(),
        [[0.5, 1.5, 2.5], [3.5, 4.5, 5.5]],
      );
      assertEquals(parts[1].arraySync(), [6.5, 7.5, 8.5]);
      assertEquals(pack(parts).dataSync(), VALUES);
    });
  }
});

Deno.test("unpack() lets gradients through", async () => {
  await useBackend("wasm");
  tf.tidy(() => {
    const gradient = tf.grad((vector) => {
      const [weight, bias] = unpack(vector, LAYOUT);
      return tf.add(tf.sum(tf.mul(weight, 2)), tf.sum(tf.mul(bias, 3)));
    })(tf.tensor1d(VALUES));
    assertEquals(
      [...gradient.dataSync()],
      [2, 2, 2, 2, 2, 2, 3, 3, 3, 0],
    );
  });
});

Deno.test("unpack() throws for a vector of another length", async () => {
  await useBackend("wasm");
  assertThrows(() => tf.tidy(() => unpack(tf.zeros([9]), LAYOUT)), Error);
});

Deno.test("parameterVariable() copies its values and leaves no other tensor", async () => {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    const before = tf.memory().numTensors;
    const values = VALUES.slice();
    const variable = parameterVariable(values);
    assertEquals(tf.memory().numTensors, before + 1);
    values.fill(0);
    assertEquals(await variable.data(), VALUES, backend);
    variable.dispose();
    assertEquals(tf.memory().numTensors, before);
  }
});

Deno.test("namedArrays() cuts copies that vectorOf() joins again", () => {
  const arrays = namedArrays(VALUES, LAYOUT);
  assertEquals(Object.keys(arrays), ["a.weight", "a.bias", "b"]);
  assertEquals(arrays["a.bias"].shape, [3]);
  assertEquals(arrays["a.bias"].data, Float32Array.of(6.5, 7.5, 8.5));
  assert(arrays.b.data.buffer !== VALUES.buffer);
  assertEquals(vectorOf(arrays, LAYOUT), VALUES);
  // Whatever else an archive holds does not matter.
  const more = { ...arrays, other: { shape: [], data: new Int32Array(1) } };
  assertEquals(vectorOf(more, LAYOUT), VALUES);
});

Deno.test("vectorOf() throws for arrays that are missing or do not fit", () => {
  const arrays = namedArrays(VALUES, LAYOUT);
  const { b: _, ...without } = arrays;
  const data = new Float32Array(6);
  const cases = [
    [without, 'the array "b": found none'],
    [
      { ...arrays, "a.weight": { shape: [3, 2], data } },
      '"a.weight": found shape [3,2], expected 32-bit floats of shape [2,3]',
    ],
    [
      { ...arrays, "a.weight": { shape: [2, 3], data: new Float64Array(6) } },
      "expected 32-bit floats",
    ],
    [{}, '"a.weight": found none'],
  ] as const;
  for (const [broken, message] of cases) {
    assertThrows(() => vectorOf(broken, LAYOUT), TypeError, message);
  }
});
