/**
 * Operations of random steps.
 *
 * @module
 */
import * as tf from "../tensorflow.ts";
import {
  anAxis,
  any,
  binary,
  broadcasts,
  isBool,
  isExactFloat,
  isFloat,
  isWholeNumber,
  type Known,
  type Operation,
  shaped,
  someAxes,
  unary,
} from "./_random_drawing.ts";
import { RANDOM_MOVES } from "./_random_moves.ts";
import { sizeOf } from "./_view.ts";

function product(transposeA: boolean, transposeB: boolean): Operation {
  const matrix = (shape: readonly number[], turned: boolean) => {
    const [m, n] = shape.slice(-2);
    return turned ? [n, m] : [m, n];
  };
  return {
    exact: false,
    pick(choice) {
      const a = any(choice, (each) => isFloat(each) && each.shape.length > 1);
      if (a === undefined) return undefined;
      const { shape } = choice.known[a];
      const [, k] = matrix(shape, transposeA);
      const b = any(choice, (each) =>
        isFloat(each) && each.shape.length > 1 &&
        matrix(each.shape, transposeB)[0] === k &&
        (`${each.shape.slice(0, -2)}` === `${shape.slice(0, -2)}` ||
          each.shape.length === 2));
      return b === undefined ? undefined : { of: [a, b] };
    },
    run: ([a, b]) => tf.matMul(a, b, transposeA, transposeB),
  };
}

type Reduce = (
  x: tf.Tensor,
  axes?: number | number[],
  keep?: boolean,
) => tf.Tensor;

function reduction(
  run: Reduce,
  fits: (each: Known) => boolean = isFloat,
  exact = false,
): Operation {
  return shaped(
    (shape, random) => [
      random.integer(0, 1),
      ...someAxes(shape, random),
    ],
    (x, [keep, ...axes]) => run(x, axes, keep === 1),
    { exact, fits: (each) => fits(each) && sizeOf(each.shape) > 0 },
  );
}

/** All operations by name. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...RANDOM_MOVES,
  tanh: unary(tf.tanh),
  sigmoid: unary(tf.sigmoid),
  softplus: unary(tf.softplus),
  elu: unary(tf.elu),
  sin: unary(tf.sin),
  exp: unary((x) => tf.exp(tf.clipByValue(x, -4, 2))),
  log: unary((x) => tf.log(tf.add(tf.abs(x), 0.5))),
  softmax: unary((x) => tf.softmax(x), {
    fits: (each) => isFloat(each) && each.shape.length > 0,
  }),
  logSoftmax: unary((x) => tf.logSoftmax(x), {
    fits: (each) => isFloat(each) && each.shape.length > 0,
  }),
  neg: unary(tf.neg, { exact: true }),
  abs: unary(tf.abs, { exact: true }),
  square: unary(tf.square, { exact: true }),
  relu: unary(tf.relu, { exact: true }),
  sqrt: unary((x) => tf.sqrt(tf.add(tf.abs(x), 0.25)), { exact: true }),
  clip: unary((x) => tf.clipByValue(x, -1, 1.5), { exact: true }),
  leakyRelu: unary((x) => tf.leakyRelu(x, 0.25), { exact: true }),
  sign: unary(tf.sign, { exact: true, fits: isExactFloat }),
  floor: unary(tf.floor, { exact: true, fits: isExactFloat }),
  step: unary((x) => tf.step(x, 0.5), { exact: true, fits: isExactFloat }),
  one: unary((x) => tf.mul(x, 1), { exact: true }),
  nothing: unary((x) => tf.sub(x, 0), { exact: true }),
  clone: unary((x) => tf.clone(x), { exact: true, fits: () => true }),
  zeros: unary((x) => tf.zerosLike(x), { exact: true, fits: () => true }),
  filled: unary((x) => tf.fill([...x.shape], 0.75), { exact: true }),
  counted: unary((x) => tf.add(x, tf.reshape(tf.range(0, x.size), x.shape)), {
    exact: true,
    fits: (each) => isFloat(each) && sizeOf(each.shape) > 0,
  }),
  add: binary(tf.add),
  sub: binary(tf.sub),
  mul: binary((a, b) => tf.mul(a, b)),
  // The bound keeps numbers from growing without end.
  mulClipped: binary((a, b) => tf.clipByValue(tf.mul(a, b), -2, 2)),
  mulAdd: binary((a, b) => tf.add(tf.mul(a, b), a)),
  div: binary((a, b) => tf.div(a, tf.add(tf.abs(b), 1))),
  maximum: binary(tf.maximum),
  minimum: binary(tf.minimum),
  squaredDifference: binary(tf.squaredDifference),
  greater: binary(tf.greater, { fits: isExactFloat }),
  lessEqual: binary(tf.lessEqual, { fits: isExactFloat }),
  larger: binary((a, b) => tf.where(tf.greater(a, b), a, tf.mul(b, 0.5)), {
    fits: isExactFloat,
  }),
  and: binary(tf.logicalAnd, { fits: isBool }),
  or: binary(tf.logicalOr, { fits: isBool }),
  not: unary(tf.logicalNot, { exact: true, fits: isBool }),
  pick: {
    exact: true,
    pick(choice) {
      // tfjs broadcasts nothing to something.
      const condition = any(
        choice,
        (each) => isBool(each) && sizeOf(each.shape) > 0,
      );
      if (condition === undefined) return undefined;
      const { shape } = choice.known[condition];
      const fits = (each: Known) =>
        isFloat(each) && broadcasts(shape, each.shape);
      const a = any(choice, fits);
      const b = any(choice, (each) =>
        fits(each) && a !== undefined &&
        `${each.shape}` === `${choice.known[a].shape}`);
      return a === undefined || b === undefined
        ? undefined
        : { of: [condition, a, b] };
    },
    run: ([condition, a, b]) => tf.where(condition, a, b),
  },
  wholeAdd: binary(tf.add, { fits: isWholeNumber }),
  wholeSub: binary(tf.sub, { fits: isWholeNumber }),
  wholeMax: binary(tf.maximum, { fits: isWholeNumber }),
  wholeMod: binary(
    (a, b) => tf.mod(a, tf.add(tf.abs(b), tf.scalar(1, "int32"))),
    {
      fits: isWholeNumber,
    },
  ),
  wholeEqual: binary(tf.equal, { fits: isWholeNumber }),
  mixed: binary(
    (a, b) => tf.mul(tf.cast(a, "float32"), tf.cast(b, "float32")),
    {
      fits: (each) => sizeOf(each.shape) < 100,
    },
  ),
  toFloat: unary((x) => tf.cast(x, "float32"), {
    exact: true,
    fits: () => true,
  }),
  toWhole: unary(
    (x) => tf.cast(tf.clipByValue(tf.cast(x, "float32"), -9, 9), "int32"),
    {
      exact: true,
      fits: (each) => each.exact,
    },
  ),
  toBool: unary((x) => tf.cast(x, "bool"), {
    exact: true,
    fits: (each) => each.exact,
  }),
  sum: reduction(tf.sum),
  mean: reduction(tf.mean),
  max: reduction(tf.max, isFloat, true),
  min: reduction(tf.min, isFloat, true),
  logSumExp: reduction(tf.logSumExp),
  norm: reduction((x, axes, keep) =>
    tf.sqrt(tf.add(tf.sum(tf.square(x), axes, keep), 1e-3))
  ),
  wholeSum: reduction(tf.sum, (each) => isWholeNumber(each), true),
  anyOf: reduction(tf.any, isBool, true),
  allOf: reduction(tf.all, isBool, true),
  wholeMin: reduction(tf.min, isWholeNumber, true),
  center: reduction((x, axes) => tf.sub(x, tf.mean(x, axes, true))),
  scale: reduction((x, axes) =>
    tf.div(x, tf.add(1, tf.sum(tf.abs(x), axes, true)))
  ),
  argMax: shaped(anAxis, (x, [axis]) => tf.argMax(x, axis), {
    fits: (each) => isExactFloat(each) && sizeOf(each.shape) > 0,
  }),
  cumsum: shaped(
    (shape, random) => {
      const axis = anAxis(shape, random);
      return axis && [...axis, random.integer(0, 1), random.integer(0, 1)];
    },
    (x, [axis, exclusive, reverse]) =>
      tf.cumsum(x, axis, exclusive === 1, reverse === 1),
    { exact: false, fits: isFloat },
  ),
  matMul: product(false, false),
  matMulB: product(false, true),
  matMulA: product(true, false),
  matMulBoth: product(true, true),
  gram: unary((x) => tf.mul(0.2, tf.matMul(x, x, false, true)), {
    fits: (each) => isFloat(each) && each.shape.length > 1,
  }),
};
