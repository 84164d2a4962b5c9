/**
 * Variables whose values lie in a plan's arena.
 *
 * @module
 */
import * as tf from "../tensorflow.ts";
import type { DataId, NativeBackend } from "./native_backend.ts";

/** How often a plan has run; the same object for all that it updates. */
export interface Version {
  /** Runs so far. */
  count: number;
}

/** A variable and its place in an arena. */
export interface BoundVariable {
  /** The variable. */
  readonly variable: tf.Variable;
  /** Its place. */
  readonly values: Float32Array | Int32Array;
  /** Whether the plan changes it. */
  readonly updated: boolean;
  /** The values that are in the place. */
  id: DataId | undefined;
  /** What the backend knows of them. */
  data: { refCount: number } | undefined;
  /** Counts changes of values that another plan changes in place. */
  source: Version | undefined;
  /** The count when they were copied. */
  seen: number;
}

/** Counters of values that plans change in place. */
const versions = new WeakMap<DataId, Version>();

/** A variable that is not yet in its place. */
export function bindVariable(
  variable: tf.Variable,
  options: { values: Float32Array | Int32Array; updated: boolean },
): BoundVariable {
  return {
    variable,
    ...options,
    id: undefined,
    data: undefined,
    source: undefined,
    seen: 0,
  };
}

/**
 * Brings a variable's present values to their place: what was assigned to it
 * since the last run, by a target copy, a checkpoint or another plan.
 *
 * Values that are shared, as after `a.assign(b)` or with a tensor that somebody
 * keeps, are parted first, as the plan changes them in place.
 *
 * Throws `Error` for a disposed variable.
 *
 * @param bound The variable.
 * @param backend Has the values.
 * @param version The plan's own counter.
 */
export function pickUp(
  bound: BoundVariable,
  backend: NativeBackend,
  version: Version,
): void {
  const { variable, updated, data, id } = bound;
  if (variable.dataId === id && !variable.isDisposed) {
    if (updated && data!.refCount === 1) return;
    const { source } = bound;
    const current = source === undefined || source.count === bound.seen;
    if (!updated && current && data!.refCount > 0) return;
  }
  bringIn(bound, backend, version);
}

/** Throws `Error` for a disposed variable. */
export function checkAlive(variable: tf.Variable): void {
  if (variable.isDisposed) {
    throw new Error(
      `Cannot run a compiled step whose variable "${variable.name}" is disposed`,
    );
  }
}

/** A variable's values as a tensor that shares them with nobody. */
export function copyOf(variable: tf.Variable): tf.Tensor {
  const { shape, dtype } = variable;
  return tf.tensor(variable.dataSync().slice(), [...shape], dtype);
}

function bringIn(
  bound: BoundVariable,
  backend: NativeBackend,
  version: Version,
): void {
  const { variable, values } = bound;
  checkAlive(variable);
  if (tf.backend() !== backend) {
    throw new Error(
      `Cannot run a compiled step on the backend ${tf.getBackend()}, expected native, which it was compiled for`,
    );
  }
  // Whoever else holds the values that are there keeps them as they are.
  detachFromPlace(bound, backend);
  values.set(backend.valuesOf(variable.dataId));
  if (bound.updated) {
    adopt(bound, backend);
    versions.set(variable.dataId, version);
  }
  bound.id = variable.dataId;
  bound.data = backend.data.get(variable.dataId);
  bound.source = versions.get(variable.dataId);
  bound.seen = bound.source?.count ?? 0;
}

/** Lets the variable's values lie in the arena. */
function adopt(bound: BoundVariable, backend: NativeBackend): void {
  const { variable, values } = bound;
  const tensor = tf.engine().makeTensorFromTensorInfo({
    dataId: backend.adopt(values, variable.dtype),
    shape: variable.shape,
    dtype: variable.dtype,
  }, backend);
  variable.assign(tensor);
  tensor.dispose();
}

function detachFromPlace(
  { id, values }: BoundVariable,
  backend: NativeBackend,
): void {
  if (id === undefined || !backend.data.has(id)) return;
  if (backend.valuesOf(id) === values) backend.detach(id);
}

/**
 * Gives what lies in a variable's place, which is about to go, room of its
 * own.
 */
export function release(bound: BoundVariable, backend: NativeBackend): void {
  detachFromPlace(bound, backend);
}
