/**
 * Settings of the agents that runs train.
 *
 * @module
 */
import type { DdpgSettings } from "../../agents/ddpg/ddpg_settings.ts";
import type { DqnSettings } from "../../agents/dqn/dqn.ts";
import type { OfflineSettings } from "../../agents/offline/offline.ts";
import type { PpoSettings } from "../../agents/ppo/ppo.ts";
import type { QmixSettings } from "../../agents/qmix/qmix_settings.ts";
import type { SacSettings } from "../../agents/sac_gru/sac_settings.ts";

/** Settings of one agent or another. */
export type AgentSettings =
  | DdpgSettings
  | DqnSettings
  | OfflineSettings
  | PpoSettings
  | QmixSettings
  | SacSettings;
