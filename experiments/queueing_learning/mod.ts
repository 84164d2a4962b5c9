/**
 * Queueing learning.
 *
 * @module
 */
export * from "./koopman_training.ts";
export * from "./learned_models.ts";
export * from "./learned_settling_report.ts";
export * from "./learning_checkpoint.ts";
export * from "./learning_data.ts";
export * from "./learning_options.ts";
export * from "./learning_run.ts";
export * from "./learning_tables.ts";
export * from "./load_comparison.ts";
export * from "./load_generation.ts";
export * from "./model_figures.ts";
export * from "./observed_path.ts";
export * from "./recovery_summary.ts";
export * from "./reference_tables.ts";
export * from "./results_file.ts";
export * from "./run_files.ts";
export * from "./settling_comparison.ts";
export * from "./simulated_paths.ts";
export * from "./simulated_runs.ts";
export * from "./stationary_timescale.ts";
export * from "./timescale_baselines.ts";
