/**
 * Stand-in for `jsr:@std/fmt/duration`, over the npm build of the same library.
 *
 * @module
 */
import * as std from "deno-std/fmt/duration.js";

/** Options of {@linkcode format}. */
export interface FormatOptions {
  /** `narrow` is "1h 2m", `digital` "00:01:02:...", `full` in words. */
  style?: "narrow" | "digital" | "full";
  /** Whether units of zero are left out. Default `false`. */
  ignoreZero?: boolean;
}

/** Writes a duration given in milliseconds. */
export const format: (ms: number, options?: FormatOptions) => string =
  std.format;
