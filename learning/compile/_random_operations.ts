/**
 * Operations for random steps: what each takes, and how it is called.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import * as tf from "../tensorflow.ts";
import { sizeOf } from "./_view.ts";

/** What is known of a tensor while a step is drawn. */
export interface Known {
  /** Length along each axis. */
  readonly shape: readonly number[];
  /** Type of the elements. */
  readonly dtype: tf.DataType;
  /** Whether every backend computes the same bits, so that it may be compared. */
  readonly exact: boolean;
}

/** Tensors to choose from. */
export interface Choice {
  /** The only source of chance. */
  readonly random: Random;
  /** All that was computed so far. */
  readonly known: readonly Known[];
}

/** Operands, by their places, and parameters of a call. */
export interface Call {
  readonly of: readonly number[];
  readonly with?: readonly number[];
}

/** An operation of random steps. */
export interface Operation {
  /** Whether its result is exact where its operands are. */
  readonly exact: boolean;
  /** Operands and parameters, or `undefined` where there is nothing that fits. */
  pick(choice: Choice): Call | undefined;
  /** Calls it. */
  run(of: tf.Tensor[], parameters: readonly number[]): tf.Tensor;
}

const LARGEST = 600;

function any(
  { random, known }: Choice,
  fits: (each: Known) => boolean,
): number | undefined {
  const places = known.flatMap((each, i) => fits(each) ? [i] : []);
  if (places.length === 0) return undefined;
  // Later ones more often, so that steps grow deep.
  const last = places.slice(-4);
  return random.choice(random.uniform() < 0.5 ? last : places);
}

const isFloat = ({ dtype }: Known) => dtype === "float32";
const isExactFloat = (each: Known) => isFloat(each) && each.exact;
const isWholeNumber = ({ dtype }: Known) => dtype === "int32";
const isBool = ({ dtype }: Known) => dtype === "bool";

function unary(
  run: (x: tf.Tensor) => tf.Tensor,
  options: { exact?: boolean; fits?: (each: Known) => boolean } = {},
): Operation {
  const { exact = false, fits = isFloat } = options;
  return {
    exact,
    pick(choice) {
      const x = any(choice, fits);
      return x === undefined ? undefined : { of: [x] };
    },
    run: ([x]) => run(x),
  };
}

function broadcasts(a: readonly number[], b: readonly number[]): boolean {
  const rank = Math.max(a.length, b.length);
  const at = (shape: readonly number[], axis: number) =>
    shape[shape.length - 1 - axis] ?? 1;
  let size = 1;
  for (let axis = 0; axis < rank; axis++) {
    const [x, y] = [at(a, axis), at(b, axis)];
    if (x !== y && x !== 1 && y !== 1) return false;
    size *= x === 1 ? y : x;
  }
  return size <= LARGEST;
}

function binary(
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  options: { exact?: boolean; fits?: (each: Known) => boolean } = {},
): Operation {
  const { exact = true, fits = isFloat } = options;
  return {
    exact,
    pick(choice) {
      const a = any(choice, fits);
      if (a === undefined) return undefined;
      const { shape } = choice.known[a];
      const b = any(
        choice,
        (each) => fits(each) && broadcasts(shape, each.shape),
      );
      return b === undefined ? undefined : { of: [a, b] };
    },
    run: ([a, b]) => run(a, b),
  };
}

/** An operation with whole parameters that depend on the operand's shape. */
function shaped(
  parameters: (shape: readonly number[], random: Random) =>
    | number[]
    | undefined,
  run: (x: tf.Tensor, parameters: readonly number[]) => tf.Tensor,
  options: { exact?: boolean; fits?: (each: Known) => boolean } = {},
): Operation {
  const { exact = true, fits = () => true } = options;
  return {
    exact,
    pick(choice) {
      const x = any(choice, fits);
      if (x === undefined) return undefined;
      const given = parameters(choice.known[x].shape, choice.random);
      return given && { of: [x], with: given };
    },
    run: ([x], given) => run(x, given),
  };
}

const anAxis = (shape: readonly number[], random: Random) =>
  shape.length === 0 ? undefined : [random.integer(0, shape.length - 1)];

function someAxes(shape: readonly number[], random: Random): number[] {
  return shape.map((_, axis) => axis).filter(() => random.uniform() < 0.5);
}

function shuffled(length: number, random: Random): number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** A shape of as many elements. */
function factors(shape: readonly number[], random: Random): number[] {
  let rest = sizeOf(shape);
  if (rest === 0) return [...shape].reverse();
  const result: number[] = [];
  while (rest > 1 && result.length < 3) {
    const all = Array.from({ length: rest }, (_, i) => i + 1)
      .filter((factor) => rest % factor === 0);
    const factor = random.choice(all);
    result.push(factor);
    rest /= factor;
  }
  return rest > 1 ? [...result, rest] : result;
}

/** Operands that fit behind one another along an axis. */
function joined(
  run: (of: tf.Tensor[], axis: number) => tf.Tensor,
  alike: (a: readonly number[], b: readonly number[], axis: number) => boolean,
): Operation {
  return {
    exact: true,
    pick(choice) {
      const { random, known } = choice;
      const first = any(choice, ({ shape }) => shape.length > 0);
      if (first === undefined) return undefined;
      const { shape, dtype } = known[first];
      const axis = random.integer(0, shape.length - 1);
      const of = [first];
      const count = random.integer(1, 3);
      for (let i = 0; i < count; i++) {
        const next = any(
          choice,
          (each) => each.dtype === dtype && alike(shape, each.shape, axis),
        );
        if (next !== undefined) of.push(next);
      }
      if (sizeOf(shape) * of.length > LARGEST) return undefined;
      return { of: random.uniform() < 0.5 ? of : of.reverse(), with: [axis] };
    },
    run: (of, [axis]) => run(of, axis),
  };
}

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
      const condition = any(choice, isBool);
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
  slice: shaped(
    (shape, random) =>
      shape.flatMap((length) => {
        const from = random.integer(0, Math.max(0, length - 1));
        const least = random.uniform() < 0.05 ? 0 : Math.min(1, length);
        return [from, random.integer(least, Math.max(least, length - from))];
      }),
    (x, given) =>
      x.rank === 0 ? x : tf.slice(
        x,
        x.shape.map((_, i) => given[2 * i]),
        x.shape.map((_, i) => given[2 * i + 1]),
      ),
  ),
  reverse: shaped(
    (shape, random) => someAxes(shape, random),
    (x, axes) => axes.length === 0 ? x : tf.reverse(x, [...axes]),
  ),
  transpose: shaped(
    (shape, random) => shuffled(shape.length, random),
    (x, order) => tf.transpose(x, [...order]),
  ),
  turnAndReshape: shaped(
    (shape, random) => factors(shape, random),
    (x, shape) => tf.reshape(tf.transpose(x), [...shape]),
  ),
  reshape: shaped(
    (shape, random) => factors(shape, random),
    (x, shape) => tf.reshape(x, [...shape]),
  ),
  expandDims: shaped(
    (shape, random) =>
      shape.length > 3 ? undefined : [random.integer(0, shape.length)],
    (x, [axis]) => tf.expandDims(x, axis),
  ),
  tile: shaped(
    (shape, random) =>
      sizeOf(shape) > 100
        ? undefined
        : shape.map(() => random.choice([1, 1, 2, 3])),
    (x, times) => x.rank === 0 ? x : tf.tile(x, [...times]),
  ),
  repeat: shaped(
    (shape, random) => sizeOf(shape) > 100 ? undefined : [random.integer(1, 4)],
    (x, [times]) => tf.broadcastTo(x, [times, ...x.shape] as [number, number]),
  ),
  pad: shaped(
    (shape, random) =>
      sizeOf(shape) > 100 || shape.length === 0
        ? undefined
        : shape.flatMap(() => [random.integer(0, 1), random.integer(0, 2)]),
    (x, given) =>
      tf.pad(x, x.shape.map((_, i) => [given[2 * i], given[2 * i + 1]])),
    { fits: isFloat },
  ),
  concat: joined(
    (of, axis) => tf.concat(of, axis),
    (a, b, axis) =>
      a.length === b.length && a.every((n, i) => i === axis || n === b[i]),
  ),
  stack: joined(
    (of, axis) => tf.stack(of, axis),
    (a, b) => `${a}` === `${b}` && a.length < 4,
  ),
  split: shaped(
    (shape, random) => {
      const axes = shape.flatMap((length, axis) => length > 1 ? [axis] : []);
      if (axes.length === 0) return undefined;
      const axis = random.choice(axes);
      return [axis, random.integer(1, shape[axis] - 1), random.integer(0, 1)];
    },
    (x, [axis, first, which]) =>
      tf.split(x, [first, x.shape[axis] - first], axis)[which],
  ),
  unstack: shaped(
    (shape, random) => {
      const axis = anAxis(shape, random)?.[0];
      if (axis === undefined || shape[axis] === 0) return undefined;
      return [axis, random.integer(0, shape[axis] - 1)];
    },
    (x, [axis, which]) => tf.unstack(x, axis)[which],
  ),
  gather: shaped(
    (shape, random) => {
      const axis = anAxis(shape, random)?.[0];
      if (axis === undefined || sizeOf(shape) === 0) return undefined;
      const count = random.integer(1, 4);
      return [
        axis,
        ...Array.from(
          { length: count },
          () => random.integer(0, shape[axis] - 1),
        ),
      ];
    },
    (x, [axis, ...at]) => tf.gather(x, tf.tensor1d([...at], "int32"), axis),
    { fits: isFloat },
  ),
  gatherComputed: {
    exact: true,
    pick(choice) {
      const x = any(
        choice,
        (each) => isFloat(each) && each.shape.length > 0 && each.shape[0] > 0,
      );
      const at = any(
        choice,
        (each) =>
          isWholeNumber(each) && each.exact && each.shape.length <= 2 &&
          sizeOf(each.shape) < 30,
      );
      return x === undefined || at === undefined ? undefined : { of: [x, at] };
    },
    run: ([x, at]) =>
      tf.gather(
        x,
        tf.cast(
          tf.clipByValue(tf.abs(at), 0, x.shape[0] - 1),
          "int32",
        ) as tf.Tensor1D,
      ),
  },
  segments: {
    exact: false,
    pick(choice) {
      const x = any(
        choice,
        (each) =>
          isFloat(each) && each.shape.length > 0 && sizeOf(each.shape) > 0,
      );
      const at = x === undefined
        ? undefined
        : any(choice, (each) =>
          isWholeNumber(each) && each.exact && each.shape.length === 1 &&
          each.shape[0] === choice.known[x].shape[0]);
      return x === undefined || at === undefined ? undefined : { of: [x, at] };
    },
    run: ([x, at]) => tf.unsortedSegmentSum(x, at as tf.Tensor1D, 3),
  },
  oneHot: shaped(
    (shape, random) =>
      sizeOf(shape) > 60 || shape.length > 2
        ? undefined
        : [random.integer(1, 5)],
    (x, [depth]) => tf.cast(tf.oneHot(x as tf.Tensor1D, depth), "float32"),
    { fits: (each) => isWholeNumber(each) && each.exact },
  ),
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
