/**
 * Comparing values bit by bit.
 *
 * @module
 */

function sameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const left = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
  const right = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  return left.every((byte, i) => byte === right[i]);
}

/**
 * Whether two values are of one kind and the same in every bit: numbers by
 * `Object.is`, typed arrays by their bytes, arrays and objects by their
 * entries.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (
    typeof a !== "object" || typeof b !== "object" || a === null || b === null
  ) return false;
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) {
    return ArrayBuffer.isView(a) && ArrayBuffer.isView(b) &&
      a.constructor === b.constructor && sameBytes(a, b);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = b as Record<string, unknown>;
  return left.length === Object.keys(b).length &&
    left.every(([name, value]) =>
      Object.hasOwn(b, name) && sameValue(value, right[name])
    );
}
