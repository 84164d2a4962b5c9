/**
 * Deep Q-networks.
 *
 * @module
 */
export * from "./dqn.ts";
export * from "./n_step.ts";
