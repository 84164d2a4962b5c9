/**
 * One training run: its settings, files, checkpoints and logs.
 *
 * @module
 */
export * from "./agent_settings.ts";
export * from "./checkpoints.ts";
export * from "./evaluation_record.ts";
export * from "./learning_curves.ts";
export * from "./learning_figures.ts";
export * from "./offline_files.ts";
export * from "./q_learning_run.ts";
export * from "./recorded_arrays.ts";
export * from "./resumed_options.ts";
export * from "./run_logs.ts";
export * from "./run_paths.ts";
export * from "./run_trainer.ts";
export * from "./script_training.ts";
export * from "./training_material.ts";
export * from "./training_run.ts";
