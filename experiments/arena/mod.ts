/**
 * What the models of arenas reproduce, and its figures.
 *
 * @module
 */
export * from "./figures.ts";
export * from "./report.ts";
export * from "./reproduction.ts";
