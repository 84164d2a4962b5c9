/**
 * Settings for load balancing. Chosen on the moderate set-up, by seeds that no
 * table is made of.
 *
 * @module
 */
import type { QmixSettings } from "../qmix/qmix_settings.ts";
import type { SacSettings } from "../sac_gru/sac_settings.ts";

/**
 * QMIX on weight levels. A step's weights show in the queues at its end and a
 * little after: a discount of 0.5 looks two steps ahead. Episodes are
 * remembered in pieces of ten steps, each of which is followed by an update. A
 * step's reward is about 0.05 and what weights change about it 0.01, less than
 * networks begin with by chance, so that it is scaled by 10.
 */
export const QMIX_LOAD_BALANCING: Partial<QmixSettings> = {
  learningRateSchedule: "linear",
  bufferSize: 2000,
  batchSize: 32,
  sequenceLength: 10,
  gamma: 0.5,
  rewardScale: 10,
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
 * SAC-GRU on weight levels, for one agent or for each. Without the scale of
 * rewards it came to 3 % above SED's time, with it to 0 % (one seed).
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
