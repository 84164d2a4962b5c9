/**
 * The error of somebody who typed something wrong.
 *
 * @module
 */

/** Something on the command line is wrong: scripts exit with 2. */
export class UsageError extends Error {
  /** Always `UsageError`. */
  override name = "UsageError";
}

function wrap(error: unknown): unknown {
  return error instanceof RangeError || error instanceof TypeError ||
      error instanceof SyntaxError
    ? new UsageError(error.message, { cause: error })
    : error;
}

/**
 * Runs a function that only looks at what the user typed: a `RangeError`,
 * `TypeError` or `SyntaxError` that it throws, or rejects with, becomes a
 * {@linkcode UsageError}. Other errors pass.
 *
 * @param fn What to run; its result is returned.
 *
 * @example A library function that reads a user's text
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { asUsageError, UsageError } from "./usage_error.ts";
 *
 * assertThrows(() => asUsageError(() => JSON.parse("{")), UsageError);
 * ```
 */
export function asUsageError<T>(fn: () => T): T {
  try {
    const result = fn();
    if (!(result instanceof Promise)) return result;
    return result.catch((error) => {
      throw wrap(error);
    }) as T;
  } catch (error) {
    throw wrap(error);
  }
}
