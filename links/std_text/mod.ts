/**
 * Stand-in for `jsr:@std/text`, over the npm build of the same library.
 *
 * @module
 */
import * as std from "deno-std/text/mod.js";

/** Options of {@linkcode closestString}. */
export interface ClosestStringOptions {
  /** Whether upper and lower case are told apart. Default `false`. */
  caseSensitive?: boolean;
}

/** The one of `possibleWords` that is nearest to `givenWord`. */
export const closestString: (
  givenWord: string,
  possibleWords: readonly string[],
  options?: ClosestStringOptions,
) => string = std.closestString;
/** The number of edits between two texts. */
export const levenshteinDistance: (a: string, b: string) => number =
  std.levenshteinDistance;
