/**
 * Stand-in for `jsr:@std/fmt/colors`, over the npm build of the same library.
 *
 * @module
 */
import * as std from "deno-std/fmt/colors.js";

type Paint = (text: string) => string;

/** Bold text. */
export const bold: Paint = std.bold;
/** Dim text. */
export const dim: Paint = std.dim;
/** Red text. */
export const red: Paint = std.red;
/** Green text. */
export const green: Paint = std.green;
/** Yellow text. */
export const yellow: Paint = std.yellow;
/** Cyan text. */
export const cyan: Paint = std.cyan;
/** The text without its escape sequences. */
export const stripAnsiCode: Paint = std.stripAnsiCode;
