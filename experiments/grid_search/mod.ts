/**
 * Grid search.
 *
 * @module
 */
export * from "./cell.ts";
export * from "./grid.ts";
export * from "./grid_report.ts";
export * from "./pool.ts";
export * from "./search_progress.ts";
