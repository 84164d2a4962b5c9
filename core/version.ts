/**
 * Which Loadstar this is.
 *
 * @module
 */

/** The version of this Loadstar, the same as in deno.json. */
export const LOADSTAR_VERSION = "0.1.0";

/** This Loadstar, and what it runs on: `Loadstar 0.1.0 (Deno 2.9.6, ...)`. */
export function versionLine(): string {
  return `Loadstar ${LOADSTAR_VERSION} (Deno ${Deno.version.deno}, ${Deno.build.target})`;
}
