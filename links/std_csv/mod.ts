/**
 * Stand-in for `jsr:@std/csv`, over the npm build of the same library.
 *
 * @module
 */
// @ts-types="./mod.d.ts"
export { parse, stringify } from "deno-std/csv/mod.js";
export type { ParseOptions, StringifyOptions } from "./mod.d.ts";
