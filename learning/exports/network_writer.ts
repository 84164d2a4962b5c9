/**
 * What a policy is written with, in whatever format: one description of each
 * network serves ONNX and tfjs.
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";
import type { Activation } from "../activations.ts";
import type { GRU_GATES } from "../gru_layout.ts";

export type { Activation, NdArray };

/** Weight [inputs, outputs] and bias [outputs] of a layer. */
export interface DenseArrays {
  /** Shape [inputs, outputs]. */
  readonly weight: NdArray;
  /** Shape [outputs]. */
  readonly bias: NdArray;
}

/** Bounds of each value. */
export interface Bounds {
  /** Lower ones. */
  readonly low: Float32Array;
  /** Upper ones. */
  readonly high: Float32Array;
}

/** Arrays by name, as a model holds them. */
export type NamedArrays = Readonly<Record<string, NdArray>>;

/**
 * Writes rows of values that are computed from rows of values. `Value` stands
 * for what is computed, shape [batch, size].
 */
export interface NetworkWriter<Value> {
  /** Values that are given: what they are called, how many, what they are. */
  input(name: string, size: number, description: string): Value;
  /** Gives values out under a name. */
  output(name: string, value: Value, description: string): void;
  /** input x weight + bias. */
  dense(input: Value, layer: DenseArrays): Value;
  /** What a layer does to its sums. */
  activate(input: Value, activation: Activation): Value;
  /** a + b. */
  add(a: Value, b: Value): Value;
  /** a x b, value by value. */
  multiply(a: Value, b: Value): Value;
  /** Values behind one another. */
  concat(parts: readonly Value[]): Value;
  /** Some of the values. */
  slice(input: Value, start: number, size: number): Value;
  /** Less the mean, over the deviation, within +-limit. */
  normalise(
    input: Value,
    statistics: {
      mean: ArrayLike<number>;
      deviation: ArrayLike<number>;
      limit: number;
    },
  ): Value;
  /** From -1 to 1 into bounds. */
  scale(input: Value, bounds: Bounds): Value;
  /** What follows from values; undefined in formats of layers alone. */
  readonly decisions?: DecisionWriter<Value>;
}

/** Writes choices. */
export interface DecisionWriter<Value> {
  /** Truth values that are given. */
  mask(name: string, size: number, description: string): Value;
  /**
   * The first of the largest allowed values of each choice.
   *
   * @param values Shape [batch, choices x stride].
   * @param options `sizes` are the options of each choice, of which only so
   * many of the stride count; `mask` has shape [batch, sum of sizes].
   * @returns Whole numbers, shape [batch, choices].
   */
  choose(values: Value, options: ChooseOptions<Value>): Value;
  /** Choices as zeros with a one, shape [batch, choices x depth]. */
  oneHot(choices: Value, depth: number): Value;
  /** Gives choices out: shape [batch] where there is one, or else as it is. */
  outputChoices(name: string, choices: Value, description: string): void;
  /** exp(x) / sum exp(x) over a row, of what a mask allows. */
  softmax(values: Value, mask?: Value): Value;
  /** Brings values within bounds. */
  clamp(input: Value, bounds: Bounds): Value;
  /**
   * How many of some rising bounds a value has reached: whole numbers, shape
   * [batch, 1]; 64-bit floats are compared.
   */
  countReached(input: Value, bounds: ArrayLike<number>): Value;
  /** Values as whole numbers. */
  toWhole(input: Value): Value;
  /** Whole numbers times factors, summed over a row: shape [batch, 1]. */
  weigh(numbers: Value, factors: readonly number[]): Value;
  /** Rows of a table by their numbers, shape [batch, 1]. */
  lookUp(table: NdArray, rows: Value): Value;
  /** Values as 32-bit floats. */
  toFloat(input: Value): Value;
}

/** Options of {@linkcode DecisionWriter.choose}. */
export interface ChooseOptions<Value> {
  /** Options of each choice. */
  readonly sizes: readonly number[];
  /** Values of each choice. */
  readonly stride: number;
  /** What is allowed. Default: everything. */
  readonly mask?: Value;
}

/**
 * Writes a perceptron; its last layer is linear.
 *
 * @param writer Writes.
 * @param input What goes in.
 * @param network Its number of layers, their `arrays`, which are named
 * `PREFIX.i.weight` and `PREFIX.i.bias`, and what hidden ones do. Throws
 * `TypeError` where one is missing.
 */
export function writePerceptron<Value>(
  writer: NetworkWriter<Value>,
  input: Value,
  network: {
    arrays: NamedArrays;
    prefix: string;
    layers: number;
    activation: Activation;
  },
): Value {
  const { arrays, prefix, layers, activation } = network;
  let value = writer.dense(input, denseArrays(arrays, `${prefix}.0`));
  for (let i = 1; i < layers; i++) {
    value = writer.activate(value, activation);
    value = writer.dense(value, denseArrays(arrays, `${prefix}.${i}`));
  }
  return value;
}

/**
 * Writes one step of gated recurrent units; the formula stands at `gru`.
 *
 * @param writer Writes.
 * @param given `input`, shape [batch, inputs], and `state`, shape [batch,
 * units].
 * @param units `arrays` named as `gruLayout` has them.
 * @returns The state that follows.
 */
export function writeGruStep<Value>(
  writer: NetworkWriter<Value>,
  given: { input: Value; state: Value },
  units: { arrays: NamedArrays; prefix: string },
): Value {
  const { input, state } = given;
  const part = (gate: typeof GRU_GATES[number], source: "input" | "state") =>
    denseArrays(units.arrays, `${units.prefix}.${gate}.${source}`);
  /** The gate's sums; negated, so that sigmoid(-x) gives 1 - sigmoid(x). */
  const sums = (gate: "reset" | "update", negated: boolean) => {
    const change = negated ? negative : (layer: DenseArrays) => layer;
    return writer.add(
      writer.dense(input, change(part(gate, "input"))),
      writer.dense(state, change(part(gate, "state"))),
    );
  };
  const reset = writer.activate(sums("reset", false), "sigmoid");
  const kept = writer.activate(sums("update", false), "sigmoid");
  const renewed = writer.activate(sums("update", true), "sigmoid");
  const remembered = writer.multiply(
    reset,
    writer.dense(state, part("candidate", "state")),
  );
  const fresh = writer.activate(
    writer.add(writer.dense(input, part("candidate", "input")), remembered),
    "tanh",
  );
  return writer.add(
    writer.multiply(renewed, fresh),
    writer.multiply(kept, state),
  );
}

/** The negative of each array, made once. */
const negatives = new WeakMap<NdArray, NdArray>();

function negative({ weight, bias }: DenseArrays): DenseArrays {
  const negate = (array: NdArray) => {
    let negated = negatives.get(array);
    if (negated === undefined) {
      const data = (array.data as Float32Array).map((value) => -value);
      negatives.set(array, negated = { shape: array.shape, data });
    }
    return negated;
  };
  return { weight: negate(weight), bias: negate(bias) };
}

/**
 * A layer's arrays.
 *
 * @param arrays Of a model. Throws `TypeError` where there are no such.
 * @param name Without `.weight` and `.bias`.
 */
export function denseArrays(arrays: NamedArrays, name: string): DenseArrays {
  const weight = arrays[`${name}.weight`];
  const bias = arrays[`${name}.bias`];
  if (weight === undefined || bias === undefined) {
    throw new TypeError(
      `Cannot write the layer "${name}": expected the arrays ${name}.weight and ${name}.bias`,
    );
  }
  return { weight, bias };
}
