/**
 * The JSON document that a script prints.
 *
 * @module
 */

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<number | bigint>);
  }
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value;
}

/**
 * A value as a JSON document, indented by two blanks, without a line break at
 * the end. JSON knows no infinite numbers and no NaN: they become `null`.
 * Typed arrays and sets become arrays, maps objects, and whole numbers of 64
 * bits numbers, or texts where a number cannot hold them; `undefined` alone
 * becomes `null`.
 *
 * @param value Any value without cycles. Throws `TypeError` otherwise.
 */
export function resultJson(value: unknown): string {
  return JSON.stringify(value, plain, 2) ?? "null";
}
