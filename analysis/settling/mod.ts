/**
 * Settling.
 *
 * @module
 */
export * from "./autocorrelation.ts";
export * from "./kaplan_meier.ts";
export * from "./reference_settling.ts";
export * from "./settling.ts";
