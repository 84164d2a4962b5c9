/**
 * Stand-in for `jsr:@std/path`, over the npm build of the same library.
 *
 * @module
 */
import * as std from "deno-std/path/mod.js";

/** The last part of a path, without `suffix`. */
export const basename: (path: string | URL, suffix?: string) => string =
  std.basename;
/** The folder that a path lies in. */
export const dirname: (path: string | URL) => string = std.dirname;
/** The extension of a path, with its dot. */
export const extname: (path: string | URL) => string = std.extname;
/** The path that a file URL names. */
export const fromFileUrl: (url: string | URL) => string = std.fromFileUrl;
/** Whether a path is absolute. */
export const isAbsolute: (path: string) => boolean = std.isAbsolute;
/** Joins parts into one normalised path. */
export const join: (path: string | URL, ...paths: string[]) => string =
  std.join;
/** The way from one path to another. */
export const relative: (from: string, to: string) => string = std.relative;
/** Resolves parts, from the right, into an absolute path. */
export const resolve: (...paths: string[]) => string = std.resolve;
/** The file URL of an absolute path. */
export const toFileUrl: (path: string) => URL = std.toFileUrl;
