import * as tf from "../tensorflow.ts";
import {
  assertAlike,
  bothWays,
  gradientsOf,
  special,
  useNative,
  whole,
} from "./_testing.ts";

type Reduce = (
  x: tf.Tensor,
  axis?: number | number[],
  keep?: boolean,
) => tf.Tensor;

const REDUCTIONS: [string, Reduce][] = [
  ["sum", tf.sum],
  ["mean", tf.mean],
  ["max", tf.max],
  ["min", tf.min],
  ["prod", tf.prod],
  ["logSumExp", tf.logSumExp],
];

const AXES: [readonly number[], number | number[] | undefined][] = [
  [[], undefined],
  [[1], 0],
  [[37], undefined],
  [[3, 4], undefined],
  [[3, 4], 0],
  [[3, 4], 1],
  [[3, 4], -1],
  [[2, 3, 4], 1],
  [[2, 3, 4], [0, 2]],
  [[2, 3, 4], [1, 2]],
  [[2, 3, 4, 5], [1, 3]],
  [[64, 70], 0],
  [[64, 70], 1],
  [[700, 3], 1],
  [[3, 700], 0],
];

Deno.test("compiled reductions are tfjs's cpu values, gradients too", async () => {
  await useNative();
  for (const [name, of] of REDUCTIONS) {
    for (const [shape, axis] of AXES) {
      for (const keep of [false, true]) {
        const what = `${name} of [${shape}] over ${axis}`;
        const reduce = (x: tf.Tensor) => of(x, axis, keep);
        const operands = [{ shape }];
        assertAlike(bothWays(reduce, operands), { what, tolerance: 2e-5 });
        if (name === "prod" || keep) continue; // tfjs: innermost axes alone
        assertAlike(bothWays(gradientsOf(reduce), operands), {
          what: `gradient of ${what}`,
          tolerance: 2e-5,
        });
      }
    }
  }
});

Deno.test("compiled reductions of nothing and of special floats are tfjs's", async () => {
  await useNative();
  for (const [name, of] of REDUCTIONS.filter(([n]) => n !== "logSumExp")) {
    const first = (x: tf.Tensor) => of(x, 0);
    const empty = bothWays(first, [{ shape: [0, 3] }]);
    if (name !== "max" && name !== "min") assertAlike(empty, { what: name });
    const rows = bothWays((x) => of(x, 1), [{ shape: [9, 4], draw: special }]);
    assertAlike(rows, { what: `${name} of special floats` });
  }
});

Deno.test("compiled reductions of whole numbers and bools are tfjs's", async () => {
  await useNative();
  const operands = [{ shape: [4, 5], dtype: "int32" as const, draw: whole }];
  for (const  of of[tf.sum, tf.max, tf.min, tf.prod] as Reduce[]) {
    assertAlike(bothWays((x) => of(x, 1), operands), { tolerance: 0 });
  }
  const tests = [
    (x: tf.Tensor) => tf.all(tf.greater(x, -8), 1),
    (x: tf.Tensor) => tf.any(tf.greater(x, 7), 0),
  ];
  for (const of of tests) assertAlike(bothWays(of, operands), { tolerance: 0 });
});

Deno.test("compiled arguments of extremes are the first, as tfjs's", async () => {
  await useNative();
  for (const  of of[tf.argMax, tf.argMin]) {
    for (const axis of [0, 1, 2]) {
      const operands = [{ shape: [3, 4, 5], draw: whole }];
      const pairs = bothWays((x) => of(x, axis), operands);
      assertAlike(pairs, { tolerance: 0, what: `along ${axis}` });
    }
  }
});

Deno.test("compiled running sums and products are tfjs's", async () => {
  await useNative();
  for (const axis of [0, 1]) {
    for (
      const [exclusive, reverse] of [[false, false], [true, false], [
        false,
        true,
      ], [true, true]]
    ) {
      const what = `${axis} ${exclusive} ${reverse}`;
      const sums = (x: tf.Tensor) => tf.cumsum(x, axis, exclusive, reverse);
      const products = (x: tf.Tensor) =>
        tf.cumprod(x, axis, exclusive, reverse);
      assertAlike(bothWays(sums, [{ shape: [3, 5] }]), { what });
      assertAlike(bothWays(products, [{ shape: [3, 5] }]), { what });
      if (axis === 0) continue; // tfjs's gradient has the wrong shape
      assertAlike(bothWays(gradientsOf(sums), [{ shape: [3, 5] }]), { what });
    }
  }
});

Deno.test("compiled softmax, log-softmax and losses are tfjs's, gradients too", async () => {
  await useNative();
  const functions: [string, (x: tf.Tensor) => tf.Tensor][] = [
    ["softmax", (x) => tf.softmax(x)],
    ["logSoftmax", (x) => tf.logSoftmax(x)],
    ["huber", (x) => tf.losses.huberLoss(tf.zerosLike(x), tf.mul(x, 2))],
    [
      "softmaxCrossEntropy",
      (x) => tf.losses.softmaxCrossEntropy(tf.softmax(tf.neg(x)), x),
    ],
    [
      "sigmoidCrossEntropy",
      (x) => tf.losses.sigmoidCrossEntropy(tf.sigmoid(tf.neg(x)), x),
    ],
    ["norm", (x) => tf.norm(x)],
    ["moments", (x) => tf.moments(x, 0).variance],
  ];
  for (const [name, of] of functions) {
    for (const shape of [[1, 1], [5, 3], [64, 21]]) {
      const operands = [{ shape }];
      assertAlike(bothWays(of, operands), {
        what: name,
        tolerance: 1e-5,
        summed: true,
      });
      if (shape[0] === 1) continue;
      assertAlike(bothWays(gradientsOf(of), operands), {
        what: `gradient of ${name}`,
        tolerance: 1e-5,
        summed: true,
      });
    }
  }
});

Deno.test("compiled products of matrices are tfjs's, gradients too", async () => {
  await useNative();
  const cases: [readonly number[], readonly number[], boolean, boolean][] = [
    [[3, 4], [4, 5], false, false],
    [[4, 3], [4, 5], true, false],
    [[3, 4], [5, 4], false, true],
    [[4, 3], [5, 4], true, true],
    [[1, 1], [1, 1], false, false],
    [[64, 33], [33, 70], false, false],
    [[2, 3, 4], [2, 4, 5], false, false],
    [[2, 3, 4], [1, 4, 5], false, false],
    [[2, 4, 3], [2, 5, 4], true, true],
    [[6, 2, 3, 4], [6, 2, 4, 2], false, false],
    [[0, 4], [4, 5], false, false],
  ];
  for (const [a, b, first, second] of cases) {
    const of = (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, first, second);
    const operands = [{ shape: a }, { shape: b }];
    const what = `[${a}] times [${b}]`;
    assertAlike(bothWays(of, operands), {
      what,
      tolerance: 1e-5,
      summed: true,
    });
    // tfjs has no gradients of nothing, nor of batches that broadcast.
    if (a.includes(0) || `${a.slice(0, -2)}` !== `${b.slice(0, -2)}`) continue;
    assertAlike(bothWays(gradientsOf(of as never), operands), {
      what: `gradient of ${what}`,
      tolerance: 1e-5,
      summed: true,
    });
  }
});

Deno.test("compiled fused products have bias and activation", async () => {
  await useNative();
  for (const activation of ["linear", "relu", "relu6", "elu", "sigmoid"]) {
    const of = (x: tf.Tensor, w: tf.Tensor, bias: tf.Tensor) =>
      tf.fused.matMul({
        a: x as tf.Tensor2D,
        b: w as tf.Tensor2D,
        bias,
        activation: activation as "relu",
      });
    const operands = [{ shape: [5, 3] }, { shape: [3, 7] }, { shape: [7] }];
    assertAlike(bothWays(of, operands), {
      what: activation,
      tolerance: 1e-5,
      summed: true,
    });
    assertAlike(bothWays(gradientsOf(of), operands), {
      what: activation,
      tolerance: 1e-5,
      summed: true,
    });
  }
});
