/**
 * Runs, their settings and where they are started.
 *
 * @module
 */
export * from "./agent_settings.ts";
export * from "./arena_figures.ts";
export * from "./arena_report.ts";
export * from "./arena_reproduction.ts";
export * from "./autoscaling_comparison.ts";
export * from "./autoscaling_options.ts";
export * from "./autoscaling_report.ts";
export * from "./autoscaling_table_training.ts";
export * from "./autoscaling_training.ts";
export * from "./checkpoints.ts";
export * from "./dataset_collection.ts";
export * from "./dataset_options.ts";
export * from "./dataset_report.ts";
export * from "./dataset_traffic.ts";
export * from "./default_simulations.ts";
export * from "./evaluation_record.ts";
export * from "./expert_dataset.ts";
export * from "./fluid_check.ts";
export * from "./learning_figures.ts";
export * from "./load_balancing_comparison.ts";
export * from "./load_balancing_models.ts";
export * from "./load_balancing_options.ts";
export * from "./load_balancing_report.ts";
export * from "./load_balancing_reproduction.ts";
export * from "./model_description.ts";
export * from "./model_files.ts";
export * from "./observation_lines.ts";
export * from "./offline_files.ts";
export * from "./published_runs.ts";
export * from "./q_learning_run.ts";
export * from "./reference_scores.ts";
export * from "./reproduction.ts";
export * from "./run_logs.ts";
export * from "./run_paths.ts";
export * from "./run_trainer.ts";
export * from "./script_training.ts";
export * from "./sdn_options.ts";
export * from "./simulation_manager.ts";
export * from "./single_sim.ts";
export * from "./text_lines.ts";
export * from "./topology_files.ts";
export * from "./traffic_script.ts";
export * from "./training_loops.ts";
export * from "./training_material.ts";
export * from "./training_pipeline.ts";
export * from "./training_run.ts";
export * from "./verification.ts";
export * as control from "./control/mod.ts";
export * as demo from "./demo/mod.ts";
export * as gridSearch from "./grid_search/mod.ts";
export * as queueingData from "./queueing_data/mod.ts";
export * as queueingLearning from "./queueing_learning/mod.ts";
export * as simulation from "./simulation/mod.ts";
