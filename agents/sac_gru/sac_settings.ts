/**
 * Settings of the soft actor-critic.
 *
 * @module
 */
import type { Schedule } from "../../learning/schedules.ts";

/** Settings of SAC and SAC-GRU; names that it has are Stable-Baselines3's. */
export interface SacSettings {
  /** Adam's learning rate, of all networks and the temperature. Default 3e-4. */
  learningRate: number;
  /** How the learning rate changes. Default constant. */
  learningRateSchedule: Schedule;
  /** Steps that are remembered. Default 1,000,000, with memory 100,000. */
  bufferSize: number;
  /** Steps of random actions before learning begins. Default 100. */
  learningStarts: number;
  /** Transitions an update, default 256; with memory sequences, default 16. */
  batchSize: number;
  /**
   * Share of the new weights in the targets after each update. Default 0.005,
   * with memory 0.02.
   */
  tau: number;
  /** Discount factor. Default 0.99. */
  gamma: number;
  /** Steps between updates, over all copies. Default 1. */
  trainFreq: number;
  /** Updates at a time; -1 for as many as steps were taken. Default 1. */
  gradientSteps: number;
  /** Largest norm of each gradient; null for any. Default null. */
  maxGradNorm: number | null;
  /** Factor of the rewards that are learned from. Default 1. */
  rewardScale: number;
  /** First temperature. Default 1. */
  temperature: number;
  /** Whether the temperature is tuned towards an entropy. Default true. */
  tuneTemperature: boolean;
  /**
   * The entropy to aim at, as a share of the largest, which is the sum of log
   * |A| over the heads, counting what is allowed. From 0 to 1, 1 excluded: near
   * 1 the temperature grows without bound. Of continuous actions, the aim is
   * minus their number. Default 0.8.
   */
  targetEntropyFraction: number;
  /**
   * Widths of each network's hidden layers, behind the memory. Default 256,
   * 256, with memory 128.
   */
  netArch: readonly number[];
  /** Whether the networks have memories. Default true. */
  recurrent: boolean;
  /** Gated recurrent units of each network. Default 128. */
  gruUnits: number;
  /** Widths of the layers before the memory. Default none. */
  encoderArch: readonly number[];
  /** Steps of a sequence that are learned from. Default 16. */
  sequenceLength: number;
  /** Steps before them, which only refresh the memory. Default 4. */
  burnIn: number;
}

/** Stable-Baselines3's defaults: without memory. */
export const SAC_DEFAULTS: SacSettings = {
  learningRate: 3e-4,
  learningRateSchedule: "constant",
  bufferSize: 1_000_000,
  learningStarts: 100,
  batchSize: 256,
  tau: 0.005,
  gamma: 0.99,
  trainFreq: 1,
  gradientSteps: 1,
  maxGradNorm: null,
  rewardScale: 1,
  temperature: 1,
  tuneTemperature: true,
  targetEntropyFraction: 0.8,
  netArch: [256, 256],
  recurrent: false,
  gruUnits: 128,
  encoderArch: [],
  sequenceLength: 16,
  burnIn: 4,
};

/** Defaults with memory: as many steps an update, in 16 sequences. */
export const SAC_GRU_DEFAULTS: SacSettings = {
  ...SAC_DEFAULTS,
  recurrent: true,
  bufferSize: 100_000,
  batchSize: 16,
  tau: 0.02,
  netArch: [128],
};

/**
 * Settings with the defaults filled in: {@linkcode SAC_GRU_DEFAULTS}, or where
 * `recurrent` is false {@linkcode SAC_DEFAULTS} with one step a sequence.
 *
 * @param given Throws `RangeError` for those that mean nothing.
 */
export function fullSacSettings(given: Partial<SacSettings> = {}): SacSettings {
  const defaults = given.recurrent === false ? SAC_DEFAULTS : SAC_GRU_DEFAULTS;
  const settings = { ...defaults, ...given };
  const { targetEntropyFraction, temperature, sequenceLength, burnIn } =
    settings;
  for (const name of ["netArch", "encoderArch"] as const) {
    if (!Array.isArray(settings[name])) {
      throw new TypeError(
        `Cannot make layers of ${name} ${
          JSON.stringify(settings[name])
        }, expected a list of widths`,
      );
    }
  }
  if (!(targetEntropyFraction >= 0 && targetEntropyFraction < 1)) {
    throw new RangeError(
      `Cannot aim at ${targetEntropyFraction} of the largest entropy, expected a share from 0 to 1, 1 excluded`,
    );
  }
  if (!(temperature > 0 && temperature < Infinity)) {
    throw new RangeError(
      `Cannot begin with a temperature of ${temperature}, expected one above 0`,
    );
  }
  const lengths = [sequenceLength - 1, burnIn];
  if (!lengths.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new RangeError(
      `Cannot learn from ${sequenceLength} steps after ${burnIn}, expected whole numbers from 1 and from 0`,
    );
  }
  return settings.recurrent
    ? settings
    : { ...settings, sequenceLength: 1, burnIn: 0 };
}
