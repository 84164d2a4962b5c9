/**
 * Tables of action values.
 *
 * @module
 */
export * from "./discretisers.ts";
export * from "./q_learning.ts";
export * from "./tabular_world.ts";
