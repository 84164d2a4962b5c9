import { oneHot } from "../one_hot.ts";
import * as tf from "../tensorflow.ts";
import {
  assertAlike,
  below,
  bothWays,
  gradientsOf,
  type Operand,
  useNative,
} from "./_testing.ts";

type Case = [
  string,
  (...tensors: tf.Tensor[]) => tf.Tensor,
  ...(readonly number[])[],
];

const at = (tensor: tf.Tensor, i: number) => tf.unstack(tensor, 1)[i];

const CASES: Case[] = [
  ["reshape", (x) => tf.reshape(x, [4, 6]), [2, 3, 4]],
  ["reshape of transposed", (x) => tf.reshape(tf.transpose(x), [-1]), [3, 4]],
  ["expandDims", (x) => tf.expandDims(x, 1), [3, 4]],
  ["squeeze", (x) => tf.squeeze(x), [3, 1, 4]],
  ["transpose", (x) => tf.transpose(x, [2, 0, 1]), [2, 3, 4]],
  ["slice", (x) => tf.slice(x, [1, 2], [2, -1]), [4, 5]],
  ["slice of everything", (x) => tf.slice(x, [0, 0], [4, 5]), [4, 5]],
  ["slice of nothing", (x) => tf.slice(x, [1, 2], [0, 2]), [4, 5]],
  ["stridedSlice", (x) => tf.stridedSlice(x, [0, 4], [4, 0], [2, -1]), [4, 5]],
  // Not an axis that shrinks before a stride: tfjs's cpu slice ignores that.
  [
    "stridedSlice to the end",
    (x) => tf.stridedSlice(x, [1, 0], [9, 9], [2, 3]),
    [4, 5],
  ],
  ["reverse", (x) => tf.reverse(x, [0, -1]), [3, 4]],
  ["tile", (x) => tf.tile(x, [2, 3]), [3, 4]],
  ["broadcastTo", (x) => tf.broadcastTo(x, [2, 3, 4]), [3, 1]],
  ["pad", (x) => tf.pad(x, [[1, 2], [0, 3]], 7), [3, 4]],
  ["pad nothing", (x) => tf.pad(x, [[2, 0], [0, 1]]), [0, 4]],
  ["concat 0", (a, b) => tf.concat([a, b], 0), [2, 3], [4, 3]],
  ["concat 1", (a, b) => tf.concat([a, b, a], 1), [3, 2], [3, 4]],
  ["concat computed", (a, b) => tf.concat([tf.exp(a), tf.neg(b)], 0), [2, 3], [
    4,
    3,
  ]],
  ["concat of the same", (a) => {
    const b = tf.exp(a);
    return tf.concat([b, b, tf.add(b, 1)], 0);
  }, [2, 3]],
  [
    "concat of concats",
    (a, b) => {
      const both = tf.concat([tf.exp(a), tf.exp(b)], 0);
      return tf.concat([both, tf.neg(both)], 0);
    },
    [2, 3],
    [1, 3],
  ],
  ["concat with nothing", (a, b) => tf.concat([a, b], 0), [0, 3], [2, 3]],
  ["stack", (a, b) => tf.stack([a, b, a], 1), [3, 4], [3, 4]],
  ["stack scalars", (a, b) => tf.stack([a, b]), [], []],
  ["unstack", (x) => tf.mul(at(x, 0), at(x, 2)), [3, 4]],
  ["split", (x) => {
    const [a, b, c] = tf.split(x, [1, 3, 2], 1);
    return tf.add(tf.mul(a, b), tf.sum(c));
  }, [4, 6]],
  ["split evenly", (x) => {
    const [a, b] = tf.split(x, 2);
    return tf.sub(a, b);
  }, [6, 2]],
];

Deno.test("compiled moves of elements are tfjs's cpu values, gradients too", async () => {
  await useNative();
  for (const [name, of, ...shapes] of CASES) {
    const operands = shapes.map((shape) => ({ shape }));
    const computes = name.startsWith("split") || name === "unstack";
    const tolerance = computes ? 2e-6 : 0;
    assertAlike(bothWays(of, operands), { what: name, tolerance });
    // tfjs has no gradients of nothing, nor of strided slices.
    if (shapes.flat().includes(0) || /strided|nothing/.test(name)) continue;
    assertAlike(bothWays(gradientsOf(of), operands), {
      what: `gradient of ${name}`,
      summed: true,
    });
  }
});

Deno.test("a compiled gather and its gradient are tfjs's cpu values", async () => {
  await useNative();
  const cases: [readonly number[], readonly number[], number, number][] = [
    [[5, 3], [4], 0, 0],
    [[5, 3], [4], 1, 0],
    [[5], [2, 3], 0, 0],
    [[2, 5, 3], [7], 1, 0],
    [[4, 3], [4, 2], 1, 1],
    [[5, 3], [1], 0, 0],
  ];
  for (const [x, ids, axis, batchDims] of cases) {
    const operands: Operand[] = [
      { shape: x },
      { shape: ids, dtype: "int32", draw: below(x[axis]) },
    ];
    const what = `gather [${ids}] of [${x}] along ${axis}`;
    const of = (x: tf.Tensor, ids: tf.Tensor) =>
      tf.gather(x, ids as tf.Tensor1D, axis, batchDims);
    assertAlike(bothWays(of, operands), { what, tolerance: 0 });
    if (batchDims > 0) continue; // tfjs has no gradient for it
    const gradient = (x: tf.Tensor, ids: tf.Tensor) =>
      gradientsOf((given) => of(given, ids))(x);
    assertAlike(bothWays(gradient, operands), { what: `gradient of ${what}` });
  }
});

Deno.test("compiled one-hot rows select values", async () => {
  await useNative();
  const operands: Operand[] = [
    { shape: [6, 4] },
    { shape: [6], dtype: "int32", draw: (random) => random.integer(-1, 5) },
  ];
  const select = (q: tf.Tensor, actions: tf.Tensor) =>
    tf.sum(tf.mul(q, oneHot(actions, 4)), 1);
  assertAlike(bothWays(select, operands));
  const rows = (_: tf.Tensor, actions: tf.Tensor) =>
    tf.oneHot(actions as tf.Tensor1D, 4, 3, -2);
  assertAlike(bothWays(rows, operands), { tolerance: 0 });
});

Deno.test("a compiled segment sum ignores ids that are out of range", async () => {
  await useNative();
  const operands: Operand[] = [
    { shape: [8, 3] },
    { shape: [8], dtype: "int32", draw: below(4) },
  ];
  const of = (x: tf.Tensor, ids: tf.Tensor) =>
    tf.unsortedSegmentSum(x, ids as tf.Tensor1D, 3);
  assertAlike(bothWays(of, operands));
});
