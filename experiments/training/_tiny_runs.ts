/**
 * Runs of a second, for tests: small networks, and checkpoints that fall in
 * the midst of episodes and rollouts.
 *
 * @module
 */
import type { EnvironmentSpec } from "../../envs/registry.ts";
import type { QLearningRun } from "./q_learning_run.ts";
import type { TrainingRun } from "./training_run.ts";

/** A service with everything that has a state: load, boot delays, cooldown. */
const SERVICE: EnvironmentSpec = {
  id: "Autoscaling-v1",
  options: {
    pattern: "POISSON",
    randomStart: true,
    episodeSteps: 23,
    bootDelay: { distribution: "lognormal", meanSeconds: 500 },
    cooldownSteps: 1,
    maskActions: true,
  },
};

/** A run of a few steps. */
export function tinyRun(
  run:
    & Pick<TrainingRun, "name" | "agent" | "settings" | "copies">
    & { environment?: EnvironmentSpec },
): TrainingRun {
  const environment = run.environment ?? SERVICE;
  return {
    ...run,
    task: `train-${run.agent}`,
    environment,
    evaluationEnvironment: environment,
    tests: [{ name: "POISSON", spec: environment }],
    evaluationEpisodes: 2,
    evaluationSeed: 10_000,
    evaluateEvery: 100,
    checkpointEvery: 70,
    logEvery: 40,
    seed: 3,
    totalTimesteps: 400,
    device: "native",
    bestPath: `models/best/${run.agent}_best_model.zip`,
    evaluationsPath: `logs/${run.agent}_eval/evaluations.npz`,
  };
}

/** Deep Q-networks with everything switched on, and a memory that wraps. */
export const TINY_DQN: TrainingRun = tinyRun({
  name: "tiny_dqn",
  agent: "dqn",
  copies: 1,
  settings: {
    netArch: [8],
    bufferSize: 250,
    learningStarts: 30,
    explorationFraction: 0.5,
    explorationFinalEps: 0.5,
    batchSize: 8,
    trainFreq: 30,
    gradientSteps: 8,
    targetUpdateInterval: 45,
    nSteps: 3,
    doubleQ: true,
    dueling: true,
    prioritizedReplay: true,
  },
});

/** PPO with everything switched on; checkpoints fall within rollouts. */
export const TINY_PPO: TrainingRun = tinyRun({
  name: "tiny_ppo",
  agent: "ppo",
  copies: 3,
  settings: {
    netArch: [8],
    learningRateSchedule: "linear",
    clipRangeSchedule: "linear",
    clipRangeVf: 0.2,
    nSteps: 11,
    batchSize: 11,
    nEpochs: 2,
    normalizeObservations: true,
    normalizeRewards: true,
  },
});

/** PPO with Gaussian actions. */
export const TINY_PENDULUM: TrainingRun = {
  ...tinyRun({
    name: "tiny_pendulum",
    agent: "ppo",
    copies: 2,
    environment: { id: "Pendulum-v1", options: {} },
    settings: { netArch: [8], nSteps: 20, batchSize: 20, nEpochs: 2 },
  }),
  // Episodes are of 200 steps.
  evaluationEpisodes: 1,
};

/** SAC-GRU; checkpoints fall within sequences. */
export const TINY_SAC_GRU: TrainingRun = tinyRun({
  name: "tiny_sac_gru",
  agent: "sac-gru",
  copies: 3,
  settings: {
    netArch: [8],
    gruUnits: 4,
    learningStarts: 30,
    batchSize: 4,
    sequenceLength: 5,
    burnIn: 2,
    trainFreq: 9,
    bufferSize: 100,
  },
});

/** QMIX over balancers; checkpoints fall within pieces of episodes. */
export const TINY_QMIX: TrainingRun = {
  ...tinyRun({
    name: "tiny_qmix",
    agent: "qmix",
    copies: 1,
    environment: {
      id: "MultiAgentLoadBalance-v1",
      options: { numAgents: 2, serversPerAgent: 2 },
    },
    settings: {
      netArch: [8],
      hiddenSize: 4,
      mixingEmbedDim: 4,
      hypernetEmbedDim: 8,
      sequenceLength: 9,
      batchSize: 4,
      bufferSize: 20,
      targetUpdateInterval: 3,
      epsilonAnnealTime: 200,
    },
  }),
  evaluationEpisodes: 1,
};

/** A table in a world with random boot delays. */
export const TINY_TABLE: QLearningRun = {
  name: "tiny_table",
  environment: {
    id: "Autoscaling-v1",
    options: { ...SERVICE.options, maskActions: false, mode: "default" },
  },
  states: "demand-ratio",
  settings: { epsilonDecay: 0.99 },
  episodes: 450,
  checkpointEvery: 90,
  seed: 3,
  tests: [{ name: "POISSON", spec: SERVICE }],
};
