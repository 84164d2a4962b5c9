/**
 * Which Loadstar this is.
 *
 * @module
 */

/** The version of this Loadstar, the same as in deno.json. */
export const LOADSTAR_VERSION = "0.1.0";
