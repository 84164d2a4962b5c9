/**
 * Settings of DDPG and TD3.
 *
 * @module
 */
import type { Schedule } from "../../learning/schedules.ts";

/** Settings of DDPG and TD3; names that it has are Stable-Baselines3's. */
export interface DdpgSettings {
  /** Adam's learning rate of the policy. Default 1e-3. */
  learningRate: number;
  /** Adam's learning rate of the critics. Default 1e-3. */
  criticLearningRate: number;
  /** How the learning rates change. Default constant. */
  learningRateSchedule: Schedule;
  /** Transitions that are remembered. Default 1,000,000. */
  bufferSize: number;
  /** Steps of random actions before learning begins. Default 100. */
  learningStarts: number;
  /**
   * Whether actions are random before learning begins; else the policy's, with
   * noise, as one that was trained before needs it. Default true.
   */
  randomStart: boolean;
  /**
   * Updates before the policy moves: values are learned first where it was
   * trained before. Default 0.
   */
  policyStarts: number;
  /** Transitions an update. Default 256. */
  batchSize: number;
  /** Share of the new weights in the targets after each update. Default 0.005. */
  tau: number;
  /** Discount factor. Default 0.99. */
  gamma: number;
  /** Steps between updates, over all copies. Default 1. */
  trainFreq: number;
  /** Updates at a time; -1 for as many as steps were taken. Default 1. */
  gradientSteps: number;
  /** Critics, of whose estimates the smaller counts: 1 or 2. Default 1, TD3 2. */
  critics: number;
  /** Updates of the critics for each of the policy. Default 1, TD3 2. */
  policyDelay: number;
  /**
   * Standard deviation of the noise on the target's actions, which lie from -1
   * to 1. Default 0, TD3 0.2.
   */
  targetPolicyNoise: number;
  /** Largest size of that noise. Default 0.5. */
  targetNoiseClip: number;
  /**
   * First standard deviation of the noise on actions that are tried; actions
   * lie from -1 to 1. Default 0.1.
   */
  actionNoise: number;
  /** Last standard deviation of that noise. Default 0.1. */
  finalActionNoise: number;
  /** Share of the training over which it falls. Default 0.6. */
  noiseFraction: number;
  /**
   * Weight of the policy's value against its squared distance to the actions
   * of the data: alpha of TD3+BC. Null: the value alone. Default null.
   */
  behaviourCloning: number | null;
  /** Largest norm of each gradient; null for any. Default null. */
  maxGradNorm: number | null;
  /** Widths of the hidden layers. Default 256, 256. */
  netArch: readonly number[];
}

/** Stable-Baselines3's defaults, with its TD3's noise and smaller networks. */
export const DDPG_DEFAULTS: DdpgSettings = {
  learningRate: 1e-3,
  criticLearningRate: 1e-3,
  learningRateSchedule: "constant",
  bufferSize: 1_000_000,
  learningStarts: 100,
  randomStart: true,
  policyStarts: 0,
  batchSize: 256,
  tau: 0.005,
  gamma: 0.99,
  trainFreq: 1,
  gradientSteps: 1,
  critics: 1,
  policyDelay: 1,
  targetPolicyNoise: 0,
  targetNoiseClip: 0.5,
  actionNoise: 0.1,
  finalActionNoise: 0.1,
  noiseFraction: 0.6,
  behaviourCloning: null,
  maxGradNorm: null,
  netArch: [256, 256],
};

/** DDPG with TD3's three changes. */
export const TD3_DEFAULTS: DdpgSettings = {
  ...DDPG_DEFAULTS,
  critics: 2,
  policyDelay: 2,
  targetPolicyNoise: 0.2,
};

/** Names of the agents that these settings are for. */
export type DdpgName = "ddpg" | "td3";

/**
 * Settings with an agent's defaults filled in.
 *
 * @param agent Whose defaults.
 * @param given Throws `RangeError` for those that mean nothing.
 */
export function ddpgSettings(
  agent: DdpgName,
  given: Partial<DdpgSettings> = {},
): DdpgSettings {
  const defaults = agent === "td3" ? TD3_DEFAULTS : DDPG_DEFAULTS;
  const settings = { ...defaults, ...given };
  const { critics, policyDelay, behaviourCloning } = settings;
  if (critics !== 1 && critics !== 2) {
    throw new RangeError(
      `Cannot learn with ${critics} critics, expected 1 or 2`,
    );
  }
  if (!Number.isInteger(policyDelay) || policyDelay < 1) {
    throw new RangeError(
      `Cannot update the policy every ${policyDelay} updates, expected a whole number from 1`,
    );
  }
  if (behaviourCloning !== null && !(behaviourCloning > 0)) {
    throw new RangeError(
      `Cannot weigh values by ${behaviourCloning} against the data, expected a number above 0 or null`,
    );
  }
  for (
    const name of [
      "targetPolicyNoise",
      "targetNoiseClip",
      "actionNoise",
      "finalActionNoise",
    ] as const
  ) {
    if (!(settings[name] >= 0 && settings[name] < Infinity)) {
      throw new RangeError(
        `Cannot use ${settings[name]} as ${name}, expected a number from 0`,
      );
    }
  }
  return settings;
}
