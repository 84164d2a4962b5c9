/**
 * Exports.
 *
 * @module
 */
export * from "./write_policy.ts";
