/**
 * Minari.
 *
 * @module
 */
export * from "./episodes.ts";
export * from "./minari_dataset.ts";
export * from "./minari_steps.ts";
export * from "./source.ts";
