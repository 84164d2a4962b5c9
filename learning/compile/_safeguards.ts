/**
 * What keeps recording from changing anything, and steps from being no
 * functions of their inputs.
 *
 * @module
 */
import * as tf from "../tensorflow.ts";
import {
  type DataId,
  type NativeBackend,
  nativeBackend,
} from "./native_backend.ts";
import { copyOf } from "./_state.ts";

/** Frames between a kernel and the step that uses it, at most. */
const FRAMES = 200;

/** The nearest line outside of tfjs and of this folder. */
export function callerLine(): string {
  const here = new URL(".", import.meta.url).href;
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const lines = (new Error().stack ?? "").split("\n").slice(1);
  Error.stackTraceLimit = stackTraceLimit;
  for (const line of lines) {
    const place = /((?:file|https?|blob|data):\S+:\d+:\d+)/.exec(line)?.[1];
    const inside = place === undefined || place.includes("@tensorflow") ||
      place.startsWith(here) && !place.includes("_test.ts");
    if (!inside) return place;
  }
  return "an unknown place";
}

/** All variables that there are. */
export function registeredVariables(): tf.Variable[] {
  return Object.values(tf.engine().registeredVariables);
}

/** Throws `Error` where a step is being recorded. */
export function refuseNesting({ observer }: NativeBackend): void {
  if (observer === undefined) return;
  throw new Error(
    `Cannot compile a step that compiles or runs another at ${callerLine()}: expected the plain function in its place`,
  );
}

/** Runs a function while the engine's own random numbers throw. */
export function withoutRandomness<T>(run: () => T): T {
  const { random } = Math;
  const refuse = () => {
    throw new Error(
      `Cannot compile a step that draws random numbers at ${callerLine()}: expected them as inputs`,
    );
  };
  Object.assign(Math, { random: refuse });
  try {
    return run();
  } finally {
    Object.assign(Math, { random });
  }
}

/**
 * Runs a function, then gives variables the values they had: those given, and
 * those of this backend, which a faulty step may have assigned.
 */
export function keepingVariables<T>(
  given: readonly tf.Variable[],
  run: () => T,
): T {
  const { data } = nativeBackend();
  const before = registeredVariables().filter((variable) =>
    given.includes(variable) || data.has(variable.dataId)
  ).map((variable) => ({
    variable,
    // Shares the values, and keeps them from being freed.
    tensor: tf.keep(variable.clone()),
  }));
  try {
    return run();
  } finally {
    for (const { variable, tensor } of before) {
      if (variable.dataId !== tensor.dataId) variable.assign(tensor);
      tensor.dispose();
    }
  }
}

/**
 * Ids of the variables, each of its own: values that are shared with another
 * variable or with a tensor outside, as after `a.assign(b)`, are copied, so
 * that the recording can tell them apart.
 */
export function ownData(variables: readonly tf.Variable[]): DataId[] {
  return variables.map((variable) => {
    const copy = copyOf(variable);
    variable.assign(copy);
    copy.dispose();
    return variable.dataId;
  });
}

/**
 * Throws `Error` where a step made a variable, or assigned one that is not
 * given.
 *
 * @param before The variables' ids before.
 * @param given Those that it may assign.
 */
export function checkVariables(
  before: ReadonlyMap<tf.Variable, DataId>,
  given: readonly tf.Variable[],
): void {
  for (const variable of registeredVariables()) {
    const id = before.get(variable);
    if (id === undefined) {
      throw new Error(
        `Cannot compile a step that makes the variable "${variable.name}": expected it outside of the step`,
      );
    }
    if (id !== variable.dataId && !given.includes(variable)) {
      throw new Error(
        `Cannot compile a step that assigns the variable "${variable.name}": expected it among the variables given to compile`,
      );
    }
  }
}
