/**
 * Learning from recorded steps: cloning, TD3+BC, IQL.
 *
 * @module
 */
export * from "./cloning_learner.ts";
export * from "./iql_learner.ts";
export * from "./offline.ts";
export * from "./offline_data.ts";
export * from "./offline_learner.ts";
