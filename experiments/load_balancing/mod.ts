/**
 * Training, comparing and reporting on who balances load.
 *
 * @module
 */
export * from "./comparison.ts";
export * from "./models.ts";
export * from "./options.ts";
export * from "./report.ts";
export * from "./reproduction.ts";
export * from "./tables.ts";
export * from "./training_pipeline.ts";
export * from "./weight_scan.ts";
export * from "./weights_over_time.ts";
