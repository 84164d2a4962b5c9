/**
 * Queueing learning.
 *
 * @module
 */
export * from "./koopman_training.ts";
export * from "./learning_data.ts";
export * from "./learning_options.ts";
export * from "./learning_run.ts";
export * from "./model_figures.ts";
export * from "./results_file.ts";
export * from "./run_files.ts";
export * from "./simulated_paths.ts";
export * from "./stationary_timescale.ts";
export * from "./timescale_baselines.ts";
