/**
 * Reading back arrays whose lengths are not known before.
 *
 * @module
 */
import type { State } from "../../core/state.ts";

type TypedArray = Float64Array | Int32Array | Uint8Array;

/**
 * An array saved under `name`. Throws `TypeError` where it is of another kind
 * or length.
 */
export function savedArray<Kind extends TypedArray>(
  state: State,
  name: string,
  kind: new (length: number) => Kind,
  length?: number,
): Kind {
  const value = state[name];
  if (
    value instanceof kind && (length === undefined || value.length === length)
  ) return value;
  throw new TypeError(
    `Cannot restore "${name}", expected a ${kind.name}${
      length === undefined ? "" : ` of ${length}`
    }`,
  );
}
