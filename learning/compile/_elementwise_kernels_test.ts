import * as tf from "../tensorflow.ts";
import {
  assertAlike,
  bothWays,
  type Draw,
  gradientsOf,
  normal,
  positive,
  small,
  special,
  useNative,
  whole,
} from "./_testing.ts";

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const UNARY: [string, Unary, Draw?][] = [
  ["abs", tf.abs],
  ["acos", tf.acos, small],
  ["acosh", (x) => tf.acosh(tf.add(x, 1)), positive],
  ["asin", tf.asin, small],
  ["asinh", tf.asinh],
  ["atan", tf.atan],
  ["atanh", tf.atanh, small],
  ["ceil", tf.ceil],
  ["clip", (x) => tf.clipByValue(x, -0.5, 0.75)],
  ["cos", tf.cos],
  ["cosh", tf.cosh],
  ["elu", tf.elu],
  ["erf", tf.erf],
  ["exp", tf.exp],
  ["expm1", tf.expm1],
  ["floor", tf.floor],
  ["leakyRelu", (x) => tf.leakyRelu(x, 0.3)],
  ["log", tf.log, positive],
  ["log1p", tf.log1p, positive],
  ["neg", tf.neg],
  ["reciprocal", tf.reciprocal, positive],
  ["relu", tf.relu],
  ["relu6", (x) => tf.relu6(tf.mul(x, 5))],
  ["round", tf.round],
  ["rsqrt", tf.rsqrt, positive],
  ["selu", tf.selu],
  ["sigmoid", tf.sigmoid],
  ["sign", tf.sign],
  ["sin", tf.sin],
  ["sinh", tf.sinh],
  ["softplus", tf.softplus],
  ["sqrt", tf.sqrt, positive],
  ["square", tf.square],
  ["step", (x) => tf.step(x, 0.2)],
  ["tan", tf.tan, small],
  ["tanh", tf.tanh],
  ["logSigmoid", tf.logSigmoid],
];

const BINARY: [string, Binary, Draw?][] = [
  ["add", tf.add],
  ["atan2", tf.atan2],
  ["div", tf.div, positive],
  ["maximum", tf.maximum],
  ["minimum", tf.minimum],
  ["mod", tf.mod, positive],
  ["mul", tf.mul],
  ["pow", tf.pow, positive],
  ["prelu", tf.prelu],
  ["squaredDifference", tf.squaredDifference],
  ["sub", tf.sub],
];

const BINARY_WITHOUT_GRADIENT: [string, Binary][] = [
  ["equal", tf.equal],
  ["floorDiv", tf.floorDiv],
  ["greater", tf.greater],
  ["greaterEqual", tf.greaterEqual],
  ["less", tf.less],
  ["lessEqual", tf.lessEqual],
  ["notEqual", tf.notEqual],
];

const SHAPES = [[], [1], [7], [3, 5], [0, 4], [2, 3, 37]];

const SHAPE_PAIRS = [
  [[3, 4], [3, 4]],
  [[3, 4], [4]],
  [[4], [3, 4]],
  [[3, 1], [1, 4]],
  [[], [2, 3]],
  [[2, 3], []],
  [[1], [1]],
  [[2, 3, 4], [3, 1]],
  [[5, 1, 2], [1, 3, 1]],
  [[0, 3], [1, 3]],
  [[64, 70], [64, 1]],
];

Deno.test("compiled functions of one number give tfjs's cpu values", async () => {
  await useNative();
  for (const [name, of, draw = normal] of UNARY) {
    for (const shape of SHAPES) {
      const pairs = bothWays(of, [{ shape, draw }]);
      assertAlike(pairs, { what: `${name} of [${shape}]` });
    }
  }
});

Deno.test("compiled functions of one number treat special floats as tfjs's cpu does", async () => {
  await useNative();
  for (const [name, of] of UNARY) {
    const pairs = bothWays(of, [{ shape: [36], draw: special }]);
    assertAlike(pairs, { what: name });
  }
});

Deno.test("compiled gradients of functions of one number are tfjs's cpu values", async () => {
  await useNative();
  for (const [name, of, draw = normal] of UNARY) {
    for (const shape of [[], [7], [3, 5]]) {
      const pairs = bothWays(gradientsOf(of), [{ shape, draw }]);
      assertAlike(pairs, {
        what: `gradient of ${name} of [${shape}]`,
        tolerance: 1e-5,
      });
    }
  }
});

Deno.test("compiled functions of two numbers broadcast as tfjs's cpu does", async () => {
  await useNative();
  for (const [name, of, draw = normal] of BINARY) {
    for (const [a, b] of SHAPE_PAIRS) {
      const operands = [{ shape: a, draw }, { shape: b, draw }];
      assertAlike(bothWays(of, operands), { what: `${name} [${a}] [${b}]` });
    }
  }
  for (const [name, of] of BINARY_WITHOUT_GRADIENT) {
    for (const [a, b] of SHAPE_PAIRS) {
      const operands = [{ shape: a, draw: whole }, { shape: b, draw: whole }];
      assertAlike(bothWays(of, operands), { what: `${name} [${a}] [${b}]` });
    }
  }
});

Deno.test("compiled functions of two numbers treat special floats as tfjs's cpu does", async () => {
  await useNative();
  for (const [name, of] of [...BINARY, ...BINARY_WITHOUT_GRADIENT]) {
    const operands = [{ shape: [18, 1], draw: special }, {
      shape: [1, 18],
      draw: special,
    }];
    assertAlike(bothWays(of, operands), { what: name });
  }
});

Deno.test("compiled gradients of functions of two numbers are tfjs's cpu values", async () => {
  await useNative();
  for (const [name, of, draw = normal] of BINARY) {
    for (const [a, b] of SHAPE_PAIRS) {
      // tfjs has no gradients of nothing, nor of these where they broadcast.
      if (a.includes(0)) continue;
      const plain = ["maximum", "minimum", "prelu", "squaredDifference"]
        .includes(name);
      if (plain && `${a}` !== `${b}`) continue;
      const operands = [{ shape: a, draw }, { shape: b, draw }];
      assertAlike(bothWays(gradientsOf(of as never), operands), {
        what: `gradient of ${name} [${a}] [${b}]`,
        tolerance: 1e-5,
      });
    }
  }
});

Deno.test("compiled whole numbers and bools are those of tfjs's cpu", async () => {
  await useNative();
  const int = (shape: number[]) => ({
    shape,
    dtype: "int32" as const,
    draw: whole,
  });
  const bool = (shape: number[]) => ({
    shape,
    dtype: "bool" as const,
    draw: (random: { integer(a: number, b: number): number }) =>
      random.integer(0, 1),
  });
  const cases: [string, (...given: tf.Tensor[]) => tf.Tensor, number][] = [
    ["add", tf.add, 2],
    ["sub", tf.sub, 2],
    ["mul", tf.mul, 2],
    ["maximum", tf.maximum, 2],
    ["minimum", tf.minimum, 2],
    ["equal", tf.equal, 2],
    ["less", tf.less, 2],
    ["greaterEqual", tf.greaterEqual, 2],
    ["squaredDifference", tf.squaredDifference, 2],
    ["neg", tf.neg, 1],
    ["abs", tf.abs, 1],
    ["square", tf.square, 1],
    ["sign", tf.sign, 1],
    ["toFloat", (x) => tf.cast(x, "float32"), 1],
    ["toBool", (x) => tf.cast(x, "bool"), 1],
    ["half", (x) => tf.mul(x, 0.5), 1],
  ];
  for (const [name, of, count] of cases) {
    const operands = [int([3, 4]), int([4])].slice(0, count);
    assertAlike(bothWays(of, operands), { what: name, tolerance: 0 });
  }
  const logic: [string, (...given: tf.Tensor[]) => tf.Tensor][] = [
    ["and", tf.logicalAnd],
    ["or", tf.logicalOr],
    ["xor", tf.logicalXor],
    ["not", tf.logicalNot],
    ["toInt", (x) => tf.cast(x, "int32")],
    ["toFloat", (x) => tf.cast(x, "float32")],
    ["where", (c) => tf.where(c, tf.scalar(2), tf.scalar(-1))],
  ];
  for (const [name, of] of logic) {
    const operands = [bool([3, 4]), bool([3, 4])];
    const given = of.length === 1 ? operands.slice(0, 1) : operands;
    assertAlike(bothWays(of, given), { what: name, tolerance: 0 });
  }
  const truncated = bothWays((x) => tf.cast(x, "int32"), [{ shape: [40] }]);
  assertAlike(truncated, { what: "toInt", tolerance: 0 });
});

Deno.test("a compiled select picks elements, rows, and gradients", async () => {
  await useNative();
  const positiveRows = (x: tf.Tensor, y: tf.Tensor) =>
    tf.where(tf.greater(tf.sum(x, 1, true), 0), x, y);
  const larger = (x: tf.Tensor, y: tf.Tensor) =>
    tf.where(tf.greater(x, 0.5), tf.mul(x, 2), y);
  const operands = [{ shape: [5, 3] }, { shape: [5, 3] }];
  assertAlike(bothWays(positiveRows, operands));
  assertAlike(bothWays(larger, operands));
  const gradient = (x: tf.Tensor, y: tf.Tensor) => {
    const is = tf.greater(x, y);
    return gradientsOf((a, b) => tf.where(is, tf.mul(a, 2), b))(x, y);
  };
  assertAlike(bothWays(gradient, operands));
});
