/**
 * Teams that learn from one value: QMIX, VDN, independent Q.
 *
 * @module
 */
export * from "./episode_replay.ts";
export * from "./mixing.ts";
export * from "./qmix.ts";
export * from "./qmix_agent.ts";
export * from "./qmix_learner.ts";
export * from "./qmix_policy.ts";
export * from "./qmix_settings.ts";
export * from "./qmix_update.ts";
export * from "./td_lambda.ts";
export * from "./utility_network.ts";
