/**
 * Values that PyTorch computed, for the tests.
 *
 * @module
 */
import values from "./torch_values.json" with { type: "json" };

/** Written by `bench/peers/torch_values.py`, which says what each one is. */
export const TORCH = values;

/** Numbers of a line. */
export function numbers(line: string): number[] {
  return line.split(" ").map(Number);
}

/** The inputs that PyTorch was given: sines, as `torch_values.py` has them. */
export function wave(count: number, phase: number, scale = 1): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, i) => scale * Math.sin(1.7 * i + phase),
  );
}

/** 1, 2, 3, ...: what each output counts in PyTorch's gradients. */
export function countUp(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => i + 1);
}
