/**
 * Numbers as people type them, and the bounds they must keep.
 *
 * @module
 */

/** Bounds of a number. */
export interface Range {
  /** Smallest value. */
  minimum?: number;
  /** Largest value. */
  maximum?: number;
  /** Lower bound that is not reached itself. */
  exclusiveMinimum?: number;
  /** Upper bound that is not reached itself. */
  exclusiveMaximum?: number;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WHOLE = /^[+-]?\d+(?:\.(\d*))?(?:e\+?(\d+))?$/i;

/**
 * A decimal number, or `undefined` where the text is anything else: empty,
 * `1e`, `0x10`, `12abc`, `1_000`, infinite.
 *
 * @param text What was typed.
 */
export function readDecimal(text: string): number | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const value = Number(text);
  // The sum turns -0 into 0.
  return Number.isFinite(value) ? value + 0 : undefined;
}

/**
 * A whole number, or `undefined` where the text is anything else or the number
 * is larger than 2^53 - 1. `10.0`, `1e5` and `2.5e3` are whole numbers.
 *
 * @param text What was typed.
 */
export function readWholeNumber(text: string): number | undefined {
  const match = WHOLE.exec(text);
  if (match === null) return undefined;
  // Judged by its digits: rounding makes 1.00000000000000000001 whole.
  const decimals = (match[1] ?? "").replace(/0+$/, "").length;
  if (decimals > Number(match[2] ?? 0)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

/**
 * Whether a number keeps its bounds.
 *
 * @param value The number.
 * @param range The bounds.
 */
export function isInRange(value: number, range: Range): boolean {
  return value >= (range.minimum ?? -Infinity) &&
    value <= (range.maximum ?? Infinity) &&
    value > (range.exclusiveMinimum ?? -Infinity) &&
    value < (range.exclusiveMaximum ?? Infinity);
}

/**
 * Bounds in words: `from 1`, `above 0 and at most 1`, empty for none.
 *
 * @param range The bounds.
 */
export function describeRange(range: Range): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = range;
  if (minimum !== undefined && maximum !== undefined) {
    return `from ${minimum} to ${maximum}`;
  }
  const parts: string[] = [];
  if (minimum !== undefined) parts.push(`from ${minimum}`);
  if (exclusiveMinimum !== undefined) parts.push(`above ${exclusiveMinimum}`);
  if (maximum !== undefined) parts.push(`at most ${maximum}`);
  if (exclusiveMaximum !== undefined) parts.push(`below ${exclusiveMaximum}`);
  return parts.join(" and ");
}
