import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "../tensorflow.ts";
import { checkNames, flatten, fullSpec, valuesOf } from "./specs.ts";
import { nativeBackend } from "./native_backend.ts";

nativeBackend();
await tf.setBackend("native");

Deno.test("fullSpec() takes bare shapes and refuses what is none", () => {
  assertEquals(fullSpec("x", [2, 3]), {
    shape: [2, 3],
    dtype: "float32",
    size: 6,
  });
  assertEquals(fullSpec("x", { shape: [], dtype: "bool" }).size, 1);
  assertThrows(() => fullSpec("x", [0.5]), RangeError, '"x" of shape [0.5]');
  for (const spec of ["float32", 3, {}, null, undefined] as unknown[]) {
    assertThrows(() => fullSpec("x", spec as []), TypeError, '"x" as');
  }
  assertThrows(
    () => fullSpec("x", { shape: [1], dtype: "string" as "bool" }),
    TypeError,
    'type "string"',
  );
});

Deno.test("valuesOf() takes numbers that fit and refuses others", () => {
  const floats = fullSpec("x", [2]);
  const ints = fullSpec("i", { shape: [2], dtype: "int32" });
  assertEquals([...Array.from(valuesOf("x", [1, 0.5], floats))], [1, 0.5]);
  assertEquals(valuesOf("i", Uint8Array.of(1, 2), ints), Uint8Array.of(1, 2));
  const tensor = tf.tensor1d([3, 4]);
  assertEquals(valuesOf("x", tensor, floats), Float32Array.of(3, 4));
  const refused: [unknown, typeof floats][] = [
    [[1], floats],
    [["1", "2"], floats],
    [null, floats],
    [{}, floats],
    ["ab", floats],
    [[1, 0.5], ints],
    [Float64Array.of(1, 2), ints],
    [tensor, ints],
    [new DataView(new ArrayBuffer(2)), floats],
  ];
  for (const [input, spec] of refused) {
    assertThrows(
      () => valuesOf("x", input as number[], spec),
      TypeError,
      '"x"',
    );
  }
  tensor.dispose();
});

Deno.test("checkNames() wants each input and no other", () => {
  const specs = { x: fullSpec("x", [1]) };
  checkNames(specs, { x: [1] });
  assertThrows(() => checkNames(specs, {}), TypeError, '"x"');
  assertThrows(() => checkNames(specs, { x: 1, y: 2 }), TypeError, '"y"');
});

Deno.test("flatten() keeps the shape of a result", () => {
  const [a, b] = [tf.scalar(1), tf.scalar(2)];
  assertEquals(flatten(undefined).restore([]), {});
  assertEquals(flatten(a).restore(["a"]), "a");
  assertEquals(flatten([a, b]).restore(["a", "b"]), ["a", "b"]);
  assertEquals(flatten({ b, a }).restore(["b", "a"]), { b: "b", a: "a" });
  for (const result of [[1], [null], { a: {} }, 3, null, "ab"] as unknown[]) {
    assertThrows(() => flatten(result as tf.Tensor), TypeError, "returns");
  }
  const late = Promise.resolve(a) as unknown as tf.Tensor;
  assertThrows(() => flatten(late), TypeError, "asynchronous");
  tf.dispose([a, b]);
});
