/**
 * Koopman.
 *
 * @module
 */
export * from "./autoencoder.ts";
export * from "./dictionaries.ts";
export * from "./lag_moments.ts";
export * from "./learned_settling.ts";
export * from "./model.ts";
export * from "./model_autocorrelation.ts";
export * from "./model_file.ts";
export * from "./normal_operator.ts";
export * from "./operator.ts";
export * from "./reference_autoencoder.ts";
export * from "./settling_bound.ts";
export * from "./slow_mode.ts";
export * from "./spectrum.ts";
export * from "./timescale_interval.ts";
export * from "./training.ts";
export * from "./trajectories.ts";
