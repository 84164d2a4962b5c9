/**
 * The soft actor-critic, with memory and for teams.
 *
 * @module
 */
export * from "./independent_sac.ts";
export * from "./memory_networks.ts";
export * from "./sac_gru.ts";
export * from "./sac_gru_agent.ts";
export * from "./sac_settings.ts";
export * from "./sequence_replay.ts";
