/**
 * Who steers: learning agents and hand-written policies.
 *
 * @module
 */
export * from "./actor.ts";
export * from "./discretisers.ts";
export * from "./dqn.ts";
export * from "./evaluation.ts";
export * from "./model.ts";
export * from "./n_step.ts";
export * from "./policy.ts";
export * from "./ppo.ts";
export * from "./q_learning.ts";
export * from "./replay.ts";
export * from "./rollout.ts";
export * from "./running_statistics.ts";
export * from "./sum_tree.ts";
export * from "./tabular_world.ts";
export * from "./trainer.ts";
export * as rules from "./rules/mod.ts";
export * as settings from "./settings/mod.ts";
