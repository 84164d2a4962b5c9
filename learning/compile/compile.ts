/**
 * Compiled training steps: plain tfjs in, one native call out.
 *
 * @module
 */
import { type NativeLibrary, nativeLibrary } from "../../ffi/library.ts";
import { NativePlan } from "../../ffi/plan.ts";
import * as tf from "../tensorflow.ts";
import { checkAgainstEager, exampleInputs } from "./_check.ts";
import {
  disposeKept,
  latestTensorId,
  runEagerly,
  type Step,
  tensorOf,
} from "./_eager.ts";
import { NotCovered } from "./not_covered.ts";
import {
  NATIVE_BACKEND,
  nativeBackend,
  protectArena,
} from "./native_backend.ts";
import { createPlan, explainPlan, type Plan } from "./_plan.ts";
import { record } from "./_recorder.ts";
import { refuseNesting } from "./_safeguards.ts";
import {
  checkNames,
  flatten,
  type FullSpec,
  fullSpec,
  type InputSpecs,
  type StepInput,
  type StepInputs,
  type StepOutput,
  type StepOutputs,
  type StepResult,
  type StepTensors,
  valuesOf,
} from "./specs.ts";
import {
  bindVariable,
  checkAlive,
  pickUp,
  release,
  type Version,
} from "./_state.ts";

/** Options of {@linkcode compile}. */
export interface CompileOptions<Specs extends InputSpecs> {
  /** Shape and type of each input. */
  inputs: Specs;
  /** State that the step reads or assigns. Default none. */
  variables?: readonly tf.Variable[];
  /**
   * What happens where the step uses a kernel that is not covered: an error,
   * or it runs eagerly. Default `error`.
   */
  fallback?: "error" | "eager";
  /**
   * Runs the plan and the step side by side once, on drawn inputs, and throws
   * where they differ: the step depends on something that is neither an input
   * nor a variable. Default false.
   */
  check?: boolean;
  /** Inputs for `check` where drawn ones make no sense. */
  example?: () => StepInputs<Specs>;
  /**
   * Throws at the first run that computes NaN or an infinity, and says where.
   * Takes longer. Default false.
   */
  checkNumerics?: boolean;
}

/** A step that was compiled, or runs as it is where it could not be. */
export interface CompiledStep<Specs extends InputSpecs, Result> {
  /**
   * Runs the step once. Results stay valid until the next call.
   *
   * Throws `TypeError` where inputs are missing, unknown, or of another shape
   * or type; nothing is changed then.
   */
  (inputs: StepInputs<Specs>): StepOutputs<Result>;
  /** `native` where the plan runs, `eager` where the step does. */
  readonly mode: "native" | "eager";
  /** What runs, line by line, with bytes and operations. */
  explain(): string;
  /** Ends the plan; variables keep their values. */
  dispose(): void;
  /** Ends the plan; variables keep their values. */
  [Symbol.dispose](): void;
}

type Specs = Readonly<Record<string, FullSpec>>;
type Inputs = Readonly<Record<string, StepInput>>;

/** What both modes have, whatever the types of their callers. */
interface Runner {
  run(inputs: Inputs): unknown;
  readonly mode: "native" | "eager";
  explain(): string;
  dispose(): void;
}

/**
 * Makes one native call of a training step.
 *
 * The step is a pure tfjs function of fixed shapes: it is run once to record
 * what it computes, gradients included, and everything it changed is put back.
 * From then on a call copies the inputs into place and runs the recorded
 * plan. Whatever changes from call to call (a learning rate, random numbers)
 * has to be an input.
 *
 * Steps are compiled on the backend `native`, which `selectDevice("native")`
 * starts; on all others the step runs eagerly, with the same results.
 *
 * Throws `Error` for a step that reads data, draws random numbers or uses
 * variables that are not given, and {@linkcode NotCovered} for a kernel that
 * cannot be compiled.
 *
 * @param step Called with tensors by name; returns a tensor, several, or none.
 * @param options Inputs, variables, and how careful to be.
 *
 * @example Counting up
 * ```ts ignore
 * await selectDevice("native", { parameters: 1, batchSize: 1 });
 * const total = tf.variable(tf.zeros([2]));
 * const add = compile(
 *   ({ terms }) => void total.assign(tf.add(total, terms)),
 *   { inputs: { terms: [2] }, variables: [total] },
 * );
 * add({ terms: [1, 2] });
 * ```
 */
export function compile<
  const Given extends InputSpecs,
  Result extends StepResult,
>(
  step: (inputs: StepTensors<Given>) => Result,
  options: CompileOptions<Given>,
): CompiledStep<Given, Result> {
  const specs = Object.fromEntries(
    Object.entries(options.inputs).map(([name, spec]) => [
      name,
      fullSpec(name, spec),
    ]),
  );
  const { variables = [], fallback = "error" } = options;
  checkVariables(variables);
  if (fallback !== "error" && fallback !== "eager") {
    throw new TypeError(
      `Cannot compile a step with the fallback "${fallback}": expected error or eager`,
    );
  }
  const runner = createRunner(step as unknown as Step, {
    specs,
    variables,
    fallback,
    check: options.check ?? false,
    checkNumerics: options.checkNumerics ?? false,
    example: options.example as (() => Inputs) | undefined,
  });
  const { run, mode, explain, dispose } = runner;
  return Object.assign(run, {
    mode,
    explain,
    dispose,
    [Symbol.dispose]: dispose,
  }) as unknown as CompiledStep<Given, Result>;
}

interface RunnerOptions {
  specs: Specs;
  variables: readonly tf.Variable[];
  fallback: "error" | "eager";
  check: boolean;
  checkNumerics: boolean;
  example: (() => Inputs) | undefined;
}

function checkVariables(variables: readonly tf.Variable[]): void {
  for (const variable of variables) {
    if (!(variable instanceof tf.Variable)) {
      throw new TypeError(
        "Cannot compile a step with what is no variable, expected tf.variable(...)",
      );
    }
    if (variable.isDisposed) {
      throw new Error(
        `Cannot compile a step whose variable "${variable.name}" is disposed`,
      );
    }
    if (variable.dtype !== "float32" && variable.dtype !== "int32") {
      throw new TypeError(
        `Cannot compile a step with the variable "${variable.name}" of type ${variable.dtype}: expected float32 or int32`,
      );
    }
  }
  if (new Set(variables).size !== variables.length) {
    throw new TypeError("Cannot compile a step with a variable given twice");
  }
}

function createRunner(step: Step, options: RunnerOptions): Runner {
  const library = tf.getBackend() === NATIVE_BACKEND
    ? nativeLibrary()
    : undefined;
  if (library === undefined) {
    return eagerRunner(step, options, `on the backend ${tf.getBackend()}`);
  }
  try {
    return nativeRunner(step, options, library);
  } catch (error) {
    if (options.fallback === "error" || !(error instanceof NotCovered)) {
      throw error;
    }
    return eagerRunner(step, options, error.message);
  }
}

function eagerRunner(
  step: Step,
  options: RunnerOptions,
  why: string,
): Runner {
  const { specs, variables, checkNumerics } = options;
  let held: tf.Tensor[] = [];
  let runs = 0;
  return {
    mode: "eager",
    explain: () => `Runs eagerly: ${why}`,
    dispose: () => {
      tf.dispose(held);
      held = [];
    },
    run(inputs) {
      for (const variable of variables) checkAlive(variable);
      const { tensors, restore } = runEagerly(step, inputs, specs);
      tf.dispose(held);
      held = tensors.map((tensor) => tf.keep(tensor));
      runs++;
      if (checkNumerics) {
        for (const tensor of [...held, ...variables]) {
          if (tensor.dtype === "float32") checkFinite(tensor, runs);
        }
      }
      return restore(held);
    },
  };
}

function checkFinite(tensor: tf.Tensor, run: number): void {
  if ((tensor.dataSync() as Float32Array).every(Number.isFinite)) return;
  const what = tensor instanceof tf.Variable
    ? `the variable "${tensor.name}"`
    : "a result";
  throw new Error(
    `Cannot go on: run ${run} of a step left NaN or an infinity in ${what}`,
  );
}

/** Runs a step once, on zeros, and writes down what it does. */
function recordStep(step: Step, options: RunnerOptions): {
  plan: Plan;
  restore: (values: readonly StepOutput[]) => unknown;
  outputs: { shape: readonly number[]; dtype: FullSpec["dtype"] }[];
} {
  const { specs, variables, checkNumerics } = options;
  const inputs = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      tensorOf(name, new Array(spec.size).fill(0), spec),
    ]),
  );
  let flat: ReturnType<typeof flatten> | undefined;
  const before = latestTensorId();
  try {
    const recording = record((tensors) => {
      flat = flatten(step(tensors));
      return flat.tensors;
    }, { inputs, variables, lines: checkNumerics });
    return {
      plan: createPlan(recording),
      restore: flat!.restore,
      outputs: recording.outputs.map(({ shape, base: { dtype } }) => ({
        shape,
        dtype,
      })),
    };
  } finally {
    tf.dispose(inputs);
    disposeKept(flat?.tensors ?? [], before);
  }
}

function nativeRunner(
  step: Step,
  options: RunnerOptions,
  library: NativeLibrary,
): Runner {
  const backend = nativeBackend();
  const { specs, variables, checkNumerics } = options;
  const { plan, restore, outputs } = recordStep(step, options);
  const native = new NativePlan(library, plan.words);
  const buffer = new ArrayBuffer(4 * plan.arenaWords);
  protectArena(buffer);
  const arena = new Uint32Array(buffer);
  const place = (
    dtype: string,
    address: number,
    size: number,
  ): Float32Array | Int32Array =>
    dtype === "float32"
      ? new Float32Array(buffer, 4 * address, size)
      : new Int32Array(buffer, 4 * address, size);
  for (const { address, values } of plan.constants) {
    const dtype = values instanceof Float32Array ? "float32" : "int32";
    place(dtype, address, values.length).set(values);
  }
  const places = Object.entries(specs).map(([name, spec]) => ({
    name,
    spec,
    values: place(spec.dtype, plan.inputs[name], spec.size),
  }));
  const bound = variables.map((variable, i) =>
    bindVariable(variable, {
      values: place(variable.dtype, plan.variables[i], variable.size),
      updated: plan.updated.has(i),
    })
  );
  const results = restore(outputs.map(({ shape, dtype }, i) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return outputOf(place(dtype, plan.outputs[i], size), shape, dtype);
  }));
  const version: Version = { count: 0 };

  function run(inputs: Inputs): unknown {
    refuseNesting(backend);
    checkNames(specs, inputs);
    // All are looked at before any is written.
    const given = places.map(({ name, spec }) =>
      valuesOf(name, inputs[name], spec)
    );
    for (const each of bound) pickUp(each, backend, version);
    for (let i = 0; i < places.length; i++) places[i].values.set(given[i]);
    version.count++;
    if (checkNumerics) runChecked();
    else native.run(arena);
    return results;
  }

  function runChecked(): void {
    const index = native.runChecked(arena);
    if (index === undefined) return;
    const { text, origins } = plan.instructions[index];
    throw new Error(
      `Cannot go on: run ${version.count} of a compiled step made NaN or an infinity in ${
        [...new Set(origins)].join(", ")
      } (instruction ${index}: ${text})`,
    );
  }

  const runner: Runner = {
    mode: "native",
    run,
    explain: () => explainPlan(plan),
    dispose() {
      for (const each of bound) release(each, backend);
      native.close();
    },
  };
  if (options.check) {
    const example = options.example?.() ?? exampleInputs(specs);
    checkAgainstEager({ step, run, example, specs, variables });
  }
  return runner;
}

function outputOf(
  values: Float32Array | Int32Array,
  shape: readonly number[],
  dtype: FullSpec["dtype"],
): StepOutput {
  const dataSync = () =>
    dtype === "bool" ? Uint8Array.from(values) : values.slice();
  return { shape, dtype, dataSync, data: () => Promise.resolve(dataSync()) };
}
