/**
 * Who steers: learning agents, what they learn from and are scored by, and
 * hand-written policies.
 *
 * @module
 */
export * from "./arena_agent.ts";
export * from "./evaluation.ts";
export * from "./model.ts";
export * from "./model_environment.ts";
export * from "./policy.ts";
export * from "./replay.ts";
export * from "./sum_tree.ts";
export * from "./team.ts";
export * from "./trainer.ts";
export * as ddpg from "./ddpg/mod.ts";
export * as dqn from "./dqn/mod.ts";
export * as exports from "./exports/mod.ts";
export * as offline from "./offline/mod.ts";
export * as ppo from "./ppo/mod.ts";
export * as qLearning from "./q_learning/mod.ts";
export * as qmix from "./qmix/mod.ts";
export * as rules from "./rules/mod.ts";
export * as sacGru from "./sac_gru/mod.ts";
export * as settings from "./settings/mod.ts";
export * as stachenfeld2018 from "./stachenfeld_2018/mod.ts";
export * as weber2018 from "./weber_2018/mod.ts";
