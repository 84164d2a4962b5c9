/**
 * Settings for the autoscaling environment.
 *
 * @module
 */
import type { DqnSettings } from "../dqn/dqn.ts";
import type { PpoSettings } from "../ppo/ppo.ts";
import type { QLearningSettings } from "../q_learning/q_learning.ts";

/**
 * DQN. Buffer, batch, update and exploration intervals are the original's
 * (Stable-Baselines3 2.7 in its training scripts); learning rate, discount,
 * n-step returns and double estimates were chosen on validation starts.
 */
export const DQN_AUTOSCALING: Partial<DqnSettings> = {
  learningRate: 1e-3,
  learningRateSchedule: "linear",
  bufferSize: 100_000,
  learningStarts: 1000,
  batchSize: 64,
  gamma: 0.95,
  trainFreq: 4,
  gradientSteps: 1,
  targetUpdateInterval: 1000,
  explorationFraction: 0.3,
  explorationFinalEps: 0.05,
  doubleQ: true,
  nSteps: 3,
};

/** PPO. Chosen on validation starts. */
export const PPO_AUTOSCALING: Partial<PpoSettings> = {
  learningRate: 1e-3,
  learningRateSchedule: "linear",
  nSteps: 64,
  batchSize: 128,
  nEpochs: 10,
  gamma: 0.9,
  gaeLambda: 0.8,
  entCoef: 0,
  activation: "relu",
  normalizeRewards: true,
};

/** Copies of the environment that PPO steps together. */
export const PPO_AUTOSCALING_COPIES = 8;

/** The original's table: 10,000 episodes on its 400 states. */
export const Q_LEARNING_ORIGINAL: QLearningSettings = {
  alpha: 0.1,
  gamma: 0.99,
  epsilon: 1,
  epsilonMinimum: 0.01,
  epsilonDecay: 0.9995,
};
