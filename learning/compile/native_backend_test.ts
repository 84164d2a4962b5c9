import { assert, assertEquals } from "@std/assert";
import * as tf from "../tensorflow.ts";
import {
  NATIVE_BACKEND,
  nativeBackend,
  protectArena,
} from "./native_backend.ts";

Deno.test("nativeBackend() runs tfjs's operations by the cpu backend's kernels", async () => {
  const backend = nativeBackend();
  assertEquals(nativeBackend(), backend);
  await tf.setBackend(NATIVE_BACKEND);
  assertEquals(tf.backend(), backend);
  tf.tidy(() => {
    const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]]));
    assertEquals(product.dataSync(), Float32Array.of(11));
  });
  const names = (name: string) =>
    tf.getKernelsForBackend(name).map(({ kernelName }) => kernelName);
  assertEquals(names(NATIVE_BACKEND), names("cpu"));
});

Deno.test("nativeBackend() hands out copies of what plans change in place", async () => {
  const backend = nativeBackend();
  await tf.setBackend(NATIVE_BACKEND);
  const arena = new Float32Array([1, 2, 3, 4]);
  protectArena(arena.buffer);
  const engine = tf.engine();
  const tensor = engine.makeTensorFromTensorInfo({
    dataId: backend.adopt(arena, "float32"),
    shape: [4],
    dtype: "float32",
  }, backend);
  const read = tensor.dataSync();
  const part = tf.slice(tensor, [1], [2]);
  const pieces = tf.split(tensor, 2);
  arena.fill(9);
  assert(read !== arena);
  assertEquals(read, Float32Array.of(1, 2, 3, 4));
  assertEquals(part.dataSync(), Float32Array.of(2, 3));
  assertEquals(pieces[1].dataSync(), Float32Array.of(3, 4));
  assertEquals(tensor.dataSync(), Float32Array.of(9, 9, 9, 9));
  backend.detach(tensor.dataId);
  arena.fill(5);
  assertEquals(tensor.dataSync(), Float32Array.of(9, 9, 9, 9));
  tf.dispose([tensor, part, ...pieces]);
});

Deno.test("nativeBackend() says what it is to an observer, and only then", async () => {
  const backend = nativeBackend();
  await tf.setBackend(NATIVE_BACKEND);
  const seen: string[] = [];
  backend.observer = {
    kernel: (name, _args, run) => {
      seen.push(name);
      return run();
    },
    read: () => seen.push("read"),
  };
  try {
    tf.tidy(() => tf.exp(tf.tensor1d([0])).dataSync());
  } finally {
    backend.observer = undefined;
  }
  assert(seen.includes("Exp") && seen.at(-1) === "read");
  const count = seen.length;
  tf.tidy(() => tf.exp(tf.tensor1d([0])).dataSync());
  assertEquals(seen.length, count);
});
