/**
 * Koopman.
 *
 * @module
 */
export * from "./dictionaries.ts";
export * from "./operator.ts";
export * from "./spectrum.ts";
export * from "./trajectories.ts";
