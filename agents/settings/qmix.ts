/**
 * Settings of QMIX: those of its two best-known implementations, and what the
 * games of its papers are solved with here.
 *
 * @module
 */
import type { QmixSettings } from "../qmix/qmix_settings.ts";

/**
 * PyMARL's `qmix` (Samvelyan et al., 2019): RMSprop, one-step targets. Its
 * second layer of hypernetworks is what `QMIX_DEFAULTS` has already.
 */
export const QMIX_PYMARL: Partial<QmixSettings> = {
  optimizer: "rmsprop",
  learningRate: 5e-4,
  tdLambda: 0,
};

/** PyMARL's `vdn`. */
export const VDN_PYMARL: Partial<QmixSettings> = {
  ...QMIX_PYMARL,
  mixer: "vdn",
};

/**
 * Pymarl2's `qmix` (Hu et al., 2021): Adam, TD(0.6), batches of 128 episodes,
 * exploration over 100,000 steps.
 */
export const QMIX_PYMARL2: Partial<QmixSettings> = {
  batchSize: 128,
  epsilonAnnealTime: 100_000,
};

/**
 * The games of few steps that have known answers, from random actions alone:
 * 2000 steps reach 8 in the two-step game, and 7 where utilities are added.
 * One-step targets, for longer returns are those of the random actions taken.
 */
export const QMIX_GAMES: Partial<QmixSettings> = {
  learningRate: 1e-2,
  learningRateSchedule: "linear",
  bufferSize: 500,
  targetUpdateInterval: 20,
  epsilonFinish: 1,
  netArch: [16],
  hiddenSize: 16,
  mixingEmbedDim: 8,
  hypernetEmbedDim: 16,
  tdLambda: 0,
};
