/**
 * Operations of random steps that move elements.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import * as tf from "../tensorflow.ts";
import {
  anAxis,
  any,
  isFloat,
  isWholeNumber,
  LARGEST,
  type Operation,
  shaped,
  someAxes,
} from "./_random_drawing.ts";
import { sizeOf } from "./_view.ts";

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

/** Operations that move elements, by name. */
export const RANDOM_MOVES: Readonly<Record<string, Operation>> = {
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
};
