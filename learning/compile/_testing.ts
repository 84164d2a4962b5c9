/**
 * Comparing compiled steps with the same steps run eagerly.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { selectDevice } from "../devices.ts";
import * as tf from "../tensorflow.ts";
import { compile } from "./compile.ts";
import type { DType } from "./_graph.ts";
import type { FullSpec, StepOutput, StepResult } from "./specs.ts";
import { sizeOf } from "./_view.ts";

/** Starts the native device; throws where there is none. */
export async function useNative(): Promise<void> {
  const { device, reason } = await selectDevice("native", {
    parameters: 1,
    batchSize: 1,
  });
  if (device !== "native") throw new Error(`Cannot test compile: ${reason}`);
}

/** Floats that kernels treat in their own ways. */
export const SPECIAL = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1e-42,
  -1e-42,
  3e38,
  -3e38,
  88.5,
  -88.5,
  104,
  -104,
  1e-7,
];

/** How the numbers of a case are drawn. */
export type Draw = (random: Random, index: number) => number;

/** Normal numbers. */
export const normal: Draw = (random) => random.normal();
/** Numbers from 0.1 to 3. */
export const positive: Draw = (random) => random.uniform(0.1, 3);
/** Numbers between -0.9 and 0.9. */
export const small: Draw = (random) => random.uniform(-0.9, 0.9);
/** The special floats in turn. */
export const special: Draw = (_, index) => SPECIAL[index % SPECIAL.length];
/** Whole numbers from -9 to 9. */
export const whole: Draw = (random) => random.integer(-9, 9);
/** Whole numbers from 0 to a limit, which does not count. */
export const below = (limit: number): Draw => (random) =>
  random.integer(0, limit - 1);

/** A tensor of a case. */
export interface Operand {
  shape: readonly number[];
  dtype?: DType;
  draw?: Draw;
}

type Function = (...tensors: tf.Tensor[]) => StepResult;

function list(outputs: unknown): StepOutput[] {
  const one = outputs as StepOutput;
  return typeof one?.dataSync === "function"
    ? [one]
    : Object.values(outputs as Record<string, StepOutput>);
}

/** Two results of one case. */
export interface Pair {
  compiled: ArrayLike<number>;
  eager: ArrayLike<number>;
}

/**
 * Results of a function, compiled and eager.
 *
 * @param of The function.
 * @param operands What it is called with.
 */
export function bothWays(
  of: Function,
  operands: readonly Operand[],
  seed = 1,
): Pair[] {
  const random = new Random(seed);
  const specs: Record<string, Omit<FullSpec, "size">> = {};
  const values: Record<string, number[]> = {};
  operands.forEach(({ shape, dtype = "float32", draw = normal }, i) => {
    const name = `operand${i}`;
    specs[name] = { shape, dtype };
    values[name] = Array.from(
      { length: sizeOf(shape) },
      (_, index) => draw(random, index),
    );
  });
  const step = (tensors: Record<string, tf.Tensor>) =>
    of(...Object.keys(specs).map((name) => tensors[name]));
  using compiled = compile(step, { inputs: specs });
  const inputs = Object.fromEntries(
    Object.entries(values).map(([name, numbers]) => [
      name,
      specs[name].dtype === "float32" ? Float32Array.from(numbers) : numbers,
    ]),
  );
  // Twice: a plan leaves its scratch dirty.
  compiled(inputs);
  const results = list(compiled(inputs)).map((output) => ({
    shape: output.shape,
    dtype: output.dtype,
    values: output.dataSync(),
  }));
  return tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(specs).map(([name, { shape, dtype }]) => [
        name,
        tf.tensor(inputs[name], [...shape], dtype),
      ]),
    );
    const expected = list(step(tensors) as never) as unknown as tf.Tensor[];
    return expected.map((tensor, i) => {
      const { shape, dtype } = results[i];
      const same = `${shape}` === `${tensor.shape}` && dtype === tensor.dtype;
      if (!same) {
        throw new Error(
          `${dtype} [${shape}] in place of ${tensor.dtype} [${tensor.shape}]`,
        );
      }
      return { compiled: results[i].values, eager: tensor.dataSync() };
    });
  });
}

/**
 * Throws unless numbers agree: NaN with NaN, signs of infinity, and digits.
 *
 * @param pairs From {@linkcode bothWays}.
 * @param options `tolerance` is a share of the number, or of 1 below that;
 * with `summed` a share of the largest number, as sums in another order differ
 * by what their terms lose.
 */
export function assertAlike(
  pairs: readonly Pair[],
  options: { tolerance?: number; what?: string; summed?: boolean } = {},
): void {
  const { tolerance = 2e-6, what = "values", summed = false } = options;
  for (const { compiled, eager } of pairs) {
    if (compiled.length !== eager.length) {
      throw new Error(`${what}: ${compiled.length} for ${eager.length}`);
    }
    const scale = summed ? largestFinite(eager) : 1;
    for (let i = 0; i < eager.length; i++) {
      const [a, b] = [compiled[i], eager[i]];
      const close = Math.abs(a - b) <= tolerance * Math.max(scale, Math.abs(b));
      if (!(Object.is(a, b) || a === b || close)) {
        throw new Error(`${what}: ${a} in place of ${b} at ${i}`);
      }
    }
  }
}

function largestFinite(values: ArrayLike<number>): number {
  let largest = 1;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > largest && size < Infinity) largest = size;
  }
  return largest;
}

/** The gradients of a function's sum, weighted so that each element counts. */
export function gradientsOf(of: (...tensors: tf.Tensor[]) => tf.Tensor) {
  return (...tensors: tf.Tensor[]): tf.Tensor[] =>
    tf.grads((...given: tf.Tensor[]) => {
      const result = of(...given);
      const weights = tf.reshape(
        tf.add(1, tf.mul(0.1, tf.range(0, result.size))),
        result.shape,
      );
      return tf.sum(tf.mul(result, weights));
    })(tensors);
}
