/**
 * Who steers: learning agents and hand-written policies.
 *
 * @module
 */
export * from "./actor.ts";
export * from "./arena_agent.ts";
export * from "./cloning_learner.ts";
export * from "./ddpg.ts";
export * from "./ddpg_learner.ts";
export * from "./ddpg_settings.ts";
export * from "./discretisers.ts";
export * from "./dqn.ts";
export * from "./episode_replay.ts";
export * from "./evaluation.ts";
export * from "./independent_sac.ts";
export * from "./iql_learner.ts";
export * from "./memory_networks.ts";
export * from "./mixing.ts";
export * from "./model.ts";
export * from "./n_step.ts";
export * from "./offline.ts";
export * from "./offline_data.ts";
export * from "./offline_learner.ts";
export * from "./policy.ts";
export * from "./ppo.ts";
export * from "./q_learning.ts";
export * from "./qmix.ts";
export * from "./qmix_agent.ts";
export * from "./qmix_learner.ts";
export * from "./qmix_policy.ts";
export * from "./qmix_settings.ts";
export * from "./qmix_update.ts";
export * from "./replay.ts";
export * from "./rollout.ts";
export * from "./running_statistics.ts";
export * from "./sac_gru.ts";
export * from "./sac_gru_agent.ts";
export * from "./sac_settings.ts";
export * from "./sequence_replay.ts";
export * from "./stachenfeld_2018.ts";
export * from "./stachenfeld_2018_parameters.ts";
export * from "./state_grid.ts";
export * from "./successor_matrix.ts";
export * from "./sum_tree.ts";
export * from "./tabular_world.ts";
export * from "./td_lambda.ts";
export * from "./team.ts";
export * from "./trainer.ts";
export * from "./utility_network.ts";
export * from "./weber_2018.ts";
export * from "./weber_2018_inputs.ts";
export * from "./weber_2018_parameters.ts";
export * from "./weber_spacing.ts";
export * as rules from "./rules/mod.ts";
export * as settings from "./settings/mod.ts";
