import { assertEquals, assertNotEquals } from "@std/assert";
import { BACKENDS, useBackend } from "./_test_backends.ts";
import { oneHot } from "./one_hot.ts";
import * as tf from "./tensorflow.ts";

const ROWS = [[0, 0, 1], [1, 0, 0], [0, 1, 0]];

Deno.test("oneHot() gives rows of floats for indices of either type", async () => {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    for (const type of ["int32", "float32"] as const) {
      tf.tidy(() => {
        const rows = oneHot(tf.tensor1d([2, 0, 1], type), 3);
        assertEquals(rows.dtype, "float32");
        assertEquals(rows.arraySync(), ROWS, `${backend} ${type}`);
        // As numbers to compute with, too.
        assertEquals([...tf.sum(tf.mul(rows, 5), 1).dataSync()], [5, 5, 5]);
      });
    }
  }
});

Deno.test("oneHot() is needed: the wasm kernel's own floats are not ones", async () => {
  // When this fails, tfjs has been repaired, and the cast can go.
  await useBackend("wasm");
  tf.tidy(() => {
    const indices = tf.tensor1d([2, 0, 1], "int32");
    const rows = tf.oneHot(indices, 3, 1, 0, "float32");
    assertNotEquals(rows.arraySync(), ROWS);
  });
});
