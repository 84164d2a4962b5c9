/**
 * Routing.
 *
 * @module
 */
export * from "./comparison.ts";
export * from "./comparison_figures.ts";
export * from "./ddpg_options.ts";
export * from "./ddpg_training.ts";
export * from "./evaluation.ts";
export * from "./hourly_expert.ts";
export * from "./imitation.ts";
export * from "./live_comparison.ts";
export * from "./mixed_behaviour.ts";
export * from "./network_use.ts";
export * from "./recorded_environment.ts";
export * from "./reproduction.ts";
export * from "./study_report.ts";
export * from "./training_report.ts";
