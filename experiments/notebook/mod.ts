/**
 * Notebook.
 *
 * @module
 */
export * from "./budget.ts";
export * from "./cell_stream.ts";
export * from "./kernel.ts";
export * from "./show.ts";
export * from "./with_progress.ts";
