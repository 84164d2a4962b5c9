/**
 * Training, comparing and reporting on who scales a service.
 *
 * @module
 */
export * from "./comparison.ts";
export * from "./options.ts";
export * from "./report.ts";
export * from "./table_training.ts";
export * from "./training.ts";
