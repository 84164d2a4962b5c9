/**
 * Settings.
 *
 * @module
 */
export * from "./autoscaling.ts";
export * from "./load_balancing.ts";
export * from "./qmix.ts";
export * from "./queueing.ts";
export * from "./reference.ts";
export * from "./routing.ts";
export * from "./sac.ts";
