/**
 * What compiled steps take and give.
 *
 * @module
 */
import * as tf from "../tensorflow.ts";
import { sizeOf } from "./_view.ts";

/** Types of elements; each takes four bytes, and bools are 0 or 1. */
export type DType = "float32" | "int32" | "bool";

/** Shape and type of an input; a bare shape is one of 32-bit floats. */
export type InputSpec = readonly number[] | {
  /** Length along each axis. */
  readonly shape: readonly number[];
  /** Type of the elements. Default float32. */
  readonly dtype?: DType;
};

/** Inputs by name. */
export type InputSpecs = Readonly<Record<string, InputSpec>>;

/** Numbers for an input: in row-major order, or a tensor of its shape. */
export type StepInput =
  | Float32Array
  | Float64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint16Array
  | Uint8Array
  | readonly number[]
  | number
  | tf.Tensor;

/** Numbers for each input. */
export type StepInputs<Specs extends InputSpecs> = {
  readonly [Name in keyof Specs]: StepInput;
};

/** The shape that a spec has. */
export type ShapeOf<Spec> = Spec extends { readonly shape: infer Shape } ? Shape
  : Spec;

/** The tensor of a shape. */
export type TensorOf<Spec> = ShapeOf<Spec> extends readonly [] ? tf.Scalar
  : ShapeOf<Spec> extends readonly [number] ? tf.Tensor1D
  : ShapeOf<Spec> extends readonly [number, number] ? tf.Tensor2D
  : ShapeOf<Spec> extends readonly [number, number, number] ? tf.Tensor3D
  : tf.Tensor;

/** The tensors that a step is called with. */
export type StepTensors<Specs extends InputSpecs> = {
  readonly [Name in keyof Specs]: TensorOf<Specs[Name]>;
};

/** What a step may return: a tensor, several by name or in a list, nothing. */
export type StepResult =
  | tf.Tensor
  | readonly tf.Tensor[]
  | Readonly<Record<string, tf.Tensor>>
  | void;

/** A result of the last call; the next call overwrites it. */
export interface StepOutput {
  /** Length along each axis. */
  readonly shape: readonly number[];
  /** Type of the elements. */
  readonly dtype: DType;
  /** A copy of the elements. */
  data(): Promise<Float32Array | Int32Array | Uint8Array>;
  /** A copy of the elements; throws where webgpu holds them. */
  dataSync(): Float32Array | Int32Array | Uint8Array;
}

/** The results of a step, under the names it gave them. */
export type StepOutputs<Result> = Result extends tf.Tensor ? StepOutput
  : { readonly [Name in keyof Result]: StepOutput };

/** A spec with nothing left out. */
export interface FullSpec {
  /** Length along each axis. */
  readonly shape: readonly number[];
  /** Type of the elements. */
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
}

/**
 * A spec with nothing left out. Throws `RangeError` for lengths that are not
 * whole numbers from 0.
 *
 * @param name The input's name, for the message.
 * @param spec As the user gave it.
 */
export function fullSpec(name: string, spec: InputSpec): FullSpec {
  const isShape = Array.isArray(spec) || Array.isArray(Object(spec).shape);
  if (!isShape) {
    throw new TypeError(
      `Cannot compile a step with the input "${name}" as ${
        JSON.stringify(spec)
      }: expected its shape, as [32, 3], or { shape, dtype }`,
    );
  }
  const { shape, dtype = "float32" } = "shape" in spec ? spec : { shape: spec };
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new RangeError(
      `Cannot compile a step with the input "${name}" of shape [${shape}]: expected whole numbers from 0`,
    );
  }
  if (!["float32", "int32", "bool"].includes(dtype)) {
    throw new TypeError(
      `Cannot compile a step with the input "${name}" of type "${dtype}": expected float32, int32 or bool`,
    );
  }
  return { shape, dtype, size: sizeOf(shape) };
}

/**
 * Throws `TypeError` unless there is a value for each input, and no other.
 *
 * @param specs What is wanted.
 * @param inputs What is given.
 */
export function checkNames(
  specs: Readonly<Record<string, FullSpec>>,
  inputs: Readonly<Record<string, unknown>>,
): void {
  let wanted = 0;
  for (const name in specs) {
    wanted++;
    if (inputs?.[name] === undefined || inputs[name] === null) {
      throw new TypeError(
        `Cannot run a compiled step without its input "${name}"`,
      );
    }
  }
  // All that are wanted are there, so only a greater number means others.
  if (Object.keys(inputs ?? {}).length === wanted) return;
  for (const name in inputs) {
    if (!(name in specs)) {
      throw new TypeError(
        `Cannot run a compiled step with the input "${name}", expected ${
          Object.keys(specs).join(", ") || "none"
        }`,
      );
    }
  }
}

const WHOLE_ARRAYS = [
  Int32Array,
  Uint8Array,
  Int16Array,
  Int8Array,
  Uint16Array,
];

function fits(values: ArrayLike<number>, dtype: DType): boolean {
  if (dtype === "float32") return true;
  if (WHOLE_ARRAYS.some((Kind) => values instanceof Kind)) return true;
  return Array.isArray(values) && values.every(Number.isInteger);
}

/**
 * The numbers of an input. Throws `TypeError` where their number, shape or type
 * is not what the spec says.
 *
 * @param name The input's name, for the message.
 * @param input What was given.
 * @param spec What is wanted.
 */
export function valuesOf(
  name: string,
  input: StepInput,
  spec: FullSpec,
): ArrayLike<number> {
  if (input instanceof Float32Array && spec.dtype === "float32") {
    if (input.length === spec.size) return input;
  }
  if (typeof input === "number") return valuesOf(name, [input], spec);
  const wanted = `expected ${spec.dtype} of shape [${spec.shape}]`;
  if (input instanceof tf.Tensor) {
    const same = input.dtype === spec.dtype &&
      input.shape.length === spec.shape.length &&
      input.shape.every((length, axis) => length === spec.shape[axis]);
    if (same) return input.dataSync();
    throw new TypeError(
      `Cannot run a compiled step with ${input.dtype} of shape [${input.shape}] as "${name}", ${wanted}`,
    );
  }
  const values = input as ArrayLike<number>;
  const isList = ArrayBuffer.isView(input) ||
    Array.isArray(input) && input.every((value) => typeof value === "number");
  if (!isList || values.length !== spec.size) {
    throw new TypeError(
      `Cannot run a compiled step with ${
        isList ? `${values.length} values` : `a ${typeof input}`
      } as "${name}", ${wanted}`,
    );
  }
  if (!fits(values, spec.dtype)) {
    throw new TypeError(
      `Cannot run a compiled step with ${values.constructor.name} as "${name}", ${wanted}`,
    );
  }
  return values;
}

/** Tensors of a result in order, and how to put others under their names. */
export function flatten(result: StepResult): {
  tensors: tf.Tensor[];
  restore: <T>(values: readonly T[]) => unknown;
} {
  if (result === undefined) return { tensors: [], restore: () => ({}) };
  if (result instanceof tf.Tensor) {
    return { tensors: [result], restore: ([only]) => only };
  }
  if (Array.isArray(result)) {
    const tensors = result.map(checkedTensor);
    return { tensors, restore: (values) => [...values] };
  }
  if (typeof result !== "object" || result === null) checkedTensor(result);
  if (result instanceof Promise) {
    // What it waited for is refused too, and nobody is left to hear of it.
    result.catch(() => {});
    throw new TypeError(
      "Cannot compile a step that is asynchronous, expected tensors at once",
    );
  }
  const names = Object.keys(result);
  return {
    tensors: Object.values(result).map(checkedTensor),
    restore: (values) =>
      Object.fromEntries(names.map((name, i) => [name, values[i]])),
  };
}

function checkedTensor(value: unknown): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  throw new TypeError(
    `Cannot compile a step that returns ${
      Object(value) === value
        ? (value as object).constructor?.name
        : JSON.stringify(value)
    }, expected tensors`,
  );
}
