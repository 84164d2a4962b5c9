/**
 * The tfjs backend `native`: compiled steps run in the native library, and
 * whatever is not compiled by the kernels of tfjs's cpu backend.
 *
 * @module
 */
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "../tensorflow.ts";

export { MathBackendCPU };

/** The backend's name in tfjs. */
export const NATIVE_BACKEND = "native";

/** tfjs's handle of a tensor's values. */
export type DataId = tf.DataId;

/** Arguments of a kernel, as tfjs passes them. */
export interface KernelArguments {
  /** Operands by name, or a list of them. */
  inputs: tf.NamedTensorInfoMap;
  /** Attributes by name. */
  attrs?: tf.NamedAttrMap;
  /** The backend. */
  backend: NativeBackend;
}

/** What watches kernels while a step is recorded. */
export interface Observer {
  /** Runs a kernel in place of the backend. */
  kernel(
    name: string,
    args: KernelArguments,
    run: () => tf.TensorInfo | tf.TensorInfo[],
  ): tf.TensorInfo | tf.TensorInfo[];
  /** Somebody asks for values. Throws unless that is allowed. */
  read(): void;
}

/** Buffers in which plans change values in place. */
const arenas = new WeakSet<ArrayBufferLike>();

/** Makes the backend hand out copies of what lies in a buffer. */
export function protectArena(buffer: ArrayBufferLike): void {
  arenas.add(buffer);
}

/** Values of a tensor, in order. */
export type Values = Float32Array | Int32Array | Uint8Array;

function liesInArena(values: unknown): values is Values {
  return ArrayBuffer.isView(values) && arenas.has(values.buffer);
}

/** tfjs's cpu backend, which compiled steps share values with. */
export class NativeBackend extends MathBackendCPU {
  /** Watches kernels while a step is recorded. */
  observer: Observer | undefined = undefined;

  /** A tensor's values, copied where a plan changes them in place. */
  override readSync(id: DataId): tf.backend_util.BackendValues {
    this.observer?.read();
    const values = super.readSync(id);
    return liesInArena(values) ? values.slice() : values;
  }

  /** Frees values, or gives them to another backend. */
  override disposeData(id: DataId, force = false): boolean {
    const data = this.data.has(id) ? this.data.get(id) : undefined;
    const isGone = super.disposeData(id, force);
    // So that who holds on to them knows that they went to another backend.
    if (isGone && data !== undefined) data.refCount = 0;
    return isGone;
  }

  /**
   * Values of a tensor, not copied; brought here where another backend has
   * them.
   *
   * @param id Of a tensor that is not disposed.
   */
  valuesOf(id: DataId): Values {
    return this.data.get(id).values as Values;
  }

  /**
   * Gives an id to values that stay where they are.
   *
   * @param values Not copied.
   * @param dtype Their type.
   */
  adopt(values: Values, dtype: tf.DataType): DataId {
    const id = {};
    this.data.set(id, { values, dtype, refCount: 1 });
    return id;
  }

  /** Puts a copy in the place of values that are about to change. */
  detach(id: DataId): void {
    const data = this.data.get(id);
    data.values = (data.values as Values).slice();
  }
}

function copyOutOfArena(
  backend: NativeBackend,
  outputs: tf.TensorInfo | tf.TensorInfo[],
  inputs: ReadonlySet<DataId | undefined>,
): void {
  for (const { dataId } of Array.isArray(outputs) ? outputs : [outputs]) {
    // The cpu kernels' slices are views, which a plan would change.
    if (!inputs.has(dataId) && liesInArena(backend.valuesOf(dataId))) {
      backend.detach(dataId);
    }
  }
}

function registerKernels(backend: NativeBackend): void {
  for (const kernel of tf.getKernelsForBackend("cpu")) {
    const { kernelName, kernelFunc } = kernel;
    tf.registerKernel({
      ...kernel,
      backendName: NATIVE_BACKEND,
      kernelFunc: (args) => {
        const given = args as unknown as KernelArguments;
        if (backend.observer !== undefined) {
          return backend.observer.kernel(
            kernelName,
            given,
            () => kernelFunc(args),
          );
        }
        const outputs = kernelFunc(args);
        copyOutOfArena(
          backend,
          outputs,
          new Set(
            Object.values(given.inputs).map((input) => input?.dataId),
          ),
        );
        return outputs;
      },
    });
  }
}

let registered: NativeBackend | undefined;

/** The backend, registered with tfjs at the first call. */
export function nativeBackend(): NativeBackend {
  if (registered === undefined) {
    const backend = new NativeBackend();
    // Keeps the backend from advertising tfjs-node, which Deno cannot use.
    (backend as unknown as { firstUse: boolean }).firstUse = false;
    tf.registerBackend(NATIVE_BACKEND, () => backend, 0);
    registerKernels(backend);
    registered = backend;
  }
  return registered;
}
