/**
 * Proximal policy optimisation.
 *
 * @module
 */
export * from "./actor.ts";
export * from "./ppo.ts";
export * from "./rollout.ts";
export * from "./running_statistics.ts";
