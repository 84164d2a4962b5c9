/**
 * How operands and parameters of random operations are drawn.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type * as tf from "../tensorflow.ts";

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

export const LARGEST = 600;

export function any(
  { random, known }: Choice,
  fits: (each: Known) => boolean,
): number | undefined {
  const places = known.flatMap((each, i) => fits(each) ? [i] : []);
  if (places.length === 0) return undefined;
  // Later ones more often, so that steps grow deep.
  const last = places.slice(-4);
  return random.choice(random.uniform() < 0.5 ? last : places);
}

export const isFloat = ({ dtype }: Known) => dtype === "float32";
export const isExactFloat = (each: Known) => isFloat(each) && each.exact;
export const isWholeNumber = ({ dtype }: Known) => dtype === "int32";
export const isBool = ({ dtype }: Known) => dtype === "bool";

export function unary(
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

export function broadcasts(
  a: readonly number[],
  b: readonly number[],
): boolean {
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

export function binary(
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
export function shaped(
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

export const anAxis = (shape: readonly number[], random: Random) =>
  shape.length === 0 ? undefined : [random.integer(0, shape.length - 1)];

export function someAxes(shape: readonly number[], random: Random): number[] {
  return shape.map((_, axis) => axis).filter(() => random.uniform() < 0.5);
}
