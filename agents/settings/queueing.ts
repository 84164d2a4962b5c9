/**
 * Settings for the environment in which a service with retries is brought back.
 *
 * @module
 */
import type { DqnSettings } from "../dqn/dqn.ts";
import type { PpoSettings } from "../ppo/ppo.ts";

/** PPO. */
export const PPO_QUEUEING: Partial<PpoSettings> = {
  learningRate: 1e-3,
  learningRateSchedule: "linear",
  nSteps: 80,
  batchSize: 128,
  nEpochs: 10,
  gamma: 0.95,
  gaeLambda: 0.9,
  entCoef: 0.01,
};

/** Copies of the environment that PPO steps together. */
export const PPO_QUEUEING_COPIES = 8;

/** DQN. */
export const DQN_QUEUEING: Partial<DqnSettings> = {
  learningRate: 1e-3,
  learningRateSchedule: "linear",
  bufferSize: 50_000,
  learningStarts: 1000,
  batchSize: 64,
  gamma: 0.95,
  trainFreq: 4,
  gradientSteps: 1,
  targetUpdateInterval: 500,
  explorationFraction: 0.4,
  explorationFinalEps: 0.05,
  doubleQ: true,
  nSteps: 3,
};
