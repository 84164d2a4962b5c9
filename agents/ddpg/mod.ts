/**
 * Deterministic policy gradients: DDPG and TD3.
 *
 * @module
 */
export * from "./ddpg.ts";
export * from "./ddpg_learner.ts";
export * from "./ddpg_settings.ts";
