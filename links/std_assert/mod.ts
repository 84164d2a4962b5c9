/**
 * Stand-in for `jsr:@std/assert`, over the npm build of the same library.
 * Assertions are declared functions: TypeScript does not narrow otherwise.
 *
 * @module
 */
// deno-lint-ignore-file no-explicit-any
import * as std from "deno-std/assert/mod.js";

const assertions = std as any;

type ErrorClass<E extends Error> = new (...args: any[]) => E;

/** Fails unless `condition` is truthy. */
export function assert(
  condition: unknown,
  message?: string,
): asserts condition {
  assertions.assert(condition, message);
}

/** Fails when `actual` and `expected` differ by more than `tolerance`. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  message?: string,
): void {
  assertions.assertAlmostEquals(actual, expected, tolerance, message);
}

/** Fails unless the two values are deeply equal. */
export function assertEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  assertions.assertEquals(actual, expected, message);
}

/** Fails when the two values are deeply equal. */
export function assertNotEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  assertions.assertNotEquals(actual, expected, message);
}

/** Fails unless the two values are the same by `Object.is`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  message?: string,
): asserts actual is T {
  assertions.assertStrictEquals(actual, expected, message);
}

/** Fails when `actual` is null or undefined. */
export function assertExists<T>(
  actual: T,
  message?: string,
): asserts actual is NonNullable<T> {
  assertions.assertExists(actual, message);
}

/** Fails unless `actual` is an instance of `expectedType`. */
export function assertInstanceOf<T>(
  actual: unknown,
  expectedType: abstract new (...args: any[]) => T,
  message?: string,
): asserts actual is T {
  assertions.assertInstanceOf(actual, expectedType, message);
}

/** Fails unless `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, message?: string) {
  assertions.assertGreater(actual, expected, message);
}

/** Fails unless `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, message?: string) {
  assertions.assertLess(actual, expected, message);
}

/** Fails unless `actual >= expected`. */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  assertions.assertGreaterOrEqual(actual, expected, message);
}

/** Fails unless `actual <= expected`. */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  assertions.assertLessOrEqual(actual, expected, message);
}

/** Fails unless `actual` matches the expression. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  message?: string,
): void {
  assertions.assertMatch(actual, expected, message);
}

/** Fails unless `actual` contains `expected`. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  message?: string,
): void {
  assertions.assertStringIncludes(actual, expected, message);
}

/** Fails unless `fn` throws; returns what was thrown. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass?: ErrorClass<E>,
  messageIncludes?: string,
): E {
  return assertions.assertThrows(fn, ErrorClass, messageIncludes);
}

/** Fails unless the promise of `fn` is rejected; returns the reason. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass?: ErrorClass<E>,
  messageIncludes?: string,
): Promise<E> {
  return assertions.assertRejects(fn, ErrorClass, messageIncludes);
}

/** Fails always. */
export function fail(message?: string): never {
  assertions.fail(message);
  throw new Error("unreachable");
}
