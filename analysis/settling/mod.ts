/**
 * Settling.
 *
 * @module
 */
export * from "./autocorrelation.ts";
export * from "./kaplan_meier.ts";
export * from "./settling.ts";
