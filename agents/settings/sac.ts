/**
 * Settings of the soft actor-critic. Chosen on validation starts.
 *
 * @module
 */
import type { SacSettings } from "../sac_gru/sac_settings.ts";
import type { TunedSettings } from "./reference.ts";

/** SAC without memory on Pendulum-v1: SB3's, with smaller networks. */
export const SAC_PENDULUM: TunedSettings<SacSettings> = {
  totalTimesteps: 20_000,
  copies: 1,
  settings: {
    recurrent: false,
    learningRate: 1e-3,
    learningStarts: 500,
    batchSize: 128,
    gamma: 0.98,
    tau: 0.02,
    netArch: [64, 64],
  },
};

/**
 * SAC-GRU on PendulumPosition-v1, where the speed is not seen. With sequences
 * of 8 steps, a rate of 1e-3 and a discount of 0.98 it had learned nothing
 * after 20,000 steps.
 */
export const SAC_GRU_PENDULUM_POSITION: TunedSettings<SacSettings> = {
  totalTimesteps: 50_000,
  copies: 1,
  settings: {
    recurrent: true,
    learningRate: 3e-3,
    learningRateSchedule: "linear",
    learningStarts: 1000,
    trainFreq: 2,
    batchSize: 16,
    sequenceLength: 16,
    burnIn: 4,
    gamma: 0.95,
    tau: 0.02,
    netArch: [64],
    gruUnits: 32,
  },
};

/** SAC-GRU on Recall-v1, ten steps from cue to question. */
export const SAC_GRU_RECALL: TunedSettings<SacSettings> = {
  totalTimesteps: 20_000,
  copies: 8,
  settings: {
    recurrent: true,
    learningRate: 3e-3,
    learningStarts: 200,
    trainFreq: 8,
    batchSize: 24,
    sequenceLength: 11,
    burnIn: 0,
    gamma: 0.9,
    tau: 0.05,
    targetEntropyFraction: 0.3,
    netArch: [24],
    gruUnits: 16,
  },
};

/** The same without memory, which cannot do better than 0.5. */
export const SAC_RECALL: TunedSettings<SacSettings> = {
  ...SAC_GRU_RECALL,
  settings: { ...SAC_GRU_RECALL.settings, recurrent: false },
};
