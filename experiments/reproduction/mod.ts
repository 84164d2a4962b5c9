/**
 * Published runs and the scores they are held against.
 *
 * @module
 */
export * from "./published_runs.ts";
export * from "./reference_scores.ts";
export * from "./reproduction.ts";
