/**
 * Settings of the soft actor-critic. Chosen on validation starts.
 *
 * @module
 */
import type { SacSettings } from "../sac_settings.ts";
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
