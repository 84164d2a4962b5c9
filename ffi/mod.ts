/**
 * The native library: reservoirs, shared memory, compiled plans, and what stands
 * in where it is not built.
 *
 * @module
 */
export * from "./build.ts";
export * from "./library.ts";
export * from "./multi_metric_reservoir.ts";
export * from "./plan.ts";
export * from "./plasticity.ts";
export * from "./rate_table.ts";
export * from "./reservoir.ts";
export * from "./reservoir_features.ts";
export * from "./shared_memory.ts";
export * from "./shared_memory_layout.ts";
export * from "./shared_memory_messages.ts";
export * from "./shared_memory_status.ts";
