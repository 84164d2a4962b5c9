/**
 * Settings of QMIX.
 *
 * @module
 */
import { type Schedule, scheduled } from "../../learning/schedules.ts";
import { type Mixer, MIXERS, type MixerShape } from "./mixing.ts";
import { inputSize, type Team } from "../team.ts";
import type { UtilityShape } from "./utility_network.ts";

/** The optimizers that QMIX is trained with. */
export const QMIX_OPTIMIZERS = ["adam", "rmsprop"] as const;

/** Settings of QMIX; names are PyMARL's where it has them. */
export interface QmixSettings {
  /** How utilities become the team's value. Default `qmix`. */
  mixer: Mixer;
  /** Default `adam`; PyMARL has `rmsprop`, with a rate of 5e-4. */
  optimizer: typeof QMIX_OPTIMIZERS[number];
  /** The optimizer's learning rate. Default 1e-3. */
  learningRate: number;
  /** How the learning rate changes. Default constant. */
  learningRateSchedule: Schedule;
  /** Episodes that are remembered. Default 5000. */
  bufferSize: number;
  /** Episodes an update. Default 32. */
  batchSize: number;
  /** Updates after each episode, once there is a batch. Default 1. */
  updatesPerEpisode: number;
  /**
   * Steps after which an episode is remembered in pieces, which begin with
   * what the agents remembered then. Default 0: episodes stay whole.
   */
  sequenceLength: number;
  /** Discount factor. Default 0.99. */
  gamma: number;
  /** Factor of the rewards that are learned from. Default 1. */
  rewardScale: number;
  /** Weight of longer returns in the targets; 0: one step. Default 0.6. */
  tdLambda: number;
  /** The online networks choose the targets' actions. Default true. */
  doubleQ: boolean;
  /** Episodes between updates of the target networks. Default 200. */
  targetUpdateInterval: number;
  /** Share of the new weights in the targets at each update. Default 1. */
  tau: number;
  /** Largest norm of a gradient. Default 10. */
  maxGradNorm: number;
  /** First share of random actions. Default 1. */
  epsilonStart: number;
  /** Last share of random actions. Default 0.05. */
  epsilonFinish: number;
  /** Steps over which it falls. Default 50,000. */
  epsilonAnnealTime: number;
  /** Widths of the agents' layers before the memory. Default 64. */
  netArch: readonly number[];
  /** Width of the agents' memory. Default 64. */
  hiddenSize: number;
  /** Gated recurrent units; else an ordinary layer. Default true. */
  recurrent: boolean;
  /** One network for all agents. Default true. */
  shareParameters: boolean;
  /** Agents are told which they are. Default true. */
  obsAgentId: boolean;
  /** Agents are told what they did last. Default true. */
  obsLastAction: boolean;
  /** Width of the mixing network. Default 32. */
  mixingEmbedDim: number;
  /** Width of the hypernetworks' hidden layer; 0: none. Default 64. */
  hypernetEmbedDim: number;
}

/**
 * PyMARL's sizes, with the optimizer and the lambda of its successor (Hu et
 * al., "Rethinking the Implementation Tricks and Monotonicity Constraint in
 * Cooperative Multi-Agent Reinforcement Learning", 2021).
 */
export const QMIX_DEFAULTS: QmixSettings = {
  mixer: "qmix",
  optimizer: "adam",
  learningRate: 1e-3,
  learningRateSchedule: "constant",
  bufferSize: 5000,
  batchSize: 32,
  updatesPerEpisode: 1,
  sequenceLength: 0,
  gamma: 0.99,
  rewardScale: 1,
  tdLambda: 0.6,
  doubleQ: true,
  targetUpdateInterval: 200,
  tau: 1,
  maxGradNorm: 10,
  epsilonStart: 1,
  epsilonFinish: 0.05,
  epsilonAnnealTime: 50_000,
  netArch: [64],
  hiddenSize: 64,
  recurrent: true,
  shareParameters: true,
  obsAgentId: true,
  obsLastAction: true,
  mixingEmbedDim: 32,
  hypernetEmbedDim: 64,
};

/** Smallest and largest values, and whether only whole numbers will do. */
const RANGES: readonly [keyof QmixSettings, number, number, boolean][] = [
  ["learningRate", 0, Infinity, false],
  ["bufferSize", 1, Infinity, true],
  ["batchSize", 1, Infinity, true],
  ["updatesPerEpisode", 1, Infinity, true],
  ["sequenceLength", 0, Infinity, true],
  ["gamma", 0, 1, false],
  ["rewardScale", 0, Infinity, false],
  ["tdLambda", 0, 1, false],
  ["targetUpdateInterval", 1, Infinity, true],
  ["tau", 0, 1, false],
  ["maxGradNorm", 0, Infinity, false],
  ["epsilonStart", 0, 1, false],
  ["epsilonFinish", 0, 1, false],
  ["epsilonAnnealTime", 0, Infinity, false],
  ["hiddenSize", 1, Infinity, true],
  ["mixingEmbedDim", 1, Infinity, true],
  ["hypernetEmbedDim", 0, Infinity, true],
];

/**
 * Settings with the defaults filled in.
 *
 * @param given Throws `RangeError` for values that mean nothing.
 */
export function qmixSettings(given: Partial<QmixSettings> = {}): QmixSettings {
  const settings = { ...QMIX_DEFAULTS, ...given };
  for (const [name, low, high, whole] of RANGES) {
    const value = settings[name] as number;
    if (
      !(value >= low && value <= high) || (whole && !Number.isInteger(value))
    ) {
      const kind = whole ? "a whole number" : "a number";
      throw new RangeError(
        `Cannot train QMIX with ${name} ${value}: expected ${kind} ${
          high === Infinity ? `from ${low}` : `from ${low} to ${high}`
        }`,
      );
    }
  }
  const names: [keyof QmixSettings, readonly string[]][] = [
    ["mixer", MIXERS],
    ["optimizer", QMIX_OPTIMIZERS],
  ];
  for (const [name, known] of names) {
    if (!known.includes(settings[name] as string)) {
      throw new RangeError(
        `Cannot train QMIX with ${name} "${settings[name]}": expected one of ${
          known.join(", ")
        }`,
      );
    }
  }
  if (settings.bufferSize < settings.batchSize) {
    throw new RangeError(
      `Cannot draw batches of ${settings.batchSize} episodes from a memory of ${settings.bufferSize}: expected a larger bufferSize`,
    );
  }
  return settings;
}

/**
 * Shape of the agents' networks.
 *
 * @param team Who acts.
 * @param settings Widths and options.
 */
export function utilityShape(team: Team, settings: QmixSettings): UtilityShape {
  const { shareParameters, netArch, hiddenSize, recurrent } = settings;
  return {
    numAgents: team.numAgents,
    shareParameters,
    inputs: inputSize(team, settings),
    netArch,
    hiddenSize,
    recurrent,
    outputs: team.entries * team.actions,
  };
}

/**
 * Shape of the mixer: every entry of every agent's action has a utility.
 *
 * @param team Who acts.
 * @param settings Widths and options.
 */
export function mixerShape(team: Team, settings: QmixSettings): MixerShape {
  const { mixer, mixingEmbedDim, hypernetEmbedDim } = settings;
  return {
    mixer,
    utilities: team.numAgents * team.entries,
    stateSize: team.stateSize,
    mixingEmbedDim,
    hypernetEmbedDim,
  };
}

/**
 * Share of random actions: falls linearly.
 *
 * @param settings Bounds and time.
 * @param timesteps Steps taken so far.
 */
export function epsilonAt(settings: QmixSettings, timesteps: number): number {
  const { epsilonStart, epsilonFinish, epsilonAnnealTime } = settings;
  const done = epsilonAnnealTime > 0
    ? Math.min(1, timesteps / epsilonAnnealTime)
    : 1;
  return epsilonStart + (epsilonFinish - epsilonStart) * done;
}

/**
 * The schedule's learning rate.
 *
 * @param settings Rate and schedule.
 * @param progress From 0 to 1.
 */
export function learningRateAt(
  settings: QmixSettings,
  progress: number,
): number {
  return scheduled(settings.learningRate, settings.learningRateSchedule, {
    progress,
  });
}
