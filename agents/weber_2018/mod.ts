/**
 * Spatial tuning by excitatory and inhibitory plasticity.
 *
 * @module
 */
export * from "./weber_2018.ts";
export * from "./weber_2018_inputs.ts";
export * from "./weber_2018_parameters.ts";
export * from "./weber_spacing.ts";
