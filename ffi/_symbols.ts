// Written by tools/write_symbols.ts from the Rust source: not to be edited.
// deno-fmt-ignore-file
/**
 * What the native library exports.
 *
 * @module
 */

/** The number that a library of this interface returns. */
export const ABI_VERSION = 0xa0337f05;


/** Negative results: the error that each becomes, and what it says. */
export const FAULTS: ReadonlyMap<number, { kind: string; message: string }> =
  new Map([
  [-1, {
    kind: "Error",
    message:
      "the library panicked, which is a fault of its own; the message stands on standard error",
  }],
  [-2, {
    kind: "TypeError",
    message:
      "a buffer is missing, not aligned, or overlaps one that is written",
  }],
  [-3, {
    kind: "TypeError",
    message:
      "a buffer's length does not fit the others",
  }],
  [-4, {
    kind: "RangeError",
    message:
      "an argument is outside of its range",
  }],
  [-5, {
    kind: "TypeError",
    message:
      "the state was not made by this version of the library, or is damaged",
  }],
  [-6, {
    kind: "TypeError",
    message:
      "the handle is closed, or was never given out",
  }],
]);

/** What `Deno.dlopen` is given. */
export const SYMBOLS = {
} as const;

/** The library's functions: results below 0 are faults. */
export interface NativeFunctions {
}

/**
 * The functions of an opened library, with typed arrays for buffers.
 *
 * @param symbols What `Deno.dlopen` found.
 */
export function bindSymbols(
  symbols: Deno.StaticForeignLibraryInterface<typeof SYMBOLS>,
): NativeFunctions {
  return {
  };
}
