/**
 * Random steps, compiled and eager, and what such steps have found.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import * as tf from "../tensorflow.ts";
import { failureOf, randomStep } from "./_random_steps.ts";
import { describe, shrunk } from "./_random_shrinking.ts";
import { assertAlike, bothWays, useNative } from "./_testing.ts";
import { compile } from "./compile.ts";

/** Seconds that random steps take at most. */
const BUDGET = 8;
const STEPS = 1000;

Deno.test("random steps compute the same, compiled and eager", async () => {
  await useNative();
  const end = performance.now() + 1000 * BUDGET;
  for (let seed = 0; seed < STEPS && performance.now() < end; seed++) {
    const step = randomStep(seed);
    if (failureOf(step) === undefined) continue;
    const smallest = shrunk(step);
    throw new Error(`${describe(smallest)}\n${failureOf(smallest)}`);
  }
});

Deno.test("loops do not wait for one another in a circle", async () => {
  await useNative();
  // Read by a product that is older than `sums`, `tanh` may not be computed
  // together with what reads `sums`, if that is computed with `product`.
  const of = (x: tf.Tensor, w: tf.Tensor, y: tf.Tensor) => {
    const product = tf.matMul(tf.tanh(x), w);
    const sums = tf.sin(tf.cumsum(y, 1));
    const turned = tf.add(tf.neg(x), tf.transpose(sums));
    return [tf.mul(sums, product), turned];
  };
  const operands = [{ shape: [4, 4] }, { shape: [4, 1] }, { shape: [4, 4] }];
  assertAlike(bothWays(of, operands));
});

Deno.test("a slice of nothing behind the end has a place", async () => {
  await useNative();
  const of = (x: tf.Tensor) => tf.slice(tf.exp(x), [3, 5], [0, 0]);
  assertAlike(bothWays(of, [{ shape: [3, 5] }]));
});

Deno.test("an array of four axes is repeated along each", async () => {
  await useNative();
  const of = (x: tf.Tensor) => tf.tile(x, [2, 3, 2, 2]);
  assertAlike(bothWays(of, [{ shape: [2, 3, 2, 3] }]), { tolerance: 0 });
});

Deno.test("extremes of nothing are those of tfjs", async () => {
  await useNative();
  for (const  of of[tf.max, tf.min]) {
    const float = bothWays((x) => of(x, 0), [{ shape: [0, 3] }]);
    assertAlike(float);
    const operands = [{ shape: [0, 3], dtype: "int32" as const }];
    assertAlike(bothWays((x) => of(x, 0), operands));
  }
  const tests = (x: tf.Tensor) => [tf.all(x, 0), tf.any(x, 0)];
  assertAlike(bothWays(tests, [{ shape: [0, 3], dtype: "bool" }]));
});

Deno.test("a variable shared before it is assigned keeps its twin's values", async () => {
  await useNative();
  const a = tf.variable(tf.tensor1d([1, 2]));
  const b = tf.variable(tf.tensor1d([3, 4]));
  using step = compile(({ x }) => void a.assign(x), {
    inputs: { x: [2] },
    variables: [a, b],
  });
  step({ x: [5, 6] });
  b.assign(a as tf.Tensor1D);
  tf.tidy(() => a.assign(tf.tensor1d([0, 0])));
  step({ x: [7, 8] });
  assertEquals(Array.from(b.dataSync()), [5, 6]);
  assertEquals(Array.from(a.dataSync()), [7, 8]);
});
