/**
 * Autoscaling.
 *
 * @module
 */
export * from "./autoscaling_env.ts";
export * from "./autoscaling_vector_env.ts";
export * from "./billing.ts";
export * from "./fleet.ts";
export * from "./legacy_cost.ts";
export * from "./observation.ts";
export * from "./optimum.ts";
export * from "./options.ts";
export * from "./patterns.ts";
export * from "./queueing_formulas.ts";
export * from "./service.ts";
export * from "./service_level.ts";
export * from "./trace_azure.ts";
export * from "./trace_csv.ts";
export * from "./trace_preparation.ts";
export * from "./trace_worldcup.ts";
export * from "./traces.ts";
