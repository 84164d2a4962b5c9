/**
 * Settings for routing.
 *
 * @module
 */
import type { DdpgSettings } from "../ddpg/ddpg_settings.ts";

/**
 * The original's DDPG: no random actions, noise that falls from 0.2 to 0.05
 * over 60 % of the training, an update a step from the first batch on.
 */
export const DDPG_ROUTING: Partial<DdpgSettings> = {
  learningRate: 1e-4,
  criticLearningRate: 1e-3,
  gamma: 0.99,
  tau: 1e-3,
  batchSize: 64,
  bufferSize: 200_000,
  learningStarts: 64,
  randomStart: false,
  actionNoise: 0.2,
  finalActionNoise: 0.05,
  noiseFraction: 0.6,
  netArch: [256, 256],
};

/**
 * What DDPG and TD3 on recorded steps alone are: TD3+BC without the cloning.
 * Their policies seek what critics overestimate.
 */
export const OFFLINE_WITHOUT_CLONING: Readonly<
  Record<"ddpg" | "td3", Partial<DdpgSettings>>
> = {
  ddpg: {
    critics: 1,
    policyDelay: 1,
    targetPolicyNoise: 0,
    behaviourCloning: null,
  },
  td3: { behaviourCloning: null },
};

/**
 * TD3 from an imitated expert, where actions do not change what comes: no
 * discount. Good weights lie close together: noise is small, critics learn
 * first, and the policy is held near what it did (Fujimoto and Gu's term, over
 * the replay memory), by which a critic's errors stay harmless.
 */
export const TD3_ROUTING_STUDY: Partial<DdpgSettings> = {
  gamma: 0,
  learningStarts: 300,
  randomStart: false,
  policyStarts: 3000,
  learningRate: 3e-5,
  criticLearningRate: 1e-3,
  batchSize: 128,
  actionNoise: 0.02,
  finalActionNoise: 0.02,
  targetPolicyNoise: 0,
  behaviourCloning: 0.005,
};

/** TD3+BC on recorded steps of the same task. */
export const TD3_BC_ROUTING: Partial<DdpgSettings> = {
  gamma: 0,
  learningRate: 3e-4,
  criticLearningRate: 1e-3,
  batchSize: 128,
  targetPolicyNoise: 0,
  behaviourCloning: 0.02,
};
