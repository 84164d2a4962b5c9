/**
 * Running a step once to write down what it computes.
 *
 * @module
 */
import * as tf from "../tensorflow.ts";
import { ARRAY_KERNELS } from "./_array_kernels.ts";
import { ELEMENTWISE_KERNELS } from "./_elementwise_kernels.ts";
import {
  type ArrayView,
  cast,
  constant,
  createGraph,
  type DType,
  type Graph,
  node,
  reshape,
} from "./_graph.ts";
import type { Lowering } from "./_lowering.ts";
import { NotCovered } from "./not_covered.ts";
import {
  type DataId,
  type KernelArguments,
  type NativeBackend,
  nativeBackend,
  type Observer,
} from "./native_backend.ts";
import { REDUCTION_KERNELS } from "./_reduction_kernels.ts";
import {
  callerLine,
  checkVariables,
  keepingVariables,
  ownData,
  refuseNesting,
  registeredVariables,
  withoutRandomness,
} from "./_safeguards.ts";
import { SKIPPED } from "./_result_shapes.ts";
import { sizeOf } from "./_view.ts";

/** Kernels that are compiled, by their names in tfjs. */
export const KERNELS: Readonly<Record<string, Lowering>> = {
  ...ELEMENTWISE_KERNELS,
  ...ARRAY_KERNELS,
  ...REDUCTION_KERNELS,
};

/** Kernels whose result depends on shapes alone. */
const FILLED: Readonly<Record<string, number>> = { ZerosLike: 0, OnesLike: 1 };

/** What a step computes. */
export interface Recording {
  /** All that was computed. */
  readonly graph: Graph;
  /** The step's inputs by name. */
  readonly inputs: Readonly<Record<string, ArrayView>>;
  /** What the variables held before, in their order. */
  readonly variables: readonly ArrayView[];
  /** What they hold afterwards; undefined where they stay the same. */
  readonly updates: readonly (ArrayView | undefined)[];
  /** The tensors that the step returned, in its order. */
  readonly outputs: readonly ArrayView[];
}

/** What is recorded. */
export interface RecordOptions {
  /** The step's inputs by name; their values do not matter. */
  inputs: Readonly<Record<string, tf.Tensor>>;
  /** State that the step may read and assign. */
  variables: readonly tf.Variable[];
  /** Whether nodes carry the lines they came from. */
  lines: boolean;
}

const INPUT_ORDER = ["condition", "t", "e", "dy", "y", "x", "a", "b", "bias"]
  .concat("preluActivationWeights", "alpha", "indices", "segmentIds", "logits");

/** Operands in a fixed order; undefined where an optional one is missing. */
function operandsOf(
  name: string,
  inputs: tf.NamedTensorInfoMap,
): (tf.TensorInfo | undefined)[] {
  if (Array.isArray(inputs)) return inputs as tf.TensorInfo[];
  if (name === "_FusedMatMul") {
    return ["a", "b", "bias", "preluActivationWeights"].map((key) =>
      inputs[key] ?? undefined
    );
  }
  return Object.entries(inputs).sort(([a], [b]) =>
    INPUT_ORDER.indexOf(a) - INPUT_ORDER.indexOf(b)
  ).map(([, info]) => info ?? undefined);
}

function dtypeOfTensor(dtype: string): DType {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") {
    return dtype;
  }
  throw new NotCovered(`elements of type ${dtype}`);
}

/** The part of a recording that watches kernels. */
class Recorder implements Observer {
  readonly graph = createGraph();
  readonly #views = new Map<DataId, ArrayView>();
  readonly #backend: NativeBackend;
  readonly #lines: boolean;
  #insideKernel = false;

  /** Variables that the step must not use. */
  readonly #foreign: ReadonlySet<unknown>;

  constructor(
    backend: NativeBackend,
    options: { lines: boolean; variables: readonly tf.Variable[] },
  ) {
    this.#backend = backend;
    this.#lines = options.lines;
    this.#foreign = new Set(registeredVariables()).difference(
      new Set(options.variables),
    );
  }

  /** Says what a tensor's values are. */
  define(id: DataId, view: ArrayView): void {
    this.#views.set(id, view);
  }

  /** What a tensor's values are. */
  viewOf(info: tf.TensorInfo): ArrayView {
    const dtype = dtypeOfTensor(info.dtype);
    let view = this.#views.get(info.dataId);
    if (view === undefined) {
      // From outside of the step; tensors never change.
      view = this.#constant(info);
      this.#views.set(info.dataId, view);
    }
    // tfjs reshapes, and casts without loss, by another description of the
    // same values.
    return reshape(this.graph, cast(this.graph, view, dtype), info.shape);
  }

  /** What a result's values are; throws where another variable has them. */
  resultOf(result: tf.Tensor): ArrayView {
    if (!this.#views.has(result.dataId)) {
      for (const variable of registeredVariables()) {
        if (variable.dataId === result.dataId) this.#refuseForeign(variable);
      }
    }
    return this.viewOf(result);
  }

  /** Values of variables change, so that they are no constants. */
  #refuseForeign(info: tf.TensorInfo | undefined): void {
    if (!this.#foreign.has(info)) return;
    throw new Error(
      `Cannot compile a step that uses the variable "${
        (info as tf.Variable).name
      }": expected it among the variables given to compile`,
    );
  }

  #constant(info: tf.TensorInfo): ArrayView {
    const { shape } = info;
    const dtype = dtypeOfTensor(info.dtype);
    return constant(this.graph, this.#backend.valuesOf(info.dataId), {
      shape,
      dtype,
    });
  }

  kernel(
    name: string,
    args: KernelArguments,
    run: () => tf.TensorInfo | tf.TensorInfo[],
  ): tf.TensorInfo | tf.TensorInfo[] {
    const inner = this.#insideKernel;
    this.#insideKernel = true;
    try {
      const result = inner ? run() : this.#skipped(name, args) ?? run();
      if (!inner) {
        const outputs = Array.isArray(result) ? result : [result];
        this.#writeDown(name, args, outputs);
      }
      return result;
    } finally {
      this.#insideKernel = inner;
    }
  }

  /**
   * Zeros in place of what a kernel would compute: only its shape counts, and
   * the cpu backend takes longer for large steps than all else.
   */
  #skipped(name: string, args: KernelArguments): tf.TensorInfo | undefined {
    const shapeOf = SKIPPED[name];
    if (shapeOf === undefined) return undefined;
    const operands = operandsOf(name, args.inputs).filter((info) =>
      info !== undefined
    );
    const float = operands.every(({ dtype }) => dtype === "float32");
    if (!float || operands.every((info) => this.#isConstant(info))) {
      return undefined;
    }
    const shape = shapeOf(operands.map(({ shape }) => shape), args.attrs ?? {});
    const zeros = new Float32Array(sizeOf(shape));
    return this.#backend.makeTensorInfo(shape, "float32", zeros);
  }

  #isConstant({ dataId }: tf.TensorInfo): boolean {
    const view = this.#views.get(dataId);
    return view === undefined || view.base.kind === "constant";
  }

  #writeDown(
    name: string,
    args: KernelArguments,
    outputs: readonly tf.TensorInfo[],
  ): void {
    const { graph } = this;
    const operands = operandsOf(name, args.inputs);
    for (const operand of operands) this.#refuseForeign(operand);
    graph.origin = this.#lines ? `${name} at ${callerLine()}` : name;
    const fresh = outputs.filter(({ dataId }) =>
      !operands.some((operand) => operand?.dataId === dataId)
    );
    if (fresh.length === 0) return;
    const views = this.#lower(name, args, { operands, outputs: fresh });
    fresh.forEach(({ dataId }, i) => this.#views.set(dataId, views[i]));
  }

  #lower(
    name: string,
    args: KernelArguments,
    tensors: {
      operands: readonly (tf.TensorInfo | undefined)[];
      outputs: readonly tf.TensorInfo[];
    },
  ): ArrayView[] {
    const { graph } = this;
    const { operands, outputs } = tensors;
    try {
      if (name in FILLED) {
        const [{ shape, dtype }] = outputs;
        return [constant(
          graph,
          new Array(sizeOf(shape)).fill(FILLED[name]),
          { shape, dtype: dtypeOfTensor(dtype) },
        )];
      }
      const inputs = operands.map((operand) =>
        operand && this.viewOf(operand)
      ) as ArrayView[];
      if (inputs.every((view) => view?.base.kind === "constant")) {
        return outputs.map((output) => this.#constant(output));
      }
      const lowering = KERNELS[name];
      if (lowering === undefined) throw new NotCovered("the kernel");
      return lowering({
        graph,
        name,
        inputs,
        attributes: args.attrs ?? {},
        outputs: outputs.map(({ shape, dtype }) => ({
          shape,
          dtype: dtypeOfTensor(dtype),
        })),
      });
    } catch (error) {
      if (!(error instanceof NotCovered)) throw error;
      throw new NotCovered(
        `Cannot compile the kernel ${name} of ${callerLine()}: ${error.message} is not covered`,
        { cause: error },
      );
    }
  }

  read(): void {
    if (this.#insideKernel) return;
    throw new Error(
      `Cannot compile a step that reads data at ${callerLine()}: expected a pure function of its inputs, so return what is to be read`,
    );
  }
}

/**
 * Runs a step once and writes down what it computes. Everything that it
 * changed is put back.
 *
 * Throws {@linkcode NotCovered} for a kernel that cannot be compiled, and
 * `Error` for a step that reads data, draws random numbers, or uses variables
 * that are not given.
 *
 * @param step Called with tensors.
 * @param options Inputs and variables.
 */
export function record(
  step: (inputs: Readonly<Record<string, tf.Tensor>>) => tf.Tensor[],
  options: RecordOptions,
): Recording {
  const { inputs, variables, lines } = options;
  const backend = nativeBackend();
  refuseNesting(backend);
  const recorder = new Recorder(backend, { lines, variables });
  const { graph } = recorder;
  const inputViews: Record<string, ArrayView> = {};
  for (const [name, tensor] of Object.entries(inputs)) {
    const { shape } = tensor;
    const dtype = dtypeOfTensor(tensor.dtype);
    inputViews[name] = node(graph, { kind: "input", name }, { shape, dtype });
    recorder.define(tensor.dataId, inputViews[name]);
  }
  return keepingVariables(variables, () => {
    const own = ownData(variables);
    const variableViews = variables.map((variable, index) => {
      const { shape } = variable;
      const dtype = dtypeOfTensor(variable.dtype);
      const view = node(graph, { kind: "variable", index }, { shape, dtype });
      recorder.define(variable.dataId, view);
      return view;
    });
    const known = new Set(registeredVariables());
    const ids = new Map([...known].map((each) => [each, each.dataId]));
    backend.observer = recorder;
    let updates: Recording["updates"] = [];
    let outputs: Recording["outputs"] = [];
    try {
      tf.tidy(() => {
        const results = withoutRandomness(() => step(inputs));
        checkVariables(ids, variables);
        updates = variables.map((variable, i) =>
          variable.dataId === own[i] ? undefined : recorder.resultOf(variable)
        );
        outputs = results.map((tensor) => recorder.resultOf(tensor));
      });
    } finally {
      backend.observer = undefined;
    }
    return {
      graph,
      inputs: inputViews,
      variables: variableViews,
      updates,
      outputs,
    };
  });
}
