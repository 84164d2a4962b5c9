/**
 * Arguments without a name, as many as there are.
 *
 * @module
 */
import type { Option } from "./options.ts";

export type { Option } from "./options.ts";

/**
 * All arguments that are left, for the last positional: none or more.
 *
 * @param each How one of them is read.
 */
export function restOption<Value>(
  each: Option<Value>,
): Option<readonly Exclude<Value, undefined>[]> {
  return {
    ...each,
    isRest: true,
    defaultValue: () => [],
    parse: (text) => [each.parse(text) as Exclude<Value, undefined>],
  };
}
