/**
 * Control.
 *
 * @module
 */
export * from "./controller.ts";
export * from "./controller_report.ts";
export * from "./data_plane_side.ts";
export * from "./latencies.ts";
export * from "./model_settings.ts";
export * from "./plane_report.ts";
export * from "./plane_settings.ts";
export * from "./run_side.ts";
export * from "./side_logs.ts";
export * from "./weight_policy.ts";
export * from "./weights.ts";
