/**
 * Published.
 *
 * @module
 */
export * from "./documents.ts";
export * from "./figure_check.ts";
export * from "./front_figures.ts";
export * from "./markdown.ts";
export * from "./numbers.ts";
export * from "./parts.ts";
export * from "./regeneration.ts";
export * from "./tables.ts";
export * from "./wording.ts";
