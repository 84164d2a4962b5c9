/**
 * Steps that run as they are written.
 *
 * @module
 */
import * as tf from "../tensorflow.ts";
import {
  checkNames,
  flatten,
  type FullSpec,
  type StepInput,
  type StepResult,
  valuesOf,
} from "./specs.ts";

type Inputs = Readonly<Record<string, StepInput>>;
type Tensors = Readonly<Record<string, tf.Tensor>>;

/** A step on tensors, whatever the types of its caller. */
export type Step = (inputs: Tensors) => StepResult;

/**
 * An input as a tensor.
 *
 * @param name Its name, for messages.
 * @param input What was given. Throws `TypeError` unless it fits.
 * @param spec What is wanted.
 */
export function tensorOf(
  name: string,
  input: StepInput,
  spec: FullSpec,
): tf.Tensor {
  const values = valuesOf(name, input, spec);
  if (input instanceof tf.Tensor) return tf.clone(input);
  const typed = spec.dtype === "float32"
    ? Float32Array.from(values)
    : spec.dtype === "int32"
    ? Int32Array.from(values)
    : Uint8Array.from(values);
  return tf.tensor(typed, [...spec.shape], spec.dtype);
}

/**
 * Runs a step once.
 *
 * @param step What is run.
 * @param inputs Its inputs.
 * @param specs What they have to be.
 * @returns Tensors, which the caller disposes, and the names for them.
 */
export function runEagerly(
  step: Step,
  inputs: Inputs,
  specs: Readonly<Record<string, FullSpec>>,
): ReturnType<typeof flatten> {
  checkNames(specs, inputs);
  let flat: ReturnType<typeof flatten> | undefined;
  let results: tf.Tensor[] = [];
  const before = latestTensorId();
  tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => [
        name,
        tensorOf(name, inputs[name], spec),
      ]),
    );
    flat = flatten(step(tensors));
    // What is returned may be a variable, or somebody's constant.
    results = flat.tensors;
    flat.tensors = results.map((tensor) => tf.clone(tensor));
    return flat.tensors;
  });
  disposeKept(results, before);
  return flat!;
}

/** The id of a tensor that is made now; later ones are larger. */
export function latestTensorId(): number {
  const tensor = tf.scalar(0);
  tensor.dispose();
  return tensor.id;
}

/**
 * Frees results that a step kept, as differentiation asks for, and which
 * outlive its `tidy` therefore.
 *
 * @param results What the step returned.
 * @param before Id of a tensor that was made before.
 */
export function disposeKept(
  results: readonly tf.Tensor[],
  before: number,
): void {
  for (const tensor of results) {
    const own = tensor.id > before && !(tensor instanceof tf.Variable);
    if (own && !tensor.isDisposed) tensor.dispose();
  }
}
