/**
 * Queueing.
 *
 * @module
 */
export * from "./options.ts";
export * from "./rows.ts";
export * from "./simulator.ts";
export * from "./timeout_probability.ts";
