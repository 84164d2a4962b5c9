/**
 * Running a test on several backends.
 *
 * @module
 */
import { selectDevice } from "./devices.ts";

/** Backends that every machine has. */
export const BACKENDS = ["wasm", "cpu"] as const;

/** Makes a backend ready. */
export async function useBackend(
  name: "wasm" | "cpu" | "webgpu",
): Promise<void> {
  await selectDevice(name, { parameters: 1, batchSize: 1 });
}

/** Whether there is an adapter that webgpu can run on. */
export async function hasWebgpu(): Promise<boolean> {
  return Boolean(await navigator.gpu?.requestAdapter());
}

/** The largest difference between two arrays of one length. */
export function largestDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    // A comparison with NaN is false: it must not pass for small.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
