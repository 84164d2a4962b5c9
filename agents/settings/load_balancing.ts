/**
 * Settings for load balancing. Chosen on the moderate set-up, by seeds that no
 * table is made of.
 *
 * @module
 */
import type { QmixSettings } from "../qmix_settings.ts";
import type { SacSettings } from "../sac_settings.ts";

/**
 * QMIX on weight levels. A step's weights show in the queues of the next second
 * or so: a discount of 0.8 looks five steps ahead. Episodes are remembered in
 * pieces of ten steps, each of which is followed by an update.
 */
export const QMIX_LOAD_BALANCING: Partial<QmixSettings> = {
  learningRateSchedule: "linear",
  bufferSize: 2000,
  batchSize: 32,
  sequenceLength: 10,
  gamma: 0.8,
  tdLambda: 0.6,
  targetUpdateInterval: 20,
  epsilonAnnealTime: 14_000,
  netArch: [32],
  hiddenSize: 32,
  mixingEmbedDim: 16,
  hypernetEmbedDim: 32,
};

/** Independent Q-learners: the same without a mixer, each its own network. */
export const Q_LEARNING_LOAD_BALANCING: Partial<QmixSettings> = {
  ...QMIX_LOAD_BALANCING,
  mixer: "none",
  shareParameters: false,
};

/**
 * SAC-GRU on weight levels, for one agent or for each. A step's reward is about
 * 0.05 and what weights change about it 0.01, less than critics begin with by
 * chance: scaled by 10 it is learned at once (over SED's time by 0 % in place
 * of 3 %, one seed).
 */
export const SAC_LOAD_BALANCING: Partial<SacSettings> = {
  recurrent: true,
  learningRate: 1e-3,
  learningRateSchedule: "linear",
  learningStarts: 500,
  trainFreq: 4,
  batchSize: 32,
  sequenceLength: 10,
  burnIn: 2,
  gamma: 0.5,
  tau: 0.02,
  maxGradNorm: 10,
  rewardScale: 10,
  targetEntropyFraction: 0.3,
  netArch: [32],
  gruUnits: 16,
};
