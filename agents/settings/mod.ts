/**
 * Settings.
 *
 * @module
 */
export * from "./autoscaling.ts";
export * from "./reference.ts";
