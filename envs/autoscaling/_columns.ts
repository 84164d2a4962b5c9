/**
 * Records of numbers, saved as one array a field.
 *
 * @module
 */
import type { State, StateValue } from "../../core/state.ts";

type Values = Int32Array | Float64Array;
type Column = Record<string, number>;

function isValues(value: unknown): value is Values {
  return value instanceof Int32Array || value instanceof Float64Array;
}

/** The records' values under a name, one after the other. */
function gather<T extends object>(records: readonly T[], name: keyof T) {
  const values = records.map((record) => record[name]);
  const [first] = values;
  if (typeof first === "number") return Float64Array.from(values as number[]);
  if (!isValues(first)) return saveColumns(values as object[]);
  const { length } = first;
  const all = new (first.constructor as Float64ArrayConstructor)(
    records.length * length,
  );
  values.forEach((part, i) => all.set(part as Values, i * length));
  return all;
}

/**
 * A state with an array for each number or array of the records, and a state
 * for each record within them.
 *
 * @param records One or more, with the same fields.
 */
export function saveColumns(records: readonly object[]): State {
  const names = Object.keys(records[0]) as never[];
  return Object.fromEntries(names.map((name) => [name, gather(records, name)]));
}

/** What the records hold under a name. */
function parts(records: readonly object[], name: string): object[] {
  return records.map((record) => Reflect.get(record, name));
}

function refuse(name: string, expected: string): never {
  throw new TypeError(
    `Cannot restore an autoscaling state: expected ${expected} in "${name}"`,
  );
}

function checkColumns(records: readonly object[], state: State): void {
  for (const [name, value] of Object.entries(records[0])) {
    const saved: StateValue | undefined = state[name];
    if (typeof value === "object" && !isValues(value)) {
      if (saved === null || typeof saved !== "object") refuse(name, "a state");
      checkColumns(parts(records, name), saved as State);
      continue;
    }
    const [kind, length] = isValues(value)
      ? [value.constructor, value.length]
      : [Float64Array, 1];
    if (!(isValues(saved) && saved.constructor === kind)) {
      refuse(name, "numbers");
    }
    if (saved.length !== records.length * length) {
      refuse(name, `${records.length * length} values`);
    }
  }
}

/** Whole numbers come back as such: V8 keeps fields of them without a box. */
function plain(value: number): number {
  return (value | 0) === value && !Object.is(value, -0) ? value | 0 : value;
}

function scatter(records: readonly object[], state: State): void {
  for (const [name, value] of Object.entries(records[0])) {
    const saved = state[name];
    if (typeof value === "number") {
      records.forEach((record, i) =>
        (record as Column)[name] = plain((saved as Values)[i])
      );
      continue;
    }
    if (!isValues(value)) {
      scatter(parts(records, name), saved as State);
      continue;
    }
    const { length } = value;
    parts(records, name).forEach((part, i) =>
      (part as Values).set(
        (saved as Values).subarray(i * length, (i + 1) * length),
      )
    );
  }
}

/**
 * Writes back what {@linkcode saveColumns} returned. Throws `TypeError`, and
 * leaves the records as they were, where it does not fit.
 *
 * @param records As many as were saved, with the same fields.
 * @param state Read.
 */
export function loadColumns(records: readonly object[], state: State): void {
  checkColumns(records, state);
  scatter(records, state);
}
