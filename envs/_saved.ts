/**
 * Reading back what an environment saved, with messages that name the field.
 *
 * @module
 */
import type { State, StateValue } from "../core/state.ts";

function kindOf(value: StateValue | undefined): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  return `${value.constructor?.name} of ${Object.keys(value).length}`;
}

function refusal(
  name: string,
  value: StateValue | undefined,
  wanted: string,
): TypeError {
  return new TypeError(
    `Cannot restore "${name}" from ${kindOf(value)}, expected ${wanted}`,
  );
}

/** A number that was saved under `name`. Throws `TypeError` otherwise. */
export function savedNumber(state: State, name: string): number {
  const value = state[name];
  if (typeof value !== "number") throw refusal(name, value, "a number");
  return value;
}

/** A truth value that was saved under `name`. Throws `TypeError` otherwise. */
export function savedBoolean(state: State, name: string): boolean {
  const value = state[name];
  if (typeof value !== "boolean") throw refusal(name, value, "true or false");
  return value;
}

/** A state that was saved under `name`. Throws `TypeError` otherwise. */
export function savedTree(state: State, name: string): State {
  const value = state[name];
  if (
    value === null || typeof value !== "object" || Array.isArray(value) ||
    ArrayBuffer.isView(value)
  ) throw refusal(name, value, "a state");
  return value;
}

/** Words of a random stream under `name`. Throws `TypeError` otherwise. */
export function savedWords(state: State, name: string): Uint32Array {
  const value = state[name];
  if (!(value instanceof Uint32Array)) {
    throw refusal(name, value, "a Uint32Array");
  }
  return value;
}

/** Copies the floats saved under `name` into `target`. Throws `TypeError`. */
export function copySavedFloats(
  state: State,
  name: string,
  target: Float64Array,
): void {
  const value = state[name];
  if (!(value instanceof Float64Array) || value.length !== target.length) {
    throw refusal(name, value, `a Float64Array of ${target.length}`);
  }
  target.set(value);
}
