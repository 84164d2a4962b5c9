/**
 * Queueing data.
 *
 * @module
 */
export * from "./generation.ts";
export * from "./generator_options.ts";
export * from "./generator_script.ts";
export * from "./grid.ts";
export * from "./line_queues.ts";
export * from "./read_rows.ts";
export * from "./row_format.ts";
export * from "./windows.ts";
